"""Standing: errors and utilities are those of slow plain sums, in any order of the rows."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy.sparse import csr_array

from kmosaic._engine import Data
from kmosaic._sparse import data_of
from kmosaic.kmeans.standing import Ground, Standing

RANDOM = np.random.default_rng(0)
X = RANDOM.normal(size=(200, 3))
CENTERS = X[:7]


def all_squared(rows):
    return ((rows[:, None, :] - CENTERS) ** 2).sum(axis=2)


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("held", [np.asarray, csr_array])
def test_errors_and_utilities_are_plain_sums(held, weighted):
    weights = RANDOM.integers(0, 4, len(X)).astype(float) if weighted else np.ones(len(X))
    standing = Standing(Ground(data_of(held(X), weights)), CENTERS)
    squared = all_squared(X)
    for center in range(len(CENTERS)):
        mine = squared.argmin(axis=1) == center
        error = (weights * squared.min(axis=1))[mine].sum()
        without = np.delete(squared, center, axis=1).min(axis=1)
        rise = (weights * (without - squared.min(axis=1))).sum()
        assert_allclose(standing.errors[center], error, rtol=1e-6, atol=1e-6)
        assert_allclose(standing.utilities[center], rise, rtol=1e-6, atol=1e-6)
        assert standing.weights[center] == weights[mine].sum()


def test_neither_order_nor_copies_in_place_of_weights_change_a_bit():
    weights = RANDOM.integers(0, 4, len(X))
    order = RANDOM.permutation(len(X))
    repeated = np.repeat(X, weights, axis=0)
    grounds = [
        Data(X, weights.astype(float)),
        Data(np.ascontiguousarray(X[order]), weights[order].astype(float)),
        Data(repeated),
    ]
    uniforms = RANDOM.random(50)
    first, *others = (Standing(Ground(data), CENTERS) for data in grounds)
    for other in others:
        assert_array_equal(first.errors, other.errors)
        assert_array_equal(first.utilities, other.utilities)
        drawn = [each.ground.draw(each.squared, uniforms) for each in (first, other)]
        assert_array_equal(*drawn)


def test_rows_are_drawn_by_weight_times_value():
    rows = np.arange(4.0)[:, None]
    ground = Ground(Data(rows, np.array([1.0, 1.0, 0.0, 2.0])))
    values = np.array([1.0, 0.0, 9.0, 3.0])
    each = [ground.draw(values, np.array([uniform])).item() for uniform in RANDOM.random(2000)]
    share = np.bincount(np.array(each, dtype=int), minlength=4) / 2000
    assert_allclose(share, [1 / 7, 0, 0, 6 / 7], atol=0.04)


def test_the_heirs_of_a_center_are_those_that_its_rows_would_go_to():
    rows = np.array([[0.0], [1.0], [1.0], [5.0]])
    standing = Standing(Ground(Data(rows)), np.array([[0.0], [1.0], [5.0]]))
    assert standing.heirs(1).tolist() == [0]
    assert standing.heirs(2).tolist() == [1]
