"""The kernels of whole numbers on each instruction set: exact, so any difference is an error."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from kmosaic import _core

SETS = _core.instruction_sets()
NUMBERS = {
    "bytes": (np.uint8, 255, _core.reach_bytes),
    "shorts": (np.int16, 4095, _core.reach_shorts),
}

pytestmark = pytest.mark.parametrize("simd", SETS)


def whole(shape, most, seed, dtype):
    """Random, with the smallest and the largest number more often than by chance."""
    random = np.random.default_rng(seed)
    found = random.integers(0, most + 1, size=shape)
    return np.where(random.random(shape) < 0.2, random.choice([0, most], size=shape), found).astype(
        dtype
    )


@pytest.mark.parametrize("kind", NUMBERS)
@pytest.mark.parametrize("count", range(1, 20))
@pytest.mark.parametrize("pairs", [1, 2, 3, 8, 31, 32])
def test_a_bit_says_that_a_product_is_above_the_limit(simd, kind, count, pairs):
    dtype, most, reach = NUMBERS[kind]
    n = _core.tile_rows(simd)
    rows = whole((n, 2 * pairs), most, 1, dtype)
    others = whole((count, 2 * pairs), most, 2, np.int16)
    half_norms = ((others.astype(np.int64) ** 2).sum(axis=1) // 2).astype(np.int32)
    values = others.astype(np.int64) @ rows.T.astype(np.int64) - half_norms[:, None]
    limits = values[np.random.default_rng(3).integers(0, count, n), np.arange(n)].astype(np.int32)
    limits[::3] -= 1  # just above it, and at it
    tile = np.ascontiguousarray(rows.reshape(n, pairs, 2).transpose(1, 0, 2)).reshape(pairs, 2 * n)
    masks = reach(simd, tile, others, half_norms, limits)
    above = (values > limits).astype(np.uint64)
    assert_array_equal(masks, (above << np.arange(n, dtype=np.uint64)).sum(axis=1, dtype=np.uint64))


@pytest.mark.parametrize("d", [1, 2, 15, 16, 17, 31, 32, 33, 64, 784, 40_000, 70_001])
def test_bytes_are_as_far_apart_as_they_are(simd, d):
    x, y = whole(d, 255, 4, np.uint8), whole(d, 255, 5, np.uint8)
    assert _core.byte_distance(simd, x, y) == ((x.astype(np.int64) - y) ** 2).sum()
    black, white = np.zeros(d, np.uint8), np.full(d, 255, np.uint8)
    assert _core.byte_distance(simd, black, white) == d * 255**2


@pytest.mark.parametrize("k", [1, 2, 5, 6, 10, 11, 16])
@pytest.mark.parametrize("n", [1, 2, 3, 5, 63, 64])
@pytest.mark.parametrize("d", [1, 15, 16, 17, 31, 33, 64, 300, 784, 2_049, 10_000])
def test_scores_of_rows_of_bytes_have_the_error_of_few_additions(simd, d, n, k):
    rows, centers = whole((n, d), 255, 9, np.uint8), whole((k, d), 255 * 32, 10, np.int16)
    rows[0], centers[0] = 255, 255 * 32
    half_norms = ((centers.astype(np.int64) ** 2).sum(axis=1) / 64).astype(np.float32)
    scores, squared_norms = _core.few_bytes(simd, rows, centers, half_norms)
    products = rows.astype(np.int64) @ centers.T.astype(np.int64)
    error = (d // 2048 + 10) * 2.0**-24  # few_bytes_error() of kernels.hpp
    truth = half_norms.astype(float) - products
    assert (np.abs(scores[:, :k] - truth) <= error * (half_norms.max() + products)).all()
    assert np.isposinf(scores[:, k:]).all()
    assert_allclose(squared_norms, (rows.astype(np.int64) ** 2).sum(axis=1), rtol=error)


@pytest.mark.parametrize("count", range(1, 11))
@pytest.mark.parametrize("d", [1, 2, 7, 8, 16, 31, 33, 64, 127, 128, 129, 160, 300, 784, 5_000])
def test_distances_of_bytes_to_centers_have_the_error_of_float32_sums(simd, d, count):
    x, centers = whole(d, 255, 6, np.uint8), whole((7, d), 255 * 32, 7, np.int16)
    which = np.random.default_rng(8).integers(0, 7, count).astype(np.int32)
    gaps = x.astype(np.int64) * 32 - centers.astype(np.int64)
    truth = (gaps**2).sum(axis=1)[which]
    error = (d / 4 + 14) * 2.0**-24  # quick_error() of kernels.hpp
    assert_allclose(_core.center_distances(simd, x, centers, which), truth, rtol=error)
    black, white = np.zeros(d, np.uint8), np.full((1, d), 255 * 32, np.int16)
    farthest = _core.center_distances(simd, black, white, np.zeros(1, np.int32))
    assert_allclose(farthest, d * (255.0 * 32) ** 2, rtol=error)
