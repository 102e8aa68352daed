"""The page of compressed images: facts in it, nothing from elsewhere, names escaped."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape

import pytest

from kmosaic import quantize
from kmosaic.data.items import Skipped
from kmosaic.report.compressed import Shown, kept_words, page, size

GRAY = [[n] * 8 for n in range(0, 240, 30)]


def shown(name: str = "a", *, pictures: bool = True) -> Shown:
    import numpy as np

    found = quantize(np.array(GRAY, np.uint8), 4)
    both = (b"webp", found.to_bytes("png")) if pictures else None
    return Shown(
        name, 1000, 250, (8, 8), found.mse, found.psnr, found.delta_e, found.hex,
        tuple(found.counts.tolist()), ("A note.",), "", both,
    )  # fmt: skip


def test_the_numbers_and_colors_are_on_the_page() -> None:
    one = shown()
    text = page([one], {"n_colors": 4, "space": "rgb"}, ["a.png"])
    for words in ("75% smaller", "250 bytes", "A note.", "--colors 4 --space rgb", *one.colors):
        assert words in text


def test_the_page_shows_all_settings_and_how_to_do_it_again() -> None:
    settings = {
        "n_colors": 4, "quality": None, "space": "oklab", "dither": "ordered",
        "dither_strength": 1.0, "keep_colors": ["#fff"], "skip_if_larger": True, "seed": 0,
    }  # fmt: skip
    text = page([shown()], settings, ["a b.png"])
    rows = dict(re.findall(r'<th scope="row">(\w+)</th><td>(.*?)</td>', text))
    assert rows == {
        "n_colors": "4", "space": "oklab", "dither": "ordered", "dither_strength": "1.0",
        "keep_colors": "#fff", "skip_if_larger": "yes", "seed": "0",
    }  # fmt: skip
    command = unescape(re.findall(r'id="code-command">(.*?)</code>', text)[0])
    assert command == (
        "kmosaic compress 'a b.png' --colors 4 --dither ordered --seed 0 --keep-color '#fff'"
    )
    code = unescape(re.findall(r'id="code-python">(.*?)</code>', text, re.DOTALL)[0])
    assert "keep_colors=['#fff']" in code
    compile(code, "page", "exec")


def test_a_file_that_is_kept_is_shown_as_it_was() -> None:
    kept = replace(shown("b"), after=1000, kept=kept_words(6100, 16, 2.0, 3.9))
    text = page([shown(), kept], {}, ["a.png"])
    assert "<b>1 kB</b> · kept as it was, because 16 colors (ΔE 3.90) would take 6.1 kB." in text
    assert "2 images in few colors: 2 kB became 1.25 kB. 1 of them is kept as it was." in text
    assert text.count('c-slider" type') == text.count('<svg class="c-strip') == 1
    alone = page([kept], {}, ["b.png"])
    assert "1 image, kept as it was: in few colors it would be no smaller." in alone
    assert ".c000000" not in alone


def test_of_an_animation_the_page_says_what_it_shows() -> None:
    text = page([replace(shown(), frames=30)], {}, ["a.gif"])
    assert "Shown is the first of its 30 frames; the numbers are of all." in text


def test_what_was_left_out_is_on_the_page() -> None:
    text = page([shown()], {}, ["a.png"], [Skipped("b.png", "b.png is cut off")])
    assert "1 file left out" in text
    assert "b.png is cut off" in text


def test_the_page_loads_nothing_and_escapes_names() -> None:
    text = page([shown("<script>x</script>")], {}, ["<script>x</script>"])
    assert "<script>x" not in text
    assert not re.search(r'(?:src|href)="(?!data:|#)', text)
    assert "style=" not in text


def test_an_image_without_pictures_is_numbers_only() -> None:
    assert "Not shown" in page([shown(pictures=False)], {}, [])


@pytest.mark.parametrize(
    ("count", "words"), [(1, "1 bytes"), (999_499, "999 kB"), (999_600, "1 MB")]
)
def test_sizes_are_short(count: int, words: str) -> None:
    assert size(count) == words
