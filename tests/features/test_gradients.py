"""Oriented gradients against scikit-image's."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from skimage.feature import hog

from kmosaic.features.gradients import cell_histograms, normalized_blocks

SHAPES = [
    ((28, 28), 4, 3, 9),
    ((33, 40), 5, 2, 9),  # cells of an odd side, and a rest that belongs to no cell
    ((30, 31), 3, 3, 7),
    ((28, 28), 4, 1, 8),  # 45 degrees lies right on a limit between two orientations
    ((32, 24), 8, 3, 12),  # and so do 45, 90 and 135
]


@pytest.mark.parametrize(("shape", "cell", "block", "orientations"), SHAPES)
def test_hard_votes_are_those_of_scikit_image(shape, cell, block, orientations):
    images = np.random.default_rng(1).integers(0, 256, (6, *shape), dtype=np.uint8)
    images[0, 5:20, 5:20] = 255  # upright edges, whose angles lie on limits
    images[1] = np.indices(shape).sum(axis=0) // 2  # a ramp of 45 degrees
    ours = normalized_blocks(cell_histograms(images, cell, orientations, soft=False), block)
    for image, row in zip(images, ours, strict=True):
        expected = hog(image.astype(float), orientations, (cell, cell), (block, block))
        assert_allclose(row, expected, atol=2e-6)


def test_soft_votes_of_edges_inside_add_up_to_the_hard_ones():
    images = np.full((3, 16, 16), 99, np.uint8)
    images[:, 4:12, 4:12] = np.random.default_rng(2).integers(0, 256, (3, 8, 8), dtype=np.uint8)
    soft, hard = (cell_histograms(images, 4, 9, soft=soft) for soft in (True, False))
    assert_allclose(soft.sum(axis=(1, 2, 3)), hard.sum(axis=(1, 2, 3)), rtol=1e-5)


def test_a_soft_vote_is_shared_by_the_nearest_cells():
    image = np.zeros((1, 16, 16), np.uint8)
    image[0, 8, 7] = 60  # all its edges lie between the middles of cells at 5.5 and 9.5
    found = cell_histograms(image, 4, 9, soft=True).sum(axis=3)[0]
    expected = np.zeros((4, 4), bool)
    expected[1:3, 1:3] = True
    assert_array_equal(found > 0, expected)
    assert np.unravel_index(found.argmax(), found.shape) == (2, 1)  # its pixel is in (2, 1)


def test_an_edge_moved_by_a_pixel_changes_soft_votes_less_than_hard_ones():
    images = np.zeros((2, 16, 16), np.uint8)
    images[0, 4:12, 7:] = images[1, 4:12, 8:] = 200  # the edge crosses from one cell to the next
    first, second = (
        np.abs(np.diff(cell_histograms(images, 4, 9, soft=soft), axis=0)).sum()
        for soft in (True, False)
    )
    assert first < 0.8 * second


@pytest.mark.parametrize(("shape", "cell", "block", "orientations"), SHAPES)
def test_histograms_do_not_depend_on_the_block_of_images(shape, cell, block, orientations):
    images = np.random.default_rng(3).integers(0, 256, (7, *shape), dtype=np.uint8)
    whole = cell_histograms(images, cell, orientations, soft=True)
    for size in (1, 3):
        parts = [images[at : at + size] for at in range(0, 7, size)]
        found = [cell_histograms(part, cell, orientations, soft=True) for part in parts]
        assert_array_equal(np.concatenate(found), whole)


def test_a_slightly_turned_edge_changes_soft_votes_a_little():
    y, x = np.mgrid[:16, :16]
    found = []
    for degrees in (19.9, 20.1):  # 20 degrees parts the first two orientations
        turn = np.deg2rad(degrees)
        image = np.rint(127 + 60 * np.sin((x * np.cos(turn) + y * np.sin(turn)) / 2))
        found.append(cell_histograms(image[None].astype(np.uint8), 16, 9, soft=True))
    assert np.abs(found[0] - found[1]).max() < 0.05 * found[0].max()


def test_an_image_without_edges_is_all_zero():
    flat = np.full((1, 12, 12), 77, np.uint8)
    assert not normalized_blocks(cell_histograms(flat, 4, 9, soft=True), 2).any()
