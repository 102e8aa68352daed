"""Every kernel of sparse rows, on every instruction set, against the slow truth."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from kmosaic import _core
from kmosaic._engine import instruction_sets

EVERY_SIMD = pytest.mark.parametrize("simd", instruction_sets())
EVERY_TYPE = pytest.mark.parametrize("dtype", [np.float32, np.float64])
LEAST = 2.0**-100


def coordinates(random, count):
    """Centers' coordinates: of every size, many zeros, some that are no normal float32."""
    values = random.standard_normal(count) * 2.0 ** random.integers(-120, 40, count)
    values[random.random(count) < 0.4] = 0
    values[random.random(count) < 0.05] *= 1e-40
    return values


def said(words):
    """What words say of their two centers."""
    return words.view(np.float32).astype(np.float64), (words << 16).view(np.float32).astype(float)


@EVERY_SIMD
@pytest.mark.parametrize("count", [0, 1, 5, 8, 16, 33, 128])
def test_two_centers_in_a_word_are_as_near_as_eight_bits_can_be(simd, count):
    random = np.random.default_rng(count)
    a, b = coordinates(random, count), coordinates(random, count)
    words, sums = _core.pair_columns(simd, a, b, 0.25)
    true_words, true_sums = _core.pair_columns("reference", a, b, 0.25)
    assert_array_equal(words, true_words)
    assert_allclose(sums, true_sums, rtol=1e-12, atol=16 * LEAST**2)
    for center, word in zip((a, b), said(words), strict=True):
        assert (np.abs(center / 4 - word) <= np.abs(center / 4) * 2.0**-8 + 2 * LEAST).all()


@EVERY_SIMD
def test_what_is_no_number_shows_in_the_sums(simd):
    a, b = np.array([1.0, np.nan, 2.0]), np.array([np.inf, 1.0, 2.0])
    _, sums = _core.pair_columns(simd, a, b, 1.0)
    assert not np.isfinite(sums[2:]).any()


