"""Centers come where there is error, and go where they are missed least."""

import numpy as np
from numpy.testing import assert_array_equal

from kmosaic._engine import Data
from kmosaic.kmeans.breathing import draw, merge, split
from kmosaic.kmeans.standing import Ground, Standing

RANDOM = np.random.default_rng(0)
X = RANDOM.normal(size=(300, 2)) * 0.1 + RANDOM.integers(0, 5, (300, 1)) * 10.0
CENTERS = np.array([[0.0, 0.0], [0.1, 0.1], [10.0, 10.0], [35.0, 35.0]])


def standing(centers=CENTERS, rows=X):
    return Standing(Ground(Data(rows)), centers)


def inertia(centers, rows=X):
    return ((rows[:, None, :] - centers) ** 2).sum(axis=2).min(axis=1).sum()


def test_a_split_puts_a_center_beside_the_one_with_the_most_error():
    more = split(standing(), 1, np.random.RandomState(0))
    assert_array_equal(more[:4], CENTERS)
    assert np.abs(more[4] - CENTERS[2]).max() < 3  # it has the group at 20 as well


def test_drawn_centers_are_rows_that_no_center_is_at():
    more = draw(standing(), 3, np.random.RandomState(0))
    assert_array_equal(more[:4], CENTERS)
    assert all((row == X).all(axis=1).any() for row in more[4:])


def test_of_two_neighbors_only_one_goes():
    centers = np.array([[0.0, 0.0], [0.1, 0.1], [10.0, 10.0], [10.1, 10.1], [40.0, 40.0]])
    left = merge(standing(centers), 3)
    assert len(left) == 3
    assert (left[:, 0] < 5).sum() == 1
    assert (np.abs(left[:, 0] - 10) < 5).sum() == 1


def test_the_one_that_goes_is_missed_least_of_all():
    for seed in range(20):
        rows = np.random.RandomState(seed).normal(size=(100, 2))
        centers = rows[:8]
        rises = [inertia(np.delete(centers, gone, axis=0), rows) for gone in range(8)]
        expected = np.delete(centers, np.argmin(rises), axis=0)
        assert_array_equal(merge(standing(centers, rows), 7), expected)


def test_where_all_are_neighbors_enough_go_nevertheless():
    assert merge(standing(CENTERS[:2]), 1).shape == (1, 2)
    assert merge(standing(), 1).shape == (1, 2)
