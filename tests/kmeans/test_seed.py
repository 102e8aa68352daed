"""Greedy k-means++ of the core: the seeds of a slow truth in Python's integers, however found."""

import math

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_array_equal
from tests.kmeans import slow
from tests.kmeans.hard_data import HARD, as_kind, blobs, repeated
from tests.kmeans.slow_seeding import SlowSeeding
from tests.kmeans.traces import opened

from kmosaic import _core, _engine
from kmosaic._sparse import SparseData

SETS = _core.instruction_sets()
KINDS = ["float32", "float64", "uint8"]


# ---- the slow truth


def uniforms_for(k, trials, seed=0):
    return np.random.default_rng(seed).random(1 + (k - 1) * trials)


def truth(X, k, trials=4, seed=0, weights=None):
    with np.errstate(over="ignore"):
        return SlowSeeding(X, weights).run(k, trials, uniforms_for(k, trials, seed))


def seeds(data, k, trials=4, seed=0, **limits):
    return data.plus_plus(k, trials, uniforms_for(k, trials, seed), **limits).tolist()


def directions(d, m):
    return np.ascontiguousarray(np.linalg.qr(np.random.default_rng(0).normal(size=(d, m)))[0].T)


# ---- what must hold


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", HARD)
def test_seeds_are_those_of_the_slow_truth(name, kind):
    X = as_kind(HARD[name], kind)
    expected = truth(X, 14)
    for simd in SETS:
        data = opened(X, simd=simd)
        assert seeds(data, 14) == expected, simd
        data.set_head(directions(X.shape[1], min(X.shape[1], 7)))
        assert seeds(data, 14) == expected, f"{simd} with a head"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("trials", [1, 2, 17, 32])
def test_any_number_of_trials_is_that_of_the_slow_truth(trials, kind):
    X = as_kind(blobs(d=40), kind)
    for simd in SETS:
        assert seeds(opened(X, simd=simd), 9, trials) == truth(X, 9, trials), simd


@pytest.mark.parametrize("trials", [0, 33])
def test_more_trials_than_there_are_bits_for_are_refused(trials):
    with pytest.raises(ValueError, match="trials"):
        seeds(opened(blobs()), 3, trials)


@given(seed=st.integers(0, 10_000), d=st.integers(1, 5), k=st.integers(1, 12))
@settings(max_examples=60, deadline=None)
def test_seeds_of_small_whole_numbers_with_weights_are_those_of_the_slow_truth(seed, d, k):
    random = np.random.default_rng(seed)
    X = random.integers(-3, 4, size=(30, d)).astype(np.float32)
    weights = random.integers(0, 4, size=30).astype(float)
    weights[random.integers(30)] = 3.0
    assert seeds(opened(X, weights=weights), k, seed=seed) == truth(
        X, k, seed=seed, weights=weights
    )


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", HARD)
def test_weights_equal_repetition_in_any_order(name, kind):
    X = as_kind(HARD[name], kind)
    times, copies = repeated(X)
    once = seeds(opened(X, weights=times), 12, seed=3)
    assert_array_equal(X[once], copies[seeds(opened(copies), 12, seed=3)])


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("d", [3, 70])
def test_neither_threads_nor_order_matter(d, kind):
    X = as_kind(blobs(20_000, d, k=30), kind)
    order = np.random.default_rng(1).permutation(len(X))
    mixed_rows = np.ascontiguousarray(X[order])
    expected = seeds(opened(X), 40)
    for head in (False, True):
        for threads in (1, 2, 3):
            straight, shuffled = opened(X, threads=threads), opened(mixed_rows, threads=threads)
            if head:
                straight.set_head(directions(d, 3))
                shuffled.set_head(directions(d, 3))
            assert seeds(straight, 40) == expected
            assert_array_equal(mixed_rows[seeds(shuffled, 40)], X[expected])


def assert_bounds_hold(data, X, most_bytes=math.inf):
    """No interval misses the distance of the decision; no row passes for farther than it is."""
    which = np.linspace(0, len(X) - 1, 12).astype(np.int64)
    exact = slow.squared_distances(X, X[which])
    just_above = np.nextafter(exact, np.inf)
    least, most, passes = data.seeding_bounds(which, just_above, most_bytes)
    assert (least <= exact).all()
    assert (exact <= most).all()
    assert passes.all()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", HARD)
def test_no_row_is_excluded_that_is_nearer_by_the_last_bit(name, kind):
    X = as_kind(HARD[name], kind)
    for simd in SETS:
        data = opened(X, simd=simd)
        assert_bounds_hold(data, X)
        data.set_head(directions(X.shape[1], min(X.shape[1], 7)))
        assert_bounds_hold(data, X)


@pytest.mark.parametrize("columns", [0, 2, 5, 30])
def test_bounds_hold_for_points_of_a_few_columns_only(columns):
    for kind in KINDS:
        for d in (40, 150):
            X = as_kind(blobs(300, d), kind)
            data = opened(X)
            assert_bounds_hold(data, X, columns * len(X))
            expected = seeds(data, 12)
            assert seeds(data, 12, memory_limit=(36 + columns) * len(X)) == expected
            data.set_head(directions(d, 9))
            assert_bounds_hold(data, X, columns * len(X))
            assert seeds(data, 12, memory_limit=(36 + 44 + columns) * len(X)) == expected


