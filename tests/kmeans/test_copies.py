"""Rows that stand in the data many times are clustered once each, with the bits of all of them."""

import numpy as np
import pytest
from numpy.testing import assert_array_equal
from tests.kmeans.hard_data import as_kind, blobs
from tests.kmeans.traces import ALGORITHMS, assert_same, opened, run, runnable, start_of

from kmosaic import KMeans

KINDS = ["float32", "float64", "uint8"]
ROWS = 24_000


def whole_numbers(d, count=8):
    return np.random.default_rng(d).integers(0, count, (ROWS, d)).astype(float)


def skewed(d):
    """Some rows thousands of times, many once."""
    distinct = np.round(blobs(2_000, d) * 20)
    chance = 1 / np.arange(1, len(distinct) + 1)
    return distinct[np.random.default_rng(0).choice(len(distinct), ROWS, p=chance / chance.sum())]


DATA = {
    "whole numbers": whole_numbers,
    "skewed": skewed,
    "two rows": lambda d: np.repeat([[1.0] * d, [5.0] * d], ROWS // 2, axis=0),
    "one row": lambda d: np.full((ROWS, d), 7.0),
    "both zeros": lambda d: whole_numbers(d, 3) * np.where(np.arange(ROWS) % 2, -0.0, 1.0)[:, None],
}


def one_by_one(X, **options):
    """The same rows, of which copies are not put together: there is no memory to do so."""
    data = opened(X, **options)
    data.limit_memory(1)
    data.mean_variance()
    return data


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("d", [1, 2, 3, 4])
@pytest.mark.parametrize("name", DATA)
def test_the_steps_are_those_of_all_rows_one_by_one(name, d, kind):
    X = as_kind(DATA[name](d), kind)
    together, single = opened(X), one_by_one(X)
    for k in (1, 7, 40):
        start = start_of(X, k)
        truth = run(single, start, "lloyd", max_iter=12)
        for algorithm in ALGORITHMS:
            if runnable(together, algorithm, k):
                trace = run(together, start, algorithm, max_iter=12)
                assert_same(trace, truth)
                assert trace.found["bytes"] >= 4 * ROWS  # which of the distinct rows each is
                assert trace.found["clusters_used"] == truth.found["clusters_used"]


def test_clusters_that_lost_their_rows_take_the_same_rows():
    X = whole_numbers(2, count=9).astype(np.float32)
    start = np.vstack([X[:30], np.full((20, 2), 100.0)]).astype(np.float64)
    truth = run(one_by_one(X), start, "lloyd")
    for algorithm in ("lloyd", "kd"):
        assert_same(run(opened(X), start, algorithm), truth)


def test_more_clusters_than_distinct_rows():
    X = whole_numbers(1, count=9)
    start = start_of(X, 20)
    assert_same(run(opened(X), start, "lloyd"), run(one_by_one(X), start, "lloyd"))


def test_any_number_of_threads_gives_the_same_bits():
    X = skewed(3).astype(np.float32)
    start = start_of(X, 16)
    truth = run(opened(X), start, "kd")
    for threads in (2, 3, 8):
        assert_same(run(opened(X, threads=threads), start, "kd"), truth)


def test_rows_that_only_look_like_copies_in_a_sample_stay_apart():
    X = np.random.default_rng(0).random((ROWS, 2))
    X[:: ROWS // 4096] = 0.5  # all that a sample at even distances sees
    start = start_of(X, 5)
    trace = run(opened(X, threads=2), start, "lloyd")
    assert_same(trace, run(one_by_one(X), start, "lloyd"))
    assert trace.found["bytes"] < 4 * ROWS


@pytest.mark.parametrize("threads", [1, 2, 8])
def test_what_is_put_together_does_not_depend_on_the_threads(threads):
    X = np.random.default_rng(0).random((400_000, 4))
    X[:: len(X) // 4096] = 0.5
    half_of_one = np.where(np.arange(len(X))[:, None] % 2, X, 0.25)
    for rows in (X, half_of_one):
        found = run(opened(rows, threads=threads), rows[:3].copy(), "lloyd", max_iter=2).found
        assert found["bytes"] < 1e6


@pytest.mark.parametrize("kind", KINDS)
def test_there_is_no_seeking_of_copies_where_there_is_no_room(kind):
    X = as_kind(skewed(3), kind)
    data = opened(X)
    data.limit_memory(100_000)
    data.mean_variance()
    data.draw_rows(np.array([0.5]))
    fit = data.fit(start_of(X, 4), 3, 0.0, "lloyd", None, memory_limit=0)
    assert fit["bytes"] < 4 * ROWS


def test_an_integer_weight_is_as_many_copies():
    distinct, counts = np.unique(skewed(3).astype(np.float32), axis=0, return_counts=True)
    start = distinct[:: len(distinct) // 15][:12]
    arguments = {"init": start, "n_init": 1, "tol": 0}
    by_copies = KMeans(12, **arguments).fit(np.repeat(distinct, counts, axis=0))
    by_weight = KMeans(12, **arguments).fit(distinct, sample_weight=counts)
    assert_array_equal(by_copies.cluster_centers_, by_weight.cluster_centers_)
    assert_array_equal(by_copies.labels_, np.repeat(by_weight.labels_, counts))
    assert by_copies.n_iter_ == by_weight.n_iter_


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", DATA)
def test_starts_are_drawn_from_all_rows(name, kind):
    for d in (1, 3):
        X = as_kind(DATA[name](d), kind)
        uniforms = np.random.default_rng(1).random(100)
        assert_array_equal(opened(X).draw_rows(uniforms), one_by_one(X).draw_rows(uniforms))
        for k, trials in ((2, 1), (20, 4)):
            together = opened(X).plus_plus(k, trials, uniforms)
            assert_array_equal(together, one_by_one(X).plus_plus(k, trials, uniforms))


def test_the_certificate_counts_contents():
    X = whole_numbers(3)
    model = KMeans(5, random_state=0, algorithm="lloyd").fit(X)
    passes = model.certificate_.screened / 8**3  # where it settled, no more is needed for labels
    assert passes in (model.n_iter_, model.n_iter_ + 1)
