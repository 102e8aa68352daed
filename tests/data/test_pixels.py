from __future__ import annotations

import numpy as np
import PIL.Image
import pytest

from kmosaic.data.pixels import factor_for, flat, smaller, stretched, to_bytes


def pixel(mode: str, color: object) -> object:
    picture = PIL.Image.new(mode, (2, 2), color)  # type: ignore[arg-type]
    return flat(picture).getpixel((0, 0))


@pytest.mark.parametrize(
    ("mode", "color", "expected"),
    [
        ("1", 1, 255),
        ("L", 77, 77),
        ("LA", (0, 0), 255),
        ("LA", (40, 255), 40),
        ("RGB", (1, 2, 3), (1, 2, 3)),
        ("RGBA", (1, 2, 3, 255), (1, 2, 3)),
        ("RGBA", (1, 2, 3, 0), (255, 255, 255)),
        ("RGBA", (0, 0, 0, 51), (204, 204, 204)),
        ("CMYK", (0, 0, 0, 255), (0, 0, 0)),
        ("CMYK", (0, 0, 0, 0), (255, 255, 255)),
        ("YCbCr", (255, 128, 128), (255, 255, 255)),
        ("HSV", (0, 0, 128), (128, 128, 128)),
        ("I;16", 65535, 255),
        ("I;16", 257 * 9, 9),
        ("I", 200, 200),
        ("I", 65535, 255),
        ("F", 0.5, 128),
        ("F", 200.4, 200),
    ],
)
def test_every_mode_becomes_gray_or_color_of_8_bits(
    mode: str, color: object, expected: object
) -> None:
    assert pixel(mode, color) == expected


@pytest.mark.parametrize("mode", ["1", "L", "LA", "I;16", "I", "F"])
def test_gray_stays_gray(mode: str) -> None:
    assert flat(PIL.Image.new(mode, (3, 2))).mode == "L"


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "CMYK", "YCbCr", "LAB", "HSV"])
def test_color_stays_color(mode: str) -> None:
    assert flat(PIL.Image.new(mode, (3, 2))).mode == "RGB"


def test_a_palette_of_grays_is_gray_and_one_with_a_color_is_not() -> None:
    palette = PIL.Image.new("P", (1, 1), 1)
    palette.putpalette([0, 0, 0, 90, 90, 90])
    assert (flat(palette).mode, flat(palette).getpixel((0, 0))) == ("L", 90)
    palette.putpalette([0, 0, 0, 90, 0, 0])
    assert flat(palette).getpixel((0, 0)) == (90, 0, 0)


@pytest.mark.parametrize("transparent", [1, bytes([255, 0])])
def test_a_transparent_palette_entry_lies_over_white(transparent: object) -> None:
    palette = PIL.Image.new("P", (1, 1), 1)
    palette.putpalette([0, 0, 0, 90, 0, 0])
    palette.info["transparency"] = transparent
    assert flat(palette).getpixel((0, 0)) == (255, 255, 255)


def test_a_transparent_gray_lies_over_white() -> None:
    gray = PIL.Image.new("L", (1, 1), 7)
    gray.info["transparency"] = 7
    assert flat(gray).getpixel((0, 0)) == 255


def test_an_unusual_range_is_stretched_from_lowest_to_highest() -> None:
    assert stretched(np.array([[-10, 0, 10]], np.int32)).tolist() == [[0, 128, 255]]
    assert stretched(np.full((1, 2), -3.0)).tolist() == [[0, 0]]
    assert stretched(np.array([[0, 1e9]])).tolist() == [[0, 255]]


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_a_picture_with_nan_or_infinity_has_no_pixels(bad: float) -> None:
    with pytest.raises(ValueError, match="NaN or infinity"):
        stretched(np.array([[0.0, bad]]))


def test_the_usual_ranges_have_fixed_factors() -> None:
    assert [factor_for(0, high) for high in (0, 1, 1.5, 255, 256, 65535)] == pytest.approx(
        [255, 255, 1, 1, 1 / 257, 1 / 257]
    )
    assert factor_for(-0.1, 1) is None
    assert factor_for(0, 70000) is None
    assert factor_for(0, float("nan")) is None


def test_bytes_that_stay_are_not_copied() -> None:
    pixels = np.zeros((2, 2), np.uint8)
    assert to_bytes(pixels, 1.0) is pixels


def test_a_picture_is_reduced_only_by_whole_factors_and_never_below_the_side() -> None:
    picture = PIL.Image.new("L", (640, 480))
    assert smaller(picture, 100).size == (160, 120)
    assert smaller(picture, 300) is picture
    assert smaller(picture, None) is picture
