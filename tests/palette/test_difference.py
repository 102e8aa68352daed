"""Differences are those of plain sums, and of the published pairs of CIEDE2000."""

import numpy as np
import pytest
from skimage.color import deltaE_ciede2000, rgb2lab

from kmosaic import quantize
from kmosaic.palette.difference import ciede2000, pairs, pairs_of
from kmosaic.palette.lab import lab, srgb


def test_ciede2000_is_that_of_scikit_image():
    random = np.random.default_rng(0)
    one, other = random.uniform([0, -90, -90], [100, 90, 90], (2, 500, 3))
    one[:5, 1:] = 0
    np.testing.assert_allclose(ciede2000(one, other), deltaE_ciede2000(one, other), atol=1e-9)


def test_lab_is_that_of_scikit_image_and_comes_back():
    colors = np.random.default_rng(0).integers(0, 256, (300, 3)).astype(np.uint8)
    np.testing.assert_allclose(lab(colors), rgb2lab(colors / 255.0), atol=2e-2)
    np.testing.assert_allclose(srgb(lab(colors)), colors, atol=1e-6)


@pytest.mark.parametrize("dither", ["none", "floyd-steinberg"])
def test_errors_are_those_of_the_pixels(photo, dither):
    found = quantize(photo, 8, dither=dither)
    shown = found.colors[found.indices]
    plain = np.square(shown.astype(float) - photo).mean()
    assert found.mse == pytest.approx(plain)
    assert found.psnr == pytest.approx(10 * np.log10(255**2 / plain))
    expected = ciede2000(lab(shown.reshape(-1, 3)), lab(photo.reshape(-1, 3))).mean()
    assert found.delta_e == pytest.approx(expected)


def test_with_opacity_both_backgrounds_count(clear):
    found = quantize(clear, 8)
    total = 0.0
    for ground in (0, 255):
        one, other = (
            x[..., 3:] / 255 * x[..., :3] + (1 - x[..., 3:] / 255) * ground
            for x in (found.colors[found.indices], clear)
        )
        total += np.square(one - other).mean() / 2
    assert found.mse == pytest.approx(total)


def test_pairs_by_color_are_those_by_pixel(photo):
    found = quantize(photo, 8)
    one = pairs(found.original, found.indices, found.colors)
    other = pairs_of(found.original, found.entries, found.colors)
    for a, b in zip(one, other, strict=True):
        np.testing.assert_array_equal(a, b)
