"""Written signs made comparable."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from kmosaic.features.glyphs import ink, moments, on_paper, straightened


def slant_of(papers: np.ndarray) -> np.ndarray:
    return moments(papers.astype(np.float32)).slant.ravel()


def test_dark_on_light_is_light_on_dark(signs):
    for image in signs:
        assert_array_equal(ink(image), ink(255 - image))


def test_straightened_signs_lean_to_no_side(signs):
    papers = np.stack(signs)
    assert np.abs(slant_of(papers)).max() > 0.4
    assert np.abs(slant_of(straightened(papers))).max() < 0.08


def test_the_center_of_mass_comes_to_the_middle(signs):
    moved = straightened(np.stack([np.roll(image, (2, -3), (0, 1)) for image in signs]))
    shape = moments(moved.astype(np.float32))
    assert np.abs(shape.center_y - 13.5).max() < 0.2
    assert np.abs(shape.center_x - 13.5).max() < 0.2


def test_a_moved_sign_becomes_the_same(signs):
    papers = np.stack(signs)
    moved = np.roll(papers, (2, 3), (1, 2))
    gap = straightened(papers).astype(int) - straightened(moved)
    assert np.abs(gap).max() <= 1


def test_an_upright_sign_in_the_middle_stays():
    paper = np.zeros((1, 29, 29), np.uint8)
    paper[0, 6:23, 13:16] = 200
    assert_array_equal(straightened(paper), paper)


@pytest.mark.parametrize("level", [0, 255])
def test_an_empty_paper_stays_empty(level):
    paper = on_paper(np.full((28, 28), level, np.uint8), (28, 28))
    assert not straightened(paper[None]).any()


def test_a_flat_stroke_is_not_torn_apart():
    paper = np.zeros((1, 28, 28), np.uint8)
    paper[0, 14, 4:24] = 255
    paper[0, 13, 20:24] = 255
    out = straightened(paper)
    assert (out[0] > 60).any(axis=1).sum() <= 3


def test_signs_keep_their_proportions():
    image = np.zeros((40, 20), np.uint8)
    image[5:35, 8:12] = 255
    paper = on_paper(image, (28, 28))
    rows, columns = (paper > 127).any(axis=1).sum(), (paper > 127).any(axis=0).sum()
    assert abs(rows - 21) <= 1
    assert abs(columns - 3) <= 1


def test_paper_grain_does_not_move_the_center():
    random = np.random.default_rng(0)
    paper = random.integers(0, 20, (1, 28, 28)).astype(np.uint8)
    paper[0, 4:10, 4:8] = 255
    shape = moments(paper.astype(np.float32))
    assert (float(shape.center_y.item()), float(shape.center_x.item())) == (6.5, 5.5)


def test_signs_of_one_size_spread_alike_and_keep_half_their_proportions(signs):
    shape = moments(straightened(np.stack(signs), same_size=True).astype(np.float32))
    assert np.abs(np.maximum(shape.height, shape.width) - 5).max() < 0.5
    stroke = np.zeros((1, 28, 28), np.uint8)
    stroke[0, 6:22, 13:15] = 255
    before, after = (
        moments(s.astype(np.float32)) for s in (stroke, straightened(stroke, same_size=True))
    )
    narrow, wider = (float((one.width / one.height).item()) for one in (before, after))
    assert narrow < wider < 1


def test_a_sign_drawn_half_as_large_becomes_nearly_the_same():
    large, small = np.zeros((2, 1, 32, 32), np.uint8)
    large[0, 6:26, 8:12] = large[0, 22:26, 8:24] = 255
    small[0, 11:21, 12:14] = small[0, 19:21, 12:20] = 255
    first, second = (straightened(one, same_size=True).astype(int) for one in (large, small))
    assert np.abs(first - second).mean() < 8


@pytest.mark.parametrize("same_size", [False, True])
def test_a_single_dot_stays_a_dot(same_size):
    paper = np.zeros((1, 28, 28), np.uint8)
    paper[0, 3, 20] = 255
    out = straightened(paper, same_size=same_size)[0]
    assert 0 < (out > 60).sum() < 150
