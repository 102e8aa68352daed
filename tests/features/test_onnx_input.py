"""Images as the input of a neural network."""

from __future__ import annotations

import numpy as np
from numpy.testing import assert_allclose, assert_array_equal

from kmosaic.features.onnx_input import middle, prepared


def test_mean_and_std_are_one_for_each_channel():
    image = np.full((2, 2, 3), (51, 102, 255), np.uint8)
    out = prepared([image], (2, 2), "stretch", "rgb", 1 / 255, (0.2, 0.4, 0.0), (1.0, 0.5, 2.0))
    assert_allclose(out[0, 0, 0], [0, 0, 0.5], atol=1e-6)


def test_gray_has_one_channel():
    out = prepared([np.zeros((4, 4, 3), np.uint8)], (2, 3), "stretch", "gray", 1, 0.0, 1.0)
    assert out.shape == (1, 2, 3, 1)


def test_the_crop_is_the_middle_in_the_right_proportions():
    image = np.arange(30, dtype=np.uint8).reshape(3, 10)
    assert_array_equal(middle(image, (3, 3)), image[:, 3:6])
    assert middle(image, (1, 2)).shape == (3, 6)
    assert middle(image, (5, 1)).shape == (3, 1)
