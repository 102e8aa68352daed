"""The kernels of the bounded algorithms on each instruction set against their slow truth."""

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from kmosaic import _core

SETS = [name for name in _core.instruction_sets() if name != "reference"]
WIDTHS = [1, 2, 3, 4, 7, 8, 15, 16, 17, 127, 128, 129, 300, 784]
COUNTS = range(1, 25)
LANES = 16

pytestmark = pytest.mark.parametrize("simd", SETS)


def integers(shape, seed, most=4):
    """Small integers: their sums and products have no rounding errors, in any order."""
    return np.random.default_rng(seed).integers(-most, most + 1, size=shape).astype(np.float32)


def exact_scores(rows, group, half_norms):
    return half_norms.astype(float) - rows.astype(float) @ group.astype(float)


@pytest.mark.parametrize("count", COUNTS)
@pytest.mark.parametrize("d", [1, 3, 4, 16, 129])
def test_sifting_whole_numbers_leaves_no_room_for_doubt(simd, d, count):
    rows, group = integers((count, d), seed=1), integers((d, LANES), seed=2)
    half_norms = integers(LANES, seed=3)
    half_norms[13:] = np.inf  # a group that is not full
    limits = integers(count, seed=4, most=2 + d // 4)
    skip = np.arange(-2, count - 2, dtype=np.int32)  # also lanes that are not there
    masks, rest = _core.sift(simd, rows, group, half_norms, limits, skip)
    scores = exact_scores(rows, group, half_norms)
    asked = np.arange(LANES) != skip[:, None]
    below = asked & (scores <= limits[:, None])
    assert_array_equal(masks, (below << np.arange(LANES)).sum(axis=1))
    assert_array_equal(rest, np.where(asked & ~below, scores, np.inf).min(axis=1))
    truth = _core.sift("reference", rows, group, half_norms, limits, skip)
    assert_array_equal(masks, truth[0])
    assert_array_equal(rest, truth[1])


@pytest.mark.parametrize("count", [1, 2, 3, 5, 24])
@pytest.mark.parametrize("d", WIDTHS)
@pytest.mark.parametrize("offset", [0, 1e4])
def test_sifted_scores_stay_within_their_proven_error(simd, d, count, offset):
    generator = np.random.default_rng(d)
    rows = (generator.normal(size=(count, d)) + offset).astype(np.float32)
    group = (generator.normal(size=(d, LANES)) + offset).astype(np.float32)
    lengths = np.linalg.norm(group.astype(float), axis=0)
    half_norms = (lengths**2 / 2).astype(np.float32)
    truth = exact_scores(rows, group, lengths**2 / 2)
    norms = np.linalg.norm(rows.astype(float), axis=1)
    error = _core.screen_error(d) * (lengths**2 / 2 + norms[:, None] * lengths)
    limits = np.median(truth, axis=1).astype(np.float32)
    skip = generator.integers(0, LANES, size=count).astype(np.int32)
    masks, rest = _core.sift(simd, rows, group, half_norms, limits, skip)
    kept = (masks[:, None] >> np.arange(LANES) & 1).astype(bool)
    asked = np.arange(LANES) != skip[:, None]
    assert not kept[~asked].any()
    assert (kept | ~asked | (truth > limits[:, None] - error)).all()
    assert not (kept & (truth > limits[:, None] + error)).any()
    others = asked & ~kept
    assert (rest > limits).all()
    low, high = np.where(others, [truth - error, truth + error], np.inf).min(axis=2)
    assert ((low <= rest) & (rest <= high)).all()


def test_every_score_of_a_sifted_group_stays_within_its_error(simd):
    d, generator = 300, np.random.default_rng(0)
    rows = generator.normal(size=(LANES, d)).astype(np.float32)
    group = generator.normal(size=(d, LANES)).astype(np.float32)
    lengths = np.linalg.norm(group.astype(float), axis=0)
    truth = exact_scores(rows, group, lengths**2 / 2)
    norms = np.linalg.norm(rows.astype(float), axis=1)
    error = _core.screen_error(d) * (lengths**2 / 2 + norms[:, None] * lengths)
    for lane in range(LANES):  # all others are infinitely far, so `rest` is the score of this lane
        half_norms = np.full(LANES, np.inf, np.float32)
        half_norms[lane] = lengths[lane] ** 2 / 2
        limits, skip = np.full(LANES, -1e30, np.float32), np.full(LANES, -1, np.int32)
        masks, rest = _core.sift(simd, rows, group, half_norms, limits, skip)
        assert not masks.any()
        assert (np.abs(rest - truth[:, lane]) <= error[:, lane]).all()


def test_a_score_that_is_not_a_number_is_kept(simd):
    rows, group = np.ones((3, 2), np.float32), np.ones((2, LANES), np.float32)
    group[0, 5] = np.nan
    limits, skip = np.full(3, -100, np.float32), np.array([-1, 5, 6], np.int32)
    masks, rest = _core.sift(simd, rows, group, np.zeros(LANES, np.float32), limits, skip)
    assert_array_equal(masks, [1 << 5, 0, 1 << 5])
    assert_array_equal(rest, [-2, -2, -2])


@pytest.mark.parametrize("groups", [1, 2, 7])
@pytest.mark.parametrize("count", [0, 1, 3, 4, 15, 16, 17, 63, 64, 65, 129, 255, 300])
def test_the_least_bounds_have_the_same_bits_everywhere(simd, groups, count):
    generator = np.random.default_rng(count)
    bounds = generator.normal(size=(groups, 300)).astype(np.float32)
    bounds[generator.random(size=bounds.shape) < 0.1] = np.inf
    bounds[generator.random(size=bounds.shape) < 0.1] = -np.inf
    drifts = generator.random(size=groups).astype(np.float32)
    lowered = bounds * np.float32(1 - 2.0**-22) - drifts[:, None]
    low = _core.least_bounds(simd, bounds, drifts, count)
    assert_array_equal(low, lowered.min(axis=0)[:count])
    assert_array_equal(low, _core.least_bounds("reference", bounds, drifts, count))


@pytest.mark.parametrize("count", [0, 1, 3, 4, 15, 16, 17, 63, 64, 65, 129, 300])
@pytest.mark.parametrize("share", [0, 0.05, 0.5, 1])
def test_the_failing_bounds_are_found_in_their_order(simd, count, share):
    generator = np.random.default_rng(count)
    bounds, drift = generator.random(size=count).astype(np.float32), np.float32(0.125)
    lowered = bounds * np.float32(1 - 2.0**-22) - drift
    fails = generator.random(size=count) < share
    upper = np.where(fails, lowered, np.nextafter(lowered, np.float32(-np.inf)))
    found = _core.failing(
        simd,
        bounds,
        drift,
        upper,
    )
    assert_array_equal(found, np.flatnonzero(fails))
    assert_array_equal(found, _core.failing("reference", bounds, drift, upper))


def test_a_bound_that_is_not_a_number_fails_and_rows_minus_infinitely_far_do_not(simd):
    bounds = np.array([np.nan, 1, 1, -np.inf, np.inf], np.float32).repeat(9)
    upper = np.array([0, np.nan, -np.inf, 0, 0], np.float32).repeat(9)
    assert_array_equal(_core.failing(simd, bounds, 0.5, upper), [*range(18), *range(27, 36)])
