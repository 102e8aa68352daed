"""Plain k-means++ and k-means||: the draws of a slow truth in Python's integers, however found."""

import itertools

import numpy as np
import pytest
import scipy.sparse as sp
from numpy.testing import assert_allclose, assert_array_equal
from tests.kmeans.hard_data import HARD, as_kind, blobs, repeated
from tests.kmeans.slow_seeding import SlowOversampling, SlowPlain
from tests.kmeans.traces import opened

from kmosaic import KMeans, MiniBatchKMeans, _core, kmeans_parallel, kmeans_plusplus
from kmosaic._engine import Data
from kmosaic._sparse import SparseData, data_of

SETS = _core.instruction_sets()
KINDS = ["float32", "float64", "uint8"]
WAYS = ["plain-k-means++", "k-means||"]


def directions(d, m):
    return np.ascontiguousarray(np.linalg.qr(np.random.default_rng(0).normal(size=(d, m)))[0].T)


def candidates(data, each=7, rounds=3, least=9, seed=5):
    rows, weights = data.oversample(each, rounds, least, seed)
    return rows.tolist(), weights.tolist()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", HARD)
def test_draws_are_those_of_the_slow_truth(name, kind):
    X = as_kind(HARD[name], kind)
    with np.errstate(over="ignore"):
        plain = SlowPlain(X).run(14, 5)
        oversampled = SlowOversampling(X).run(7, 3, 9, 5)
    for simd in SETS:
        data = opened(X, simd=simd)
        assert data.plain_plus_plus(14, 5).tolist() == plain, simd
        assert candidates(data) == oversampled, simd
        data.set_head(directions(X.shape[1], min(X.shape[1], 7)))
        assert data.plain_plus_plus(14, 5).tolist() == plain, f"{simd} with a head"
        assert candidates(data) == oversampled, f"{simd} with a head"


def test_more_centers_than_fit_a_mask_are_those_of_the_slow_truth():
    X = blobs(400, 5, k=40).astype(np.float32)
    data = opened(X)
    assert data.plain_plus_plus(150, 3).tolist() == SlowPlain(X).run(150, 3)
    assert candidates(data, each=70) == SlowOversampling(X).run(70, 3, 9, 5)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", HARD)
def test_weights_equal_repetition_in_any_order(name, kind):
    X = as_kind(HARD[name], kind)
    times, copies = repeated(X)
    once, again = opened(X, weights=times), opened(copies)
    assert_array_equal(X[once.plain_plus_plus(12, 3)], copies[again.plain_plus_plus(12, 3)])
    (rows, weights), (others, other_weights) = candidates(once), candidates(again)
    assert_array_equal(X[rows], copies[others])
    assert weights == other_weights
    assert sum(weights) == times.sum()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("d", [3, 70])
def test_neither_threads_nor_order_matter(d, kind):
    X = as_kind(blobs(20_000, d, k=30), kind)
    mixed = np.ascontiguousarray(X[np.random.default_rng(1).permutation(len(X))])
    plain = X[opened(X).plain_plus_plus(150, 1)]
    rows, weights = candidates(opened(X), each=60)
    for threads, head in itertools.product((1, 2, 3), (False, True)):
        for given in (X, mixed):
            data = opened(given, threads=threads)
            if head:
                data.set_head(directions(d, 3))
            assert_array_equal(given[data.plain_plus_plus(150, 1)], plain)
            others, other_weights = candidates(data, each=60)
            assert_array_equal(given[others], X[rows])
            assert other_weights == weights


def test_little_memory_changes_no_draw():
    X = blobs(3_000, 150).astype(np.float32)
    expected = opened(X).plain_plus_plus(60, 1)
    for limit in (36 * len(X), 60 * len(X), 1):
        assert_array_equal(opened(X).plain_plus_plus(60, 1, memory_limit=limit), expected)


def test_plain_draws_are_as_likely_as_squared_distances_say():
    X = np.array([[0.0], [1.0], [3.0], [7.0]])
    found = np.zeros((4, 4, 4))
    tries = 20_000
    data = opened(X)
    for seed in range(tries):
        found[tuple(data.plain_plus_plus(3, seed * 7919))] += 1
    squared = (X - X.T) ** 2
    for a, b, c in itertools.permutations(range(4), 3):
        left = np.minimum(squared[a], squared[b])
        share = squared[a, b] / squared[a].sum() / 4 * left[c] / left.sum()
        deviation = np.sqrt(tries * share * (1 - share))
        assert abs(found[a, b, c] - tries * share) < 5 * deviation + 1, (a, b, c)
    assert found.sum() == tries


def test_rows_that_wait_are_told_from_their_copies():
    X = np.repeat(blobs(40, 2), 5, axis=0)
    for seed in range(20):
        assert len({tuple(row) for row in X[opened(X).plain_plus_plus(40, seed)]}) == 40


