"""Dithering keeps mean colors and changes nothing that needs none."""

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from kmosaic import quantize

KINDS = ["floyd-steinberg", "ordered"]


@pytest.mark.parametrize("kind", KINDS)
def test_the_mean_of_gray_is_kept_with_black_and_white(kind):
    gray = np.full((64, 64), 90, np.uint8)
    found = quantize(gray, palette=["#000", "#fff"], dither=kind)
    assert abs(found.colors[found.indices].mean() - 90) < 6
    plain = quantize(gray, palette=["#000", "#fff"], space="rgb")
    assert plain.counts.tolist() == [4096, 0]


@pytest.mark.parametrize("kind", KINDS)
def test_no_strength_is_no_dithering(photo, kind):
    found = quantize(photo, 8, dither=kind, dither_strength=0)
    assert_array_equal(found.indices, quantize(photo, 8).indices)


@pytest.mark.parametrize("kind", KINDS)
def test_blurred_a_dithered_picture_is_nearer(photo, kind):
    def blurred(x):
        return x[:40, :56].reshape(5, 8, 7, 8, 3).mean(axis=(1, 3))

    plain, dithered = quantize(photo, 6), quantize(photo, 6, dither=kind)
    away = [
        np.abs(blurred(p.colors[p.indices].astype(float)) - blurred(photo.astype(float))).mean()
        for p in (plain, dithered)
    ]
    assert away[1] < away[0]
    assert (dithered.indices != plain.indices).any()


def test_errors_flow_as_floyd_and_steinberg_have_it():
    """Against plain loops, in black and white, where the two nearest are all there are."""
    values = np.random.default_rng(1).integers(0, 256, (9, 11)).astype(np.uint8)
    work = np.zeros((10, 13))
    work[:9, 1:12] = values
    expected = np.zeros((9, 11), int)
    for y in range(9):
        for x in range(11):
            wanted = min(max(work[y, x + 1], 0), 255)
            expected[y, x] = wanted > 127.5
            error = wanted - 255 * expected[y, x]
            for dy, dx, share in ((0, 1, 7), (1, -1, 3), (1, 0, 5), (1, 1, 1)):
                work[y + dy, x + 1 + dx] += error * share / 16
    found = quantize(values, palette=["#000", "#fff"], dither="floyd-steinberg", space="rgb")
    assert (found.indices == expected).mean() > 0.97


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_not_opaque_is_not_dithered(clear, kind):
    plain, dithered = quantize(clear, 8), quantize(clear, 8, dither=kind)
    same = clear[..., 3] < 255
    assert_array_equal(dithered.indices[same], plain.indices[same])
    assert (dithered.indices != plain.indices).any()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("n_colors", [1, 2])
def test_one_pixel_and_one_color_are_dithered(kind, n_colors):
    assert quantize(np.array([[9]], np.uint8), n_colors, dither=kind).counts.tolist() == [1]
