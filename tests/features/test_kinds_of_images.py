"""Written signs, or pictures."""

from __future__ import annotations

import numpy as np
import PIL.Image
import pytest
from PIL import ImageDraw, ImageFont

from kmosaic.data import bundled_digits, open_images
from kmosaic.features.canvas import in_gray
from kmosaic.features.kinds_of_images import judge
from kmosaic.features.look import look


def letters(side: int, *, dark: bool, grain: int) -> list[np.ndarray]:
    """Capital letters, drawn with Pillow's own font."""
    random = np.random.default_rng(side)
    images = []
    for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ":
        picture = PIL.Image.new("L", (side, side), 0)
        font = ImageFont.load_default(side * 0.8)
        ImageDraw.Draw(picture).text((side * 0.2, 0), letter, font=font, fill=230)
        pixels = np.asarray(picture) + random.normal(0, grain, (side, side))
        pixels = np.clip(pixels, 0, 255).astype(np.uint8)
        images.append(255 - pixels if dark else pixels)
    return images


@pytest.mark.parametrize("side", [16, 28, 64, 105])
@pytest.mark.parametrize("dark", [True, False])
@pytest.mark.parametrize("grain", [0, 8])
def test_letters_are_signs_at_any_size_and_either_way_round(side, dark, grain):
    assert judge(letters(side, dark=dark, grain=grain)).are_signs


def test_letters_of_mixed_sizes_are_signs():
    assert judge(letters(20, dark=False, grain=0) + letters(50, dark=True, grain=0)).are_signs


def test_scanned_digits_are_signs():
    assert judge(look(bundled_digits())).are_signs


def test_handwritten_digits_are_signs(shared_data):
    assert judge(look(open_images(shared_data / "mnist"))).are_signs


@pytest.mark.parametrize("name", ["photos", "kodak"])
def test_photographs_are_no_signs_in_color_or_in_gray(shared_data, name):
    images = look(open_images(shared_data / name))
    assert not judge(images).are_signs
    assert not judge([in_gray(image) for image in images]).are_signs


def filled(side: int = 28) -> list[np.ndarray]:
    y, x = np.indices((side, side)) - side / 2
    return [(np.hypot(y, x * stretch) < side * 0.4).astype(np.uint8) * 200 for stretch in (1, 1.3)]


NO_SIGNS = {
    "filled shapes": filled,
    "noise": lambda: list(np.random.default_rng(0).integers(0, 256, (9, 28, 28), dtype=np.uint8)),
    "nothing at all": lambda: [np.full((28, 28), level, np.uint8) for level in range(9)],
    "one pixel": lambda: [np.full((1, 1), level, np.uint8) for level in range(9)],
    "signs in color": lambda: [
        np.stack([image, image // 2, image // 4], axis=2)
        for image in letters(28, dark=False, grain=0)
    ],
    "whole pages": lambda: letters(600, dark=True, grain=0),
}


@pytest.mark.parametrize("kind", NO_SIGNS)
def test_other_images_are_no_signs(kind):
    assert not judge(NO_SIGNS[kind]()).are_signs
