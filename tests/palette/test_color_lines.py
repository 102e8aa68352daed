"""Every line of a palette file is a color, or is told with its number and what to write instead."""

import pytest

from kmosaic._errors import InputError
from kmosaic.palette.color_files import colors_in

RED, GREEN, WHITE = (255, 0, 0, 255), (0, 255, 0, 255), (255, 255, 255, 255)
CSS = ":root {\n  --a: #f00;\n"


def read(tmp_path, name, text):
    (tmp_path / name).write_bytes(text.encode())
    return colors_in(tmp_path / name)


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("a.hex", "#f00\nhello\n#0f0\n", "line 2: 'hello' is no color: write '#rrggbb'"),
        ("a.txt", "ff0000\r\n\r\n00ff0\r\n", "line 3: '00ff0' is no color"),
        ("a.hex", "#f00\n\n#00ff0\n", "line 3: '#00ff0' is no color"),
        ("a.hex", "#f00 #12345g", "line 1: '#12345g' is no color"),
        ("a.hex", "ffff0000", "line 1: 'ffff0000' is no color"),  # opacity first, or last?
        ("a.hex", "#f00\n" + 99 * "x", r"x\.\.\.' is no color"),
        ("a.gpl", "GIMP Palette\n#\n255 0 0\nred\n", "line 4: 'red' is no color: write red, green"),
        ("a.gpl", "GIMP Palette\n255 0\n", "line 2: '255 0' is no color"),
        ("a.gpl", "GIMP Palette\n0 0 256 blue\n", "line 2: '0 0 256 blue' is no color"),
        ("a.gpl", "GIMP Palette\n0 0 -1\n", "line 2: '0 0 -1' is no color"),
        ("a.gpl", "255 0 0\n", "line 1: a GIMP palette begins with 'GIMP Palette'"),
        ("a.css", CSS + "  --b: #ff00zz;\n}", "line 3: '--b: #ff00zz' is no color"),
        (
            "a.css",
            CSS + "\n  --b: oklch(6% 0 20);\n}",
            "line 4: .* a color that cannot be read",
        ),
        ("a.css", CSS + "a: rgb(var(--a))}", "line 3: .* has a color that cannot be read"),
        ("a.css", CSS + "/* two\nlines */ hello;\n}", "line 4: 'hello' is no color"),
        ("a.css", CSS + "  --b: #00ff0", "line 3: '--b: #00ff0' is no color"),
        ("a.css", CSS + "  --b: #00ff00;", "is cut off"),
        ("a.json", '["#f00", "#00ff0"]', "color 2 of 2: '#00ff0' is no color: give '#rrggbb'"),
        ("a.json", '{"colors": [{"hex": "#f00"}, {}]}', "color 2 of 2: None is no color"),
        ("a.json", '["#f00",\n "#0f0"', r"no JSON: .*line 2"),
    ],
)
def test_a_line_that_is_no_color_is_told_with_its_number(tmp_path, name, text, told):
    with pytest.raises(InputError, match=told) as error:
        read(tmp_path, name, text)
    assert str(tmp_path / name) in str(error.value)


def test_a_table_of_photoshop_with_more_colors_than_it_can_hold_is_told(tmp_path):
    (tmp_path / "a.act").write_bytes(bytes(768) + b"\x01\x01\xff\xff")
    with pytest.raises(InputError, match="257 colors, and 256 are the most"):
        colors_in(tmp_path / "a.act")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.hex", "; mine\r\n#ff0000 ; red\r\n\r\n# green\r\n00FF00 // green\r\n"),
        ("a.hex", "\ufeff#f00, #0f0"),
        ("a.gpl", "GIMP Palette\nName: ten 10\nColumns: 2\n#\n255 0 0 red\n  0 255   0\tgreen\n\n"),
        ("other.txt", "GIMP Palette\n255 0 0\n0 255 0\n"),
        ("a.gpl", "GIMP Palette\nChannels: RGBA\n255 0 0 255 red\n0 255 0 255\n"),
        ("a.css", "/* #00f */ .a { color: #f00; width: 2px } // b\n.b { color: lime }"),
        ("a.css", "a { background: linear-gradient(0deg, #ff0000ff, #00ff00ff); }"),
        ("a.scss", "$red: #f00;\n$green: rgb(0, 255, 0);\n"),
        ("a.scss", "$all: (blue: red, tan: '#00f', b: hsl(120deg 100% 50%)) !default;"),
        (
            "a.css",
            "@charset 'x'; @import url(a;b); a { --w: 10px; font: Tan; --x: red; @include b }"
            "a { border: 1px solid rgba(0,300,0,1); background: url(data:x;y,#00f) }",
        ),
        ("a.json", '{"colors": [{"rgba": [255, 0, 0, 255]}, {"hex": "#0f0"}]}'),
    ],
)
def test_comments_heads_and_what_is_about_no_color_are_passed_over(tmp_path, name, text):
    assert read(tmp_path, name, text) == [RED, GREEN]


def test_names_of_links_in_a_style_sheet_are_no_comments(tmp_path):
    assert read(tmp_path, "b.css", "a { b: rgba(1,2,3,.5) rgb(9 9 9 / 20%) }") == [
        (1, 2, 3, 128),
        (9, 9, 9, 51),
    ]
    assert read(tmp_path, "a.css", "a { src: url(http://b.c); color: #fff }") == [WHITE]
