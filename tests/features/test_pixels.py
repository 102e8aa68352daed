"""The pixels themselves."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from kmosaic._errors import InputError
from kmosaic.features import Pixels


def test_small_images_keep_their_pixels():
    images = np.random.default_rng(0).integers(0, 256, (4, 28, 28), dtype=np.uint8)
    expected = images.reshape(4, -1).astype(np.float32) / np.float32(255)
    assert_array_equal(Pixels().fit_transform(images), expected)


def test_color_is_kept_where_there_is_some(photos):
    assert Pixels().fit_transform(photos).shape[1] == 16 * 16 * 3
    assert Pixels(color="gray").fit_transform(photos).shape[1] == 16 * 16


def test_gray_in_three_channels_takes_one():
    images = np.repeat(np.arange(64, dtype=np.uint8).reshape(1, 8, 8, 1), 3, axis=3)
    assert Pixels().fit_transform(images).shape[1] == 64


def test_a_stated_size_is_taken(photos):
    assert Pixels(size=(4, 5), color="gray").fit_transform(photos).shape[1] == 20


def test_a_color_that_is_none_is_refused(photos):
    with pytest.raises(InputError, match="color must be"):
        Pixels(color="cmyk").fit(photos)
