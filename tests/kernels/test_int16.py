"""The kernels of 16-bit numbers on each instruction set against plain integers."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from kmosaic import _core

SETS = _core.instruction_sets()  # the reference as well: numpy's integers are the truth of all
WIDTHS = [1, 2, 3, 7, 8, 15, 16, 17, 31, 32, 33, 63, 64, 65, 127, 300, 784]
COUNTS = [1, 2, 3, 4, 5, 6, 7, 9, 12, 13, 16, 17, 23, 40, 100]
LANES = 16
MOST = 32767

pytestmark = pytest.mark.parametrize("simd", SETS)


def padded(rows):
    return np.pad(rows, ((0, 0), (0, rows.shape[1] % 2)))


def rounded(values):
    return np.clip(np.rint(values.astype(np.float32)), -MOST, MOST).astype(np.int64)


def tile_of(simd, rows, centers, half_norms, *, shift=0.0, scale=1.0, inverse=1.0, of_centers=1.0):
    shift = np.full(rows.shape[1], shift, np.float64 if rows.dtype == np.float64 else np.float32)
    return _core.int16_tile(
        simd,
        rows,
        shift,
        scale,
        float(inverse),
        centers,
        of_centers,
        half_norms.astype(np.int32),
        1.0,
    )


def whole(shape, most, seed=0, dtype=np.float32):
    return np.random.default_rng(seed).integers(-most, most + 1, size=shape).astype(dtype)


@pytest.mark.parametrize("d", WIDTHS)
@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.uint8])
def test_rows_are_rounded_to_the_nearest_whole_number(simd, d, dtype):
    n = _core.int16_rows(simd)
    rows = (np.random.default_rng(d).random((n, d)) * 250).astype(dtype)
    inverse = np.float32(37.3)
    numbers, norms, *_ = tile_of(
        simd, rows, whole((3, d), 5), np.zeros(3), shift=100.0, scale=0.5, inverse=inverse
    )
    moved = ((rows.astype(np.float64) - 100.0) * 0.5).astype(np.float32)
    assert_array_equal(numbers, padded(rounded(moved * inverse)))
    assert_allclose(norms, (numbers.astype(float) ** 2).sum(axis=1), rtol=(d + 8) * 2.0**-23)


def test_numbers_beyond_16_bits_are_the_largest_and_their_rows_too_long(simd):
    rows = np.array([[1e9, -1e9, 5.0], [32767.4, -32767.4, 0.0], [-32768.0] * 3], np.float32)
    numbers, norms, *_ = tile_of(simd, rows, np.ones((1, 3), np.float32), np.zeros(1))
    assert_array_equal(numbers[:, :3], np.clip(rows, -MOST, MOST).astype(int))
    assert (norms >= 32700.0**2).all()


@pytest.mark.parametrize("d", WIDTHS)
@pytest.mark.parametrize("k", COUNTS)
def test_best_second_and_index_are_those_of_integer_scores_but_for_four_bits(simd, d, k):
    n = _core.int16_rows(simd)
    most = max(1, int(2.0**14 / d**0.5))
    rows, centers = whole((n, d), most), whole((k, d), most, seed=1)
    half_norms = whole(k, 2**28, seed=2, dtype=np.int64)
    _, _, best, second, index = tile_of(simd, rows, centers, half_norms)
    scores = half_norms - rows.astype(np.int64) @ centers.astype(np.int64).T
    assert np.abs(scores).max() < 2**31
    ordered = np.sort(np.column_stack([scores, np.full(n, 2**31 - 1)]), axis=1)
    unsharp = 16 + 2.0**-23 * np.abs(ordered[:, :2])  # the marks, and the conversion to float32
    assert (np.abs(best - ordered[:, 0]) <= unsharp[:, 0]).all()
    assert (np.abs(second - ordered[:, 1]) <= unsharp[:, 1]).all()
    assert (scores[np.arange(n), index] - ordered[:, 0] < 16).all()


@pytest.mark.parametrize("k", [1, 4, 5, 6, 11, 12, 13, 29])
def test_equal_scores_name_a_center_that_has_one(simd, k):
    n, d = _core.int16_rows(simd), 20
    rows = whole((n, d), 100)
    centers = np.repeat(whole((1, d), 100, seed=1), k, axis=0)
    *_, best, second, index = tile_of(simd, rows, centers, np.zeros(k))
    assert ((index >= 0) & (index < k)).all()
    if k > 1:
        assert (np.abs(second - best) <= 16 + 2.0**-23 * np.abs(best)).all()


@pytest.mark.parametrize("n", [1, 2, 7])
def test_a_tile_need_not_be_full(simd, n):
    rows, centers = whole((n, 33), 50), whole((9, 33), 50, seed=1)
    numbers, norms, *found = tile_of(simd, rows, centers, np.zeros(9))
    assert_array_equal(numbers, padded(rows))
    truth = tile_of("reference", rows, centers, np.zeros(9))
    assert_array_equal(norms, truth[1])
    assert (np.abs(found[0] - truth[2]) <= 16).all()


@pytest.mark.parametrize("d", WIDTHS)
def test_one_row_is_rounded_as_tiles_are(simd, d):
    x = (np.random.default_rng(d).normal(size=d) * 3).astype(np.float32)
    inverse = np.float32(8191.7)
    assert_array_equal(
        _core.round_row(simd, x, float(inverse)), padded(rounded(x * inverse)[None])[0]
    )


@pytest.mark.parametrize("d", [1, 2, 3, 16, 33, 128, 784])
@pytest.mark.parametrize("count", range(1, 25))
def test_sifting_is_integer_arithmetic(simd, d, count):
    most = max(1, int(2.0**14 / d**0.5))
    rows, group = whole((count, d), most), whole((LANES, d), most, seed=1)
    packed = lambda some: np.ascontiguousarray(padded(some).astype(np.int16)).view(np.int32)  # noqa: E731
    half_norms = whole(LANES, 1000, seed=2)
    half_norms[13:] = np.inf  # a group that is not full
    units = np.float32(2.0) ** -np.random.default_rng(3).integers(5, 9, size=count).astype(
        np.float32
    )
    scores = half_norms - units[:, None] * (rows.astype(np.int64) @ group.astype(np.int64).T)
    limits = np.median(scores[:, :13], axis=1).astype(np.float32) - 0.5
    skip = np.arange(-2, count - 2, dtype=np.int32)
    masks, rest = _core.sift_int16(
        simd, packed(rows), np.ascontiguousarray(packed(group).T), half_norms, units, limits, skip
    )
    asked = np.arange(LANES) != skip[:, None]
    unsharp = 2.0**-21 * (np.abs(scores) + 1000)
    sure = asked & ~(np.abs(scores - limits[:, None]) <= unsharp)
    kept = (masks[:, None] >> np.arange(LANES) & 1).astype(bool)
    assert not kept[~asked].any()
    assert_array_equal(kept[sure], (scores <= limits[:, None])[sure])
    others = np.where(asked & ~kept, scores, np.inf).min(axis=1)
    assert_allclose(rest, others, rtol=2.0**-20, atol=2.0**-20 * 1000)
