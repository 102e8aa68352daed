"""The bounds of one row, a center in each lane."""

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from kmosaic import _core
from kmosaic._engine import instruction_sets

EVERY_SIMD = pytest.mark.parametrize("simd", instruction_sets())
SHRINK = np.float32(1 - 2.0**-22)


@EVERY_SIMD
@pytest.mark.parametrize("k", [1, 7, 8, 9, 16, 17, 50, 128])
@pytest.mark.parametrize("share", [0.0, 0.1, 0.6, 1.0])
def test_the_failing_centers_are_found_in_their_order_but_for_the_own(simd, k, share):
    random = np.random.default_rng(k)
    width = -(-k // 16) * 16
    drifts = (random.random(width) / 8).astype(np.float32)
    fails = random.random(width) < share  # also of the lanes that are no centers
    bounds = np.where(fails, np.float32(0.25), np.float32(2))
    for skip in (-1, 0, k - 1):
        expected = [c for c in np.flatnonzero(fails[:k]) if c != skip]
        assert_array_equal(_core.failing_lanes(simd, bounds, drifts, 1.0, k, skip), expected)


@EVERY_SIMD
def test_a_bound_is_held_against_the_upper_one_with_the_last_bit(simd):
    bounds = np.random.default_rng(0).random(16).astype(np.float32)
    drifts = np.full(16, 0.125, np.float32)
    for c, lowered in enumerate(bounds * SHRINK - drifts):
        below = np.nextafter(lowered, np.float32(-np.inf))
        assert c in _core.failing_lanes(simd, bounds, drifts, lowered, 16, -1)
        assert c not in _core.failing_lanes(simd, bounds, drifts, below, 16, -1)
    everything = _core.failing_lanes(simd, np.full(16, np.nan, np.float32), drifts, 0.0, 16, 3)
    assert_array_equal(everything, [c for c in range(16) if c != 3])


@EVERY_SIMD
@pytest.mark.parametrize("count", [16, 48, 128])
def test_lengths_from_squares_have_the_same_bits_everywhere(simd, count):
    squared = (np.random.default_rng(count).standard_normal(count) ** 2).astype(np.float32)
    squared[:5] = [0, np.inf, np.nan, 1e-45, 3e38]
    for vanished, slop in ((0.0, 0.0), (1e-40, 0.3), (0.5, np.inf)):
        asked = (0.75, vanished, 1.5, slop)
        found = _core.lower_lanes(simd, squared, *asked)
        assert_array_equal(found, _core.lower_lanes("reference", squared, *asked))
        assert (found >= 0).all()
        assert (found <= 2.0**60).all()
