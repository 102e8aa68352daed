"""Palettes are written and read back; files without colors are told."""

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from kmosaic import quantize
from kmosaic._errors import InputError
from kmosaic.palette.color_files import KINDS, written
from kmosaic.palette.color_names import colors_given
from kmosaic.palette.spaces import with_alpha

COLORS = np.array([[0, 0, 0], [255, 0, 16], [1, 2, 3]], np.uint8)
CLEAR = np.array([[0, 0, 0, 0], [255, 0, 16, 255]], np.uint8)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_file_reads_back(kind, tmp_path):
    path = tmp_path / f"colors{KINDS[kind].suffix}"
    path.write_bytes(written(COLORS, kind))
    assert_array_equal(colors_given(path, "palette"), with_alpha(COLORS))
    assert_array_equal(colors_given(str(path), "palette"), with_alpha(COLORS))


@pytest.mark.parametrize("kind", ["hex", "json", "act", "css"])
def test_what_is_invisible_reads_back(kind, tmp_path):
    path = tmp_path / f"colors{KINDS[kind].suffix}"
    path.write_bytes(written(CLEAR, kind))
    assert_array_equal(colors_given(path, "palette"), CLEAR)


def test_an_indexed_picture_is_a_palette(photo, tmp_path):
    found = quantize(photo, 16)
    found.save(tmp_path / "a.png")
    assert {tuple(c) for c in colors_given(tmp_path / "a.png", "palette")[:, :3].tolist()} == {
        tuple(c) for c in found.colors.tolist()
    }
    assert_array_equal(colors_given(found, "palette"), with_alpha(found.colors))


def test_plain_lines_of_six_digits_are_colors(tmp_path):
    (tmp_path / "lospec.hex").write_text("ff0000\n00ff00\n")
    assert len(colors_given(tmp_path / "lospec.hex", "palette")) == 2


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.hex", b"", "no colors"),
        ("a.hex", b"\xff\xfe\x00", "no palette"),
        ("a.json", b"{", "no JSON"),
        ("a.json", b"3", "no list"),
        ("a.json", b'["no"]', "no color"),
        ("a.act", b"123", "3 bytes"),
        ("a.gpl", b"GIMP Palette\n300 0 0\n", "no color"),
        ("a.png", b"text", "not a PNG"),
    ],
)
def test_a_file_without_colors_is_told(tmp_path, name, data, words):
    (tmp_path / name).write_bytes(data)
    with pytest.raises(InputError, match=words):
        colors_given(tmp_path / name, "palette")


def test_a_picture_without_a_palette_is_told(picture, tmp_path):
    picture.save(tmp_path / "a.png")
    with pytest.raises(InputError, match="has no palette"):
        colors_given(tmp_path / "a.png", "palette")


def test_an_unknown_kind_is_told():
    with pytest.raises(InputError, match="'gpl'"):
        written(COLORS, "ase")