def pixels(n=9_000, d=784):
    """Rows with a few leading directions, too many for the cache as floats."""
    random = np.random.default_rng(3)
    smooth = random.normal(size=(n, 12)) @ random.normal(size=(12, d)) * 20 + 128
    return np.clip(np.round(smooth + random.normal(size=(n, d)) * 4), 0, 255)


@pytest.mark.parametrize("between", [0, 300])
def test_rows_kept_as_bytes_are_still_decided_in_float64(between):
    X = pixels()
    part = X[:between] + np.random.default_rng(4).random((between, X.shape[1])) * 0.9
    X[:between] = np.minimum(part, 255)  # bytes leave some of this out
    for dtype in (np.float32, np.float64):
        rows = X.astype(dtype)
        plain, headed = opened(rows), opened(rows)
        headed.set_head(directions(X.shape[1], 9))
        assert_bounds_hold(headed, rows)
        expected = seeds(plain, 30, trials=5)
        assert seeds(headed, 30, trials=5) == expected
        if dtype == np.float64 and not between:
            assert seeds(opened(X.astype(np.uint8)), 30, trials=5) == expected


def test_a_head_that_pays_is_found_and_serves_the_fit_too():
    random = np.random.default_rng(0)
    X = (random.normal(size=(5000, 128)) * 0.9 ** np.arange(128)).astype(np.float32)
    data = _engine.Data(X)
    chosen = data.plus_plus(200, np.random.RandomState(0))
    assert data._core.has_head
    few = _engine.Data(X)
    few.plus_plus(3, np.random.RandomState(0))
    assert not few._core.has_head
    uniforms = np.random.RandomState(0).random_sample(1 + 199 * 7)
    assert_array_equal(opened(X).plus_plus(200, 7, uniforms), chosen)


def test_sparse_rows_are_seeded_alike_in_any_order_where_dense_ones_would_have_a_head():
    rows = sp.random_array((2000, 300), density=0.05, rng=0, format="csr", dtype=np.float32)
    order = np.random.default_rng(0).permutation(2000)
    chosen = SparseData(rows).plus_plus(300, np.random.RandomState(0))
    mixed_rows = rows[order]
    again = SparseData(mixed_rows).plus_plus(300, np.random.RandomState(0))
    assert_array_equal(rows[chosen].toarray(), mixed_rows[again].toarray())


def test_a_far_row_leaves_the_others_their_part():
    X = np.vstack([blobs(200, 3), np.full((1, 3), 1e12)])
    chosen = seeds(opened(X), 12)
    assert len(set(chosen)) == 12
    assert chosen == truth(X, 12)


def light_row_far_out(n=60, far=1e11, weight=1e-10):
    X = np.vstack([blobs(n, 3), np.full((1, 3), far)])
    return X, np.append(np.ones(n), weight)


def unlike_weights(n=200):
    """From 2^-60 to 2^60, in no order."""
    random = np.random.default_rng(7)
    return blobs(n, 3), 2.0 ** random.integers(-60, 61, n)


HEAVY = np.append(5e9, np.ones(199))
WEIGHTED = {
    "one row heavier than 31 bits tell": (blobs(200, 3), HEAVY),
    "two such rows, one the heavier": (blobs(200, 3), np.append(5e19, HEAVY[:-1])),
    "weights below the normal numbers": (blobs(200, 3), HEAVY * 1e-315),
    "a light row far out": light_row_far_out(),
    "a light row as far out as its weight allows": light_row_far_out(300, 2.0**31, 2.0**-30),
    "weights of any size": unlike_weights(),
}


@pytest.mark.parametrize("name", WEIGHTED)
def test_rows_are_seeds_whatever_others_weigh(name):
    X, weights = WEIGHTED[name]
    chosen = seeds(opened(X, weights=weights), 40)
    assert len(set(chosen)) == 40
    assert chosen == truth(X, 40, weights=weights)
    if len(X) > 64:
        sparse = SparseData(sp.csr_array(X), weights)
        assert len(set(sparse.plus_plus(40, np.random.RandomState(0)).tolist())) == 40


@pytest.mark.parametrize("unit", [1e-152, 1e-156, 1e-158, 1e150])
def test_rows_are_seeds_in_any_unit(unit):
    X = blobs(200, 3) * unit
    chosen = seeds(opened(X), 12)
    assert len(set(chosen)) == 12
    assert chosen == truth(X, 12)
    sparse = SparseData(sp.csr_array(X))
    assert len(set(sparse.plus_plus(12, np.random.RandomState(0)).tolist())) == 12


def test_many_near_rows_are_drawn_once_a_light_row_far_out_is_a_center():
    places = np.array([[0, 0], [1, 0], [0, 1.5], [2.0**31, 0]])
    X = np.repeat(places, [30_000, 20_000, 3_000, 1], axis=0)
    weights = np.append(np.ones(len(X) - 1), 2.0**-30)
    drawn = [seeds(opened(X, weights=weights), 3, trials=1, seed=s) for s in range(30)]
    assert {second for _, second, _ in drawn} == {len(X) - 1}
    assert 15 < sum(third < 50_000 for _, _, third in drawn) < 30  # 22 is what masses say


@pytest.mark.parametrize("name", WEIGHTED)
def test_seeds_of_unlike_weights_depend_on_neither_order_nor_threads(name):
    X, weights = WEIGHTED[name]
    order = np.random.default_rng(2).permutation(len(X))
    once = seeds(opened(X, weights=weights), 20)
    shuffled = opened(X[order], weights=weights[order], threads=3)
    assert_array_equal(X[order][seeds(shuffled, 20)], X[once])
