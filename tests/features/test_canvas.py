"""Images of any size and mode on one canvas."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from kmosaic._errors import InputError
from kmosaic.features.canvas import check_size, choose_size, fitted, is_gray, stack


def gray(height: int, width: int, level: int = 0) -> np.ndarray:
    return np.full((height, width), level, np.uint8)


def test_small_images_of_one_size_keep_it():
    assert choose_size(None, [gray(8, 6), gray(8, 6)], otherwise=32) == (8, 6)


def test_large_images_and_mixed_sizes_take_the_common_size():
    assert choose_size(None, [gray(80, 80)], otherwise=32) == (32, 32)
    assert choose_size(None, [gray(8, 6), gray(6, 8)], otherwise=32) == (32, 32)


def test_a_size_that_was_asked_for_is_taken():
    assert choose_size(20, [gray(8, 6)], otherwise=32) == (20, 20)
    assert choose_size((20, 10), [gray(8, 6)], otherwise=32) == (20, 10)


@pytest.mark.parametrize("size", [0, -3, (2, 3, 4), (5,), "ab", (2.5, 3), 10_000, 0.5])
def test_a_size_that_is_none_is_refused(size):
    with pytest.raises(InputError, match="size must be"):
        check_size(size)


def test_an_image_of_the_right_size_is_not_touched():
    image = np.random.default_rng(0).integers(0, 256, (9, 9), dtype=np.uint8)
    assert_array_equal(fitted(image, (9, 9), gray=True), image)


def test_gray_and_color_share_a_canvas():
    images = [gray(3, 5, 100), np.full((7, 2, 3), 100, np.uint8)]
    assert_array_equal(stack(images, (4, 4), gray=True), np.full((2, 4, 4), 100))
    assert_array_equal(stack(images, (4, 4), gray=False), np.full((2, 4, 4, 3), 100))


def test_a_smaller_canvas_averages():
    checkered = np.indices((64, 64)).sum(axis=0) % 2 * 255
    small = fitted(checkered.astype(np.uint8), (4, 4), gray=True)
    assert np.abs(small[1:3, 1:3].astype(int) - 127).max() < 10


def test_three_channels_that_agree_are_gray():
    image = np.repeat(gray(4, 4, 90)[:, :, None], 3, axis=2)
    assert is_gray(image)
    image[0, 0, 2] = 95
    assert not is_gray(image)
    assert is_gray(image, tolerance=5)
