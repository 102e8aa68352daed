"""The kernels of all pairs on each instruction set: exact, so any difference is an error."""

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from kmosaic import _core

ROWS, OTHERS, LANES = _core.pair_rows, _core.pair_others, _core.pair_lanes
WIDTHS = [1, 2, 3, 16, 31, 32, 33, 64, 100, 784]
COUNTS = [4, 8, 64]

pytestmark = pytest.mark.parametrize("simd", _core.instruction_sets())


def in_panels(others):
    """(count, length) as (panels, length, others of a panel)."""
    length = others.shape[1]
    return np.ascontiguousarray(others.reshape(-1, OTHERS, length).transpose(0, 2, 1))


def sides(count, d, make):
    return make((ROWS, d)), make((count, d))


def whole(most, seed=0):
    random = np.random.default_rng(seed)
    return lambda shape: random.integers(-most, most + 1, shape).astype(np.float64)


@pytest.mark.parametrize("count", COUNTS)
@pytest.mark.parametrize("d", WIDTHS)
def test_products_of_whole_numbers_are_exact(simd, d, count):
    x, y = sides(count, d, whole(2**21))
    found = _core.pair_products(simd, np.ascontiguousarray(x.T), in_panels(y))
    exact = y.astype(np.int64) @ x.astype(np.int64).T  # below 2^52
    assert_array_equal(found, exact.astype(np.float64))


@pytest.mark.parametrize("d", [33, 64, 100, 784])
def test_chunks_of_columns_are_added_up_in_order(simd, d):
    x, y = sides(8, d, whole(2**23))
    x *= 2.0 ** np.arange(-40, -40 + ROWS)[:, np.newaxis]  # each row has a grid of its own
    y[:, : d // 2] *= 8.0
    truth = _core.pair_products("reference", np.ascontiguousarray(x.T), in_panels(y))
    assert_array_equal(_core.pair_products(simd, np.ascontiguousarray(x.T), in_panels(y)), truth)
    np.testing.assert_allclose(truth, y @ x.T, rtol=0, atol=1e-9 * np.abs(truth).max())


@pytest.mark.parametrize("count", COUNTS)
@pytest.mark.parametrize("d", WIDTHS)
def test_squared_differences_are_added_up_column_by_column(simd, d, count):
    x, y = sides(count, d, np.random.default_rng(1).standard_normal)
    y[0] = x[0]
    truth = np.zeros((count, ROWS))
    for j in range(d):
        truth += (x[:, j] - y[:, j, np.newaxis]) ** 2
    assert_array_equal(_core.pair_differences(simd, np.ascontiguousarray(x.T), in_panels(y)), truth)


@pytest.mark.parametrize("count", COUNTS)
@pytest.mark.parametrize("most", [1, 255, 1_000])
@pytest.mark.parametrize("pairs", [1, 2, 3, 16, 33, 392])
def test_products_of_16_bits_are_exact(simd, pairs, most, count):
    x, y = sides(count, 2 * pairs, whole(most))
    x[0], y[0] = most, most
    x[1], y[1] = -most, most

    def words(rows):
        return np.ascontiguousarray(rows.astype(np.int16)).view(np.int32)

    found = _core.pair_products_int16(simd, np.ascontiguousarray(words(x).T), in_panels(words(y)))
    assert_array_equal(found, y @ x.T)


def test_products_of_16_bits_reach_the_end_of_32(simd):
    x = np.zeros((ROWS, 4), np.int16)
    y = np.zeros((OTHERS, 4), np.int16)
    x[:, :2], y[:, :2] = 32767, 32767
    x[:, 2], y[:, 2] = 255, 255
    y[1] *= -1
    found = _core.pair_products_int16(
        simd, np.ascontiguousarray(x.view(np.int32).T), in_panels(y.view(np.int32))
    )
    assert_array_equal(found, y.astype(np.float64) @ x.T.astype(np.float64))


def test_squares_that_are_not_above_both_limits_are_open(simd):
    random = np.random.default_rng(2)
    products = random.normal(size=(12, ROWS))
    norms, other_norms = random.random(ROWS) * 2, random.random(12) * 2
    limits, other_limits = random.random(ROWS), random.random(12)
    products[3, 5] = np.nan
    squared = (norms + other_norms[:, np.newaxis]) - 2 * products
    limits[7] = squared[4, 7] - other_limits[4]  # about at the limit, where a bit decides
    sure = squared > limits + other_limits[:, np.newaxis]
    found, is_open = _core.pair_squares(simd, products, norms, limits, other_norms, other_limits)
    assert is_open
    assert not sure.all()
    assert_array_equal(found, np.where(sure, squared, -1))
    none = np.full(ROWS, -np.inf)
    products[3, 5] = 0
    assert not _core.pair_squares(simd, products, norms, none, other_norms, other_limits)[1]


@pytest.mark.parametrize("columns", [False, True])
@pytest.mark.parametrize("count", [0, 1, 2, 7, 64])
def test_roots_are_added_up_in_order(simd, count, columns):
    random = np.random.default_rng(3)
    squared = random.random((count, ROWS)) * 10.0 ** random.integers(-9, 9, (count, ROWS))
    squared[random.random(squared.shape) < 0.1] = 0
    start = random.random(ROWS)
    roots = np.sqrt(squared)
    rows, lanes = start.copy(), np.zeros((count, LANES))
    for c in range(count):
        rows += roots[c]
        for first in range(0, ROWS, LANES):
            lanes[c] += roots[c, first : first + LANES]
    found = _core.add_roots(simd, squared, start, columns)
    assert_array_equal(found[0], roots)
    assert_array_equal(found[1], rows)
    assert_array_equal(found[2], lanes if columns else np.zeros_like(lanes))
