"""The kernels for few centers and single rows on each instruction set against their slow truth."""

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from kmosaic import _core

SETS = [name for name in _core.instruction_sets() if name != "reference"]
WIDTHS = [1, 2, 3, 4, 7, 8, 15, 16, 17, 31, 33, 64, 127, 128, 129, 300, 784]
LANES = 16
UNIT = 2.0**-24

with_each_dtype = pytest.mark.parametrize("dtype", [np.float32, np.float64, np.uint8])
with_offsets = pytest.mark.parametrize("offset", [0, 1e4])
pytestmark = pytest.mark.parametrize("simd", SETS)


def real(dtype):
    """What rows of this type are shifted in."""
    return np.float64 if dtype == np.float64 else np.float32


def rows(n, d, dtype, offset=0, seed=0):
    generator = np.random.default_rng([seed, n, d])
    if dtype == np.uint8:
        return generator.integers(0, 256, size=(n, d)).astype(np.uint8)
    spread = 10.0 ** generator.integers(-2, 3, size=d)
    return (generator.normal(size=(n, d)) * spread + offset).astype(dtype)


def middle(X, dtype):
    return X.mean(axis=0, dtype=float).astype(real(dtype))


def check_few(simd, X, shift, scale, exact_centers):
    """The contract of few(): errors of scores below screen_error(), infinity beyond k."""
    k, d = exact_centers.shape
    lengths = np.linalg.norm(exact_centers, axis=1)
    scores, squared_norms = _core.few(
        simd,
        X,
        shift,
        scale,
        exact_centers.astype(np.float32),
        (lengths**2 / 2).astype(np.float32),
    )
    exact_rows = (X.astype(float) - shift.astype(float)) * scale
    norms = np.linalg.norm(exact_rows, axis=1)
    truth = lengths**2 / 2 - exact_rows @ exact_centers.T
    error = _core.screen_error(d) * (lengths**2 / 2 + norms[:, None] * lengths)
    assert (np.abs(scores[:, :k] - truth) <= error).all()
    assert np.isposinf(scores[:, k:]).all()
    np.testing.assert_allclose(squared_norms, norms**2, rtol=(d + 8) * 2 * UNIT)


@with_each_dtype
@with_offsets
@pytest.mark.parametrize("d", WIDTHS)
@pytest.mark.parametrize("k", [1, 2, 3, 5, 10, 16])
def test_scores_of_a_few_centers_stay_within_their_proven_error(simd, dtype, d, k, offset):
    X = rows(7, d, dtype, offset)
    shift = middle(X, dtype)
    centers = (rows(k, d, dtype, offset, seed=1).astype(float) - shift) * 2.0**-6
    check_few(simd, X, shift, 2.0**-6, centers)


@with_each_dtype
@pytest.mark.parametrize("k", range(1, LANES + 1))
@pytest.mark.parametrize("n", [*range(1, 9), 63, 64])
def test_any_number_of_rows_and_centers_will_do(simd, dtype, k, n):
    X = rows(n, 37, dtype)
    check_few(simd, X, middle(X, dtype), 2.0**-6, rows(k, 37, np.float64, seed=1))


@with_each_dtype
@pytest.mark.parametrize("d", [511, 512, 513, 1025, 2048, 2049, 5000])
@pytest.mark.parametrize("k", [3, 10])
def test_long_rows_stay_within_their_proven_error_too(simd, dtype, d, k):
    X = rows(4, d, dtype)
    shift = middle(X, dtype)
    check_few(simd, X, shift, 1.0, rows(k, d, dtype, seed=1).astype(float) - shift)


def test_one_sign_throughout_is_the_hardest_case_and_within_the_error_all_the_same(simd):
    for d in (100, 784, 4096):
        X = np.full((3, d), 1 / 3, np.float32)
        check_few(simd, X, np.zeros(d, np.float32), 1.0, np.full((5, d), 0.7))


