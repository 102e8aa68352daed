"""Each kernel on each instruction set against its slow truth."""

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from kmosaic import _core

SETS = [name for name in _core.instruction_sets() if name != "reference"]
DTYPES = [np.float32, np.float64]
WIDTHS = [1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 33, 64, 127, 129, 300, 784]

pytestmark = [pytest.mark.parametrize("simd", SETS), pytest.mark.parametrize("dtype", DTYPES)]


def rows(n, d, dtype, seed=0):
    generator = np.random.default_rng(seed)
    return (generator.normal(size=(n, d)) * 10.0 ** generator.integers(-3, 4, size=d)).astype(dtype)


@pytest.mark.parametrize("d", WIDTHS)
def test_squared_distances_have_the_same_bits_everywhere(simd, dtype, d):
    x, c = rows(2, d, dtype)
    truth = _core.squared_distance("reference", x, c.astype(float))
    assert _core.squared_distance(simd, x, c.astype(float)) == truth
    assert truth == pytest.approx(((x.astype(float) - c.astype(float)) ** 2).sum(), rel=1e-13)


@pytest.mark.parametrize("d", WIDTHS)
@pytest.mark.parametrize("sign", [1, -1])
def test_sums_on_the_grid_are_the_same_integers_everywhere(simd, dtype, d, sign):
    x, shift = rows(2, d, dtype)
    grid = 2.0 ** (50 - np.ceil(np.log2(np.abs(x.astype(float) - shift) + 1e-9)))
    truth = _core.accumulate("reference", x, shift, grid, sign)
    assert_array_equal(_core.accumulate(simd, x, shift, grid, sign), truth)
    assert_array_equal(truth, sign * np.rint((x.astype(float) - shift) * grid).astype(np.int64))


@pytest.mark.parametrize("d", WIDTHS)
def test_the_range_is_that_of_the_columns(simd, dtype, d):
    X = rows(9, d, dtype)
    finite, low, high = _core.value_range(simd, X)
    assert finite
    assert_array_equal(low, X.min(axis=0))
    assert_array_equal(high, X.max(axis=0))


@pytest.mark.parametrize("d", [1, 5, 16, 33])
@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_one_bad_number_anywhere_is_found(simd, dtype, d, bad):
    for column in range(d):
        X = rows(3, d, dtype)
        X[1, column] = bad
        assert not _core.value_range(simd, X)[0]


@pytest.mark.parametrize("d", WIDTHS)
@pytest.mark.parametrize("k", [1, 2, 3, 4, 5, 6, 9, 10, 23])
def test_scores_stay_within_their_proven_error(simd, dtype, d, k):
    n = _core.tile_rows(simd)
    X, C = rows(n, d, dtype), rows(k, d, np.float32, seed=1) / 1000
    shift, scale = X.mean(axis=0).astype(dtype), 2.0**-12
    half_norms = ((C.astype(float) ** 2).sum(axis=1) / 2).astype(np.float32)
    scores, squared_norms, best, second, index = _core.screen_tile(
        simd, X, shift, scale, C, half_norms
    )
    exact_rows = (X.astype(float) - shift.astype(float)) * scale
    truth = (C.astype(float) ** 2).sum(axis=1)[:, None] / 2 - C.astype(float) @ exact_rows.T
    norms = np.linalg.norm(exact_rows, axis=1)
    sizes = np.linalg.norm(C.astype(float), axis=1)[:, None]
    bound = _core.screen_error(d) * (sizes**2 / 2 + sizes * norms)
    assert (np.abs(scores - truth) <= bound).all()
    np.testing.assert_allclose(squared_norms, norms**2, rtol=(d + 8) * 2.0**-23)
    # Of few columns the last bits of a score may hold the number of its center.
    ordered = np.sort(np.vstack([scores, np.full(n, np.inf)]), axis=0)
    marked = 2.0**-19 if d <= 32 else 0.0
    np.testing.assert_allclose(best, ordered[0], rtol=marked)
    np.testing.assert_allclose(second, ordered[1], rtol=marked)
    np.testing.assert_allclose(scores[index, np.arange(n)], ordered[0], rtol=2 * marked)
    assert (np.abs(best - truth[index, np.arange(n)]) <= bound.max(axis=0)).all()


@pytest.mark.parametrize("n", [1, 2, 5])
def test_a_tile_need_not_be_full(simd, dtype, n):
    X, C = rows(n, 20, dtype), rows(4, 20, np.float32, seed=1)
    half_norms = ((C.astype(float) ** 2).sum(axis=1) / 2).astype(np.float32)
    shift = np.zeros(20, dtype)
    scores = _core.screen_tile(simd, X, shift, 1.0, C, half_norms)[0]
    truth = _core.screen_tile("reference", X, shift, 1.0, C, half_norms)[0]
    np.testing.assert_allclose(scores, truth, rtol=1e-4, atol=1e-3 * np.abs(truth).max())