@EVERY_SIMD
@EVERY_TYPE
@pytest.mark.parametrize("width", [8, 16, 32, 48, 64])
@pytest.mark.parametrize("count", [0, 1, 2, 3, 7, 64, 65])
def test_scores_are_those_of_the_words(simd, dtype, width, count):
    random = np.random.default_rng(width + count)
    columns = np.sort(random.choice(200, count, replace=False)).astype(np.int32)
    values = random.standard_normal(count).astype(dtype)
    pairs = [random.standard_normal((200, width // 2)).ravel() for _ in range(2)]
    panel = _core.pair_columns(simd, *pairs, 1.0)[0].reshape(200, width // 2)
    norms = random.random(width).astype(np.float32)
    scores = _core.sparse_scores(simd, values, columns, 0.5, panel, norms)
    truth = _core.sparse_scores("reference", values, columns, 0.5, panel, norms)
    centers = np.hstack([part.reshape(200, -1) for part in said(panel.ravel())])
    size = np.abs(values / 2) @ np.abs(centers[columns]) + norms
    assert (np.abs(scores - truth) <= (count + 4) * 2.0**-24 * size).all()
    assert_allclose(truth, norms - (values.astype(np.float32) / 2) @ centers[columns], atol=1e-4)


@EVERY_SIMD
@EVERY_TYPE
@pytest.mark.parametrize("count", [0, 1, 2, 3, 64, 65])
def test_products_in_float64_have_the_same_bits_everywhere(simd, dtype, count):
    random = np.random.default_rng(count)
    columns = np.sort(random.choice(200, count, replace=False)).astype(np.int32)
    values = random.standard_normal(count).astype(dtype)
    panel = random.standard_normal((200, 8)) * 10.0 ** random.integers(-20, 20, (200, 8))
    found = _core.sparse_dots(simd, values, columns, panel)
    assert_array_equal(found, _core.sparse_dots("reference", values, columns, panel))
    size = np.abs(values.astype(float)) @ np.abs(panel[columns])
    assert (np.abs(found - values.astype(float) @ panel[columns]) <= 1e-13 * size).all()


def cut_sums(random, count):
    """Sums near the ends of what fits, and small ones."""
    sums = random.integers(-(2**62), 2**62, count) >> random.integers(0, 62, count)
    beyond = random.integers(-(2**51), 2**51, count) >> random.integers(0, 52, count)
    bases = random.integers(-(2**51) + 1, 2**51, count) >> random.integers(0, 51, count)
    grid = 2.0 ** random.integers(-30, 30, count)
    return sums, beyond.astype(float), bases.astype(float), 1 / grid


@EVERY_SIMD
@EVERY_TYPE
@pytest.mark.parametrize("rows", [1, 3, 1000, 2**26 - 1])
def test_centers_go_to_the_means_of_exact_sums(simd, dtype, rows):
    for count in (1, 4, 7, 8, 9, 256):
        random = np.random.default_rng(count)
        sums, beyond, bases, inverse = cut_sums(random, count)
        shift = random.standard_normal(count).astype(dtype)
        # what rows come to: each less than 2^51 from the middle
        whole = sums + beyond * 2.0**26 + rows * bases
        for each in (sums, beyond, bases):
            each[np.abs(whole) >= rows * 2.0**51] = 0
        before = random.standard_normal(count)
        arguments = sums, beyond, bases, inverse, shift, before, float(rows)
        after, *steps = _core.sparse_move(simd, *arguments)
        true_after, *true_steps = _core.sparse_move("reference", *arguments)
        assert_array_equal(after, true_after)
        assert steps == true_steps
        rest = [int(s) + int(b) * 2**26 for s, b in zip(sums, beyond, strict=True)]
        whole = [s + rows * int(z) for s, z in zip(rest, bases, strict=True)]
        quotient = [round(float(s) * (1 / rows)) for s in whole]
        left = np.array([s - q * rows for s, q in zip(whole, quotient, strict=True)], float)
        exact = shift + (np.array(quotient, float) + left * (1 / rows)) * inverse
        assert_array_equal(after, exact.astype(dtype))
        gap = before - (shift + bases * inverse)
        off = gap * (2 * np.array(rest, float) * inverse - gap * rows)
        for step, terms in zip(steps, (off, (after - before) ** 2), strict=True):
            assert_allclose(step, terms.sum(), rtol=1e-12, atol=1e-12 * np.abs(terms).sum())


@EVERY_SIMD
@EVERY_TYPE
def test_the_mean_of_equal_values_is_the_value(simd, dtype):
    random = np.random.default_rng(0)
    values = random.integers(-(2**51) + 1, 2**51, 256)
    for rows in (3, 7, 1000, 2**26 - 1):
        low, high = (values & (2**26 - 1)) * rows, (values >> 26) * rows
        nothing, one = np.zeros(256), np.ones(256)
        means, *_ = _core.sparse_move(
            simd, low, high.astype(float), nothing, one, nothing.astype(dtype), one, float(rows)
        )
        assert_array_equal(means, values.astype(float).astype(dtype))


@EVERY_SIMD
@EVERY_TYPE
@pytest.mark.parametrize("count", [0, 1, 2, 3, 63, 64, 65, 131])
def test_rows_are_added_to_sums_on_the_grid_of_each_column(simd, dtype, count):
    random = np.random.default_rng(count)
    d = 200
    columns = np.sort(random.choice(d, count, replace=False)).astype(np.int32)
    shift = (random.integers(-8, 8, d) / 4).astype(dtype)
    exponents = random.integers(-30, 46, d).astype(np.int32)
    full = (random.random(d) < 0.3).astype(np.uint8)
    values = random.uniform(-8, 8, count).astype(dtype)
    before = random.integers(-(2**62), 2**62, d)
    for sign in (1, -1):
        arguments = values, columns, shift, exponents, full, sign, before
        found = _core.sparse_add(simd, *arguments)
        assert_array_equal(found, _core.sparse_add("reference", *arguments))
        base = np.where(full, shift, 0).astype(float)[columns]
        grid = 2.0 ** exponents[columns]
        middle = shift[columns].astype(float)
        steps = np.rint((values - middle) * grid) - np.rint((base - middle) * grid)
        assert_array_equal((found - before)[columns], sign * steps.astype(np.int64))
        others = np.setdiff1d(np.arange(d), columns)
        assert_array_equal(found[others], before[others])


@EVERY_SIMD
@pytest.mark.parametrize("count", [1, 7, 8, 100, 256])
def test_what_a_cluster_takes_off_has_the_same_bits_everywhere(simd, count):
    random = np.random.default_rng(count)
    sums, beyond, _, inverse = cut_sums(random, count)
    center = random.standard_normal(count)
    arguments = sums, beyond, inverse, center, 77.0
    assert _core.off_spread(simd, *arguments) == _core.off_spread("reference", *arguments)


@EVERY_SIMD
@pytest.mark.parametrize("count", [16, 32, 48, 64, 1008])
def test_the_least_score_is_found_and_the_next(simd, count):
    random = np.random.default_rng(count)
    for _ in range(50):
        scores = random.integers(0, count // 2, count).astype(np.float32)
        scores[random.random(count) < 0.3] = np.inf
        assert _core.least_lanes(simd, scores) == _core.least_lanes("reference", scores)
    nothing = np.full(count, np.inf, np.float32)
    assert _core.least_lanes(simd, nothing) == (0, np.inf, np.inf)


@EVERY_SIMD
@pytest.mark.parametrize("count", [16, 48, 64])
def test_bounds_from_scores_have_the_same_bits_everywhere(simd, count):
    random = np.random.default_rng(count)
    scores = random.standard_normal(count).astype(np.float32)
    scores[::7] = np.inf
    for slack in (0.0, 0.3, np.inf):
        found = _core.distance_lanes(simd, scores, 1.5, slack)
        assert_array_equal(found, _core.distance_lanes("reference", scores, 1.5, slack))


@EVERY_SIMD
@pytest.mark.parametrize("count", [16, 48, 64])
def test_bounds_that_are_moved_along_hold_or_fail_as_the_truth_says(simd, count):
    random = np.random.default_rng(count)
    for upper in (0.0, 0.4, 0.6, np.nan):
        bounds = (1 + random.random(count)).astype(np.float32)
        drifts = (random.random(count) * 0.6).astype(np.float32)
        kept, moved = _core.keep_lanes(simd, bounds, drifts, upper)
        truth, true_moved = _core.keep_lanes("reference", bounds, drifts, upper)
        assert kept == truth
        assert_array_equal(moved, true_moved)
    drifts[-1] = np.nan
    assert not _core.keep_lanes(simd, bounds, drifts, 0.0)[0]