@with_each_dtype
def test_whole_numbers_of_few_centers_have_the_same_bits_everywhere(simd, dtype):
    generator = np.random.default_rng(0)
    for k in range(1, LANES + 1):
        X = generator.integers(0, 5, size=(9, 77)).astype(dtype)
        centers = generator.integers(-4, 5, size=(k, 77)).astype(np.float32)
        shift = generator.integers(0, 5, size=77).astype(real(dtype))
        arguments = (X, shift, 0.5, centers, np.arange(k, dtype=np.float32))
        for ours, truth in zip(
            _core.few(simd, *arguments), _core.few("reference", *arguments), strict=True
        ):
            assert_array_equal(ours, truth)


@pytest.mark.parametrize("n", [*range(1, 10), 63, 64])
def test_the_best_of_a_few_are_found_as_in_the_slow_truth(simd, n):
    generator = np.random.default_rng(n)
    for most in (1, 3, 1000):  # many ties, some, nearly none
        scores = generator.integers(-most, most + 1, size=(n, LANES)).astype(np.float32)
        for k in (1, 2, 9, LANES):
            scores[:, k:] = np.inf
            best, second, index = _core.best_of_few(simd, scores)
            assert_array_equal(best, scores.min(axis=1))
            assert_array_equal(index, scores.argmin(axis=1))
            assert_array_equal(second, np.sort(scores, axis=1)[:, 1])
            truth = _core.best_of_few("reference", scores)
            for ours, true in zip((best, second, index), truth, strict=True):
                assert_array_equal(ours, true)


def test_scores_that_are_not_numbers_are_never_the_best(simd):
    scores = np.full((5, LANES), np.nan, np.float32)
    scores[1, 3], scores[2, [4, 9]], scores[3, [0, 15]] = 1, 2, [7, 6]
    scores[4] = np.inf
    for ours, true in zip(
        _core.best_of_few(simd, scores), _core.best_of_few("reference", scores), strict=True
    ):
        assert_array_equal(ours, true)


@with_each_dtype
@with_offsets
@pytest.mark.parametrize("d", [*WIDTHS, 2049])
def test_quick_distances_stay_within_their_proven_error(simd, dtype, d, offset):
    x = rows(1, d, dtype, offset)[0]
    centers = rows(9, d, dtype, offset, seed=1).astype(real(dtype))
    centers[3] = x
    centers[5] = np.nextafter(x.astype(real(dtype)), real(dtype)(np.inf))
    truth = ((x.astype(float) - centers.astype(float)) ** 2).sum(axis=1)
    for count in range(10):
        which = np.arange(count, dtype=np.int32)[::-1].copy()
        squared = _core.quick_distances(simd, x, centers, which)
        error = _core.quick_error(d) * truth + d * 2.0**-149
        assert (np.abs(squared - truth[which]) <= error[which]).all()


@with_each_dtype
def test_the_same_center_may_be_asked_about_again(simd, dtype):
    x, centers = rows(1, 21, dtype)[0], rows(2, 21, dtype, seed=1).astype(real(dtype))
    squared = _core.quick_distances(simd, x, centers, np.array([1, 1, 0, 1, 0, 1], np.int32))
    truth = _core.quick_distances(simd, x, centers, np.array([0, 1], np.int32))
    expected = truth[[1, 1, 0, 1, 0, 1]]
    np.testing.assert_allclose(squared, expected, rtol=2 * _core.quick_error(21))


@with_each_dtype
@with_offsets
@pytest.mark.parametrize("d", WIDTHS)
def test_a_levelled_row_is_the_slow_truths_row(simd, dtype, d, offset):
    X = rows(3, d, dtype, offset)
    shift = middle(X, dtype)
    for x in X:
        out, squared_norm = _core.level(simd, x, shift, 0.25)
        truth, norm = _core.level("reference", x, shift, 0.25)
        assert_array_equal(out, truth)
        assert_array_equal(out, ((x.astype(real(dtype)) - shift) * real(dtype)(0.25)).astype("f4"))
        assert squared_norm == pytest.approx(norm, rel=(d + 8) * 2 * UNIT)