def test_sparse_rows_are_drawn_alike_in_any_order_and_number_of_threads(monkeypatch):
    rows = sp.random_array((2000, 300), density=0.05, rng=0, format="csr", dtype=np.float32)
    mixed = rows[np.random.default_rng(0).permutation(2000)]
    found = []
    for threads, given in itertools.product("123", (rows, mixed)):
        monkeypatch.setenv("KMOSAIC_NUM_THREADS", threads)
        data = SparseData(given)
        plain = data.plain_plus_plus(100, np.random.RandomState(0))
        many, weights = data.oversample(40, np.random.RandomState(0))
        found.append((given[plain].toarray(), given[many].toarray(), weights))
    for ours in found[1:]:
        for mine, first in zip(ours, found[0], strict=True):
            assert_array_equal(mine, first)


@pytest.mark.parametrize("held", [np.asarray, lambda X: X.astype(np.float32), sp.csr_array])
def test_the_same_seed_draws_the_same_rows_however_they_are_held(held):
    X = np.round(blobs(600, 12) * 10)
    for seed in range(3):
        expected = kmeans_parallel(X, 12, random_state=seed)[1]
        assert_array_equal(kmeans_parallel(held(X), 12, random_state=seed)[1], expected)
        plain, again = (
            data_of(each).plain_plus_plus(12, np.random.RandomState(seed)) for each in (X, held(X))
        )
        assert_array_equal(again, plain)


@pytest.mark.parametrize("init", WAYS)
@pytest.mark.parametrize("name", ["float32", "uint8", "weights", "sparse", "gaps", "mini-batch"])
def test_estimators_start_from_rows_that_were_drawn(name, init):
    X = np.round(np.clip(blobs(500, 8) * 8 + 128, 0, 255))
    settings = {"init": init, "random_state": 3}
    weights = np.arange(500.0) if name == "weights" else None
    if name == "mini-batch":
        model = MiniBatchKMeans(9, **settings).fit(X)
    elif name == "gaps":
        X[::7, 2] = np.nan
        model = KMeans(9, missing="ignore", **settings).fit(X)
    else:
        given = sp.csr_array(X) if name == "sparse" else X.astype(name if weights is None else "f8")
        model = KMeans(9, **settings).fit(given, sample_weight=weights)
    assert model.inertia_ > 0
    assert len(np.unique(model.labels_)) == 9


@pytest.mark.parametrize("init", WAYS)
def test_one_start_is_enough_and_memory_is_counted(init):
    X = blobs(4_000, 100)
    lean = KMeans(20, init=init, random_state=0, memory_limit=4_000 * 200).fit(X)
    assert_array_equal(lean.labels_, KMeans(20, init=init, n_init=1, random_state=0).fit(X).labels_)
    with pytest.warns(UserWarning, match="too little"):
        KMeans(20, init=init, random_state=0, memory_limit=4_000 * 39).fit(X)


def test_k_means_parallel_is_greedy_k_means_of_the_weighted_candidates():
    X = blobs(900, 4, k=20)
    data, random_state = Data(X), np.random.RandomState(2)
    drawn, weights = data.oversample(10, random_state)
    assert weights.sum() == 900
    inside = Data(X[drawn], weights).plus_plus(10, random_state)
    centers, rows = kmeans_parallel(X, 10, random_state=2)
    assert_array_equal(rows, drawn[inside])
    assert_array_equal(centers, X[rows])
    assert len(set(rows)) == 10


def test_fewer_different_rows_than_clusters_repeat_one():
    X = np.repeat(blobs(6), 10, axis=0)
    for _, rows in (
        kmeans_parallel(X, 9, random_state=0),
        kmeans_plusplus(X, 9, random_state=0, n_local_trials=1),
    ):
        assert len(rows) == 9
        assert len(np.unique(X[rows], axis=0)) == 6


def test_one_trial_is_plain_k_means():
    X = blobs(300, 4)
    drawn = Data(X).plain_plus_plus(8, np.random.RandomState(1))
    assert_array_equal(kmeans_plusplus(X, 8, random_state=1, n_local_trials=1)[1], drawn)


def test_k_means_parallel_leaves_little_more_inertia_than_greedy_k_means():
    X = blobs(2_000, 8, k=30)
    left = [
        np.mean([KMeans(30, init=init, random_state=s).fit(X).inertia_ for s in range(8)])
        for init in ("k-means++", "k-means||")
    ]
    assert_allclose(left[1], left[0], rtol=0.25)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"n_clusters": 901}, "n_samples=900 should be >= n_clusters=901"),
        ({"oversampling_factor": 0}, "oversampling_factor"),
        ({"n_rounds": 0}, "n_rounds"),
        ({"sample_weight": -np.ones(900)}, "negative at row 0"),
    ],
)
def test_what_cannot_be_is_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        kmeans_parallel(blobs(900), **{"n_clusters": 3, **arguments})


def test_a_start_that_is_unknown_is_refused_with_those_that_are():
    with pytest.raises(ValueError, match=r"k-means\+\+.*k-means\|\|.*plain-k-means\+\+.*random"):
        KMeans(2, init="k-means").fit(blobs())
