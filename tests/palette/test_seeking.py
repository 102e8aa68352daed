"""Centers are sought by what is to be small; many colors and many pixels take a shorter way."""

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from kmosaic import quantize
from kmosaic._engine import Data
from kmosaic._errors import InputError
from kmosaic.palette import centers, counting, entries
from kmosaic.palette.counting import count
from kmosaic.palette.seeking import seek


def test_few_centers_are_placed_as_well_as_the_best_of_many_starts():
    rows = np.random.default_rng(0).normal(size=(600, 3)) ** 3
    data = Data(rows)
    starts = [data.plus_plus(12, np.random.RandomState(seed)) for seed in range(20)]
    best = min(data.fit(rows[start]).inertia for start in starts)
    found = data.fit(seek(data, 12, True, np.random.RandomState(0))).inertia
    assert found <= 1.01 * best


def test_a_mean_of_distances_is_less_where_that_is_asked_for():
    dense = np.random.default_rng(0).normal(0, 1, (3000, 2))
    far = np.random.default_rng(1).normal(0, 60, (30, 2))
    rows = np.concatenate([dense, far])
    data = Data(rows)

    def both(squares):
        squared = data.nearest(seek(data, 24, squares, np.random.RandomState(0)))[1]
        return squared.mean(), np.sqrt(squared).mean()

    assert both(True)[0] < both(False)[0]
    assert both(False)[1] < both(True)[1]


@pytest.mark.parametrize("n_colors", [2, 33, 200])
def test_many_colors_come_near_what_all_of_them_give(photo, monkeypatch, n_colors):
    large = np.concatenate([photo, photo[:, ::-1] // 2, 255 - photo])
    whole = quantize(large, n_colors, space="rgb")
    monkeypatch.setattr(centers, "_MANY", 500)
    monkeypatch.setattr(centers, "_FINE", 2000)
    monkeypatch.setattr(entries, "_MANY", 500)
    found = quantize(large, n_colors, space="rgb")
    assert len(found.colors) == n_colors
    assert found.mse < 1.1 * whole.mse


@pytest.mark.parametrize("columns", [3, 4])
def test_parts_of_a_picture_are_counted_as_the_whole(clear, monkeypatch, columns):
    pixels = np.ascontiguousarray(clear[..., :columns]) // 16 * 16
    whole = count(pixels)
    monkeypatch.setattr(counting, "_TOGETHER", 100)
    found = count(pixels)
    assert_array_equal(found.keys, whole.keys)
    assert_array_equal(found.counts, whole.counts)
    assert found.counts.dtype == whole.counts.dtype
    values = np.arange(len(found.keys)).astype(np.uint8)
    assert_array_equal(found.painted(values), whole.painted(values))


def test_one_color_cannot_be_both_visible_and_not(clear):
    with pytest.raises(InputError, match="ask for more colors"):
        quantize(clear, 1)
    assert len(quantize(clear, 2).colors) == 2
