"""The numeric contract, one test a promise, on every instruction set the machine has."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_array_equal
from scipy.sparse import csr_array
from tests.kmeans import slow

from kmosaic import KMeans, _engine
from kmosaic._sparse import data_of

SETS = _engine.instruction_sets()
pytestmark = [
    pytest.mark.filterwarnings("ignore:Number of distinct clusters"),
    pytest.mark.parametrize("dtype", [np.float32, np.float64]),
]


@pytest.fixture(params=SETS)
def simd(request, monkeypatch):
    monkeypatch.setenv("KMOSAIC_SIMD", request.param)
    return request.param


def blobs(n=600, d=6, k=5, seed=0, dtype=np.float32):
    generator = np.random.default_rng(seed)
    middles = generator.normal(size=(k, d)) * 3
    return (middles[generator.integers(k, size=n)] + generator.normal(size=(n, d))).astype(dtype)


def fit(X, centers, **settings):
    return KMeans(len(centers), init=centers, n_init=1, tol=0, **settings).fit(X)


ADVERSARIAL = {
    "blobs": blobs(),
    "uniform": np.random.default_rng(1).random((500, 3)),
    "duplicates": np.repeat(blobs(40), 8, axis=0),
    "on bisectors": np.stack(np.meshgrid(np.arange(9.0), np.arange(9.0)), -1).reshape(-1, 2),
    "far from zero": blobs() + 1e6,
    "very far from zero": blobs() * 1e4 + 1e9,
    "one far row": np.vstack([blobs(), np.full((1, 6), 1e7)]),
    "two far clumps": np.vstack([blobs(), blobs(seed=2) + 1e6]),
    "tiny numbers": blobs() * 1e-30,
    "subnormal numbers": blobs() * 1e-40,
    "numbers with squares below the smallest": blobs() * 1e-165,
    "large numbers": blobs() * 1e30,
    "columns of unlike scale": blobs() * 10.0 ** np.arange(-9, 9, 3),
    "one column": blobs(d=1),
    "many columns": blobs(n=60, d=3000),
    "constant": np.ones((50, 4)),
}


@pytest.mark.parametrize("name", ADVERSARIAL)
def test_labels_are_the_nearest_centers_decided_in_float64(name, dtype, simd):
    X = ADVERSARIAL[name].astype(dtype)
    model = fit(X, X[:7], max_iter=20)
    assert_array_equal(model.labels_, slow.nearest(X, model.cluster_centers_))
    assert_array_equal(model.predict(X), model.labels_)


@pytest.mark.parametrize("name", ADVERSARIAL)
def test_all_instruction_sets_give_the_same_bits(name, dtype, monkeypatch):
    X = ADVERSARIAL[name].astype(dtype)
    seen = set()
    for simd in SETS:
        monkeypatch.setenv("KMOSAIC_SIMD", simd)
        model = KMeans(6, random_state=3, max_iter=15).fit(X)
        seen.add(bits(model))
    assert len(seen) == 1


@pytest.mark.parametrize("init", ["k-means++", "random"])
@pytest.mark.parametrize("weighted", [False, True])
def test_any_number_of_threads_gives_the_same_bits(init, weighted, dtype, monkeypatch):
    X = blobs(n=20_000, d=9, dtype=dtype)
    weights = np.random.default_rng(0).random(len(X)) if weighted else None
    seen = set()
    for threads in (1, 2, 3, 8):
        monkeypatch.setenv("KMOSAIC_NUM_THREADS", str(threads))
        model = KMeans(12, init=init, n_init=1, random_state=5).fit(X, sample_weight=weights)
        seen.add(bits(model))
    assert len(seen) == 1


def bits(model):
    return (
        model.cluster_centers_.tobytes(),
        model.labels_.tobytes(),
        model.inertia_,
        model.n_iter_,
        tuple((it.inertia, it.moved, it.center_shift) for it in model.history_),
    )


@pytest.mark.parametrize("name", ["blobs", "uniform", "far from zero", "two far clumps"])
def test_every_iteration_is_that_of_plain_lloyd(name, dtype, simd):
    X = ADVERSARIAL[name].astype(dtype)
    path, centers = slow.lloyd(X, X[:5], max_iter=60)
    for step in (1, 2, len(path) // 2, len(path)):
        model = fit(X, X[:5], max_iter=step)
        expected = path[step] if step < len(path) else path[-1]
        assert_array_equal(model.labels_, expected)
    np.testing.assert_allclose(model.cluster_centers_, centers, rtol=1e-6)


@pytest.mark.parametrize("name", ADVERSARIAL)
def test_inertia_never_rises_and_is_that_of_the_final_centers(name, dtype):
    X = ADVERSARIAL[name].astype(dtype)
    model = KMeans(8, init="random", n_init=1, tol=0, random_state=0).fit(X)
    inertias = [step.inertia for step in model.history_] + [model.inertia_]
    assert all(b <= a * (1 + 1e-14) for a, b in itertools.pairwise(inertias))
    truth = slow.squared_distances(X, model.cluster_centers_).min(axis=1).sum()
    assert model.inertia_ == pytest.approx(truth, rel=1e-12, abs=1e-300)


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("sparse", [False, True])
@pytest.mark.parametrize("spread", [1.0, 1e-3, 1e-6])  # near together, the sums alone do not tell
def test_the_history_tells_the_inertia_before_each_move(spread, sparse, weighted, dtype):
    generator = np.random.default_rng(0)
    clump = np.arange(400) % 5
    X = generator.normal(size=(5, 6))[clump] * 4 + generator.normal(size=(400, 6)) * spread
    X = X.astype(dtype)
    weights = generator.random(400) + 0.5 if weighted else np.ones(400)
    data = data_of(csr_array(X) if sparse else X, weights if weighted else None)
    start, labels = X[:7].astype(float), []  # two clumps are cut in two
    found = data._core.fit(start, 300, 0.0, "auto", None, on_labels=labels.append)
    assert found["n_iter"] > 3
    for (_, inertia, *_), now in zip(found["history"], labels, strict=False):
        truth = (weights * ((X - start[now]) ** 2).sum(axis=1)).sum() / data._unit
        assert inertia == pytest.approx(truth, rel=1e-8, abs=0)
        means = [np.average(X[now == c], axis=0, weights=weights[now == c]) for c in range(7)]
        start = np.array(means).astype(dtype).astype(float)


@pytest.mark.parametrize(("off", "light"), [(1e10, None), (0.0, 1e-14)])
@pytest.mark.parametrize("sparse", [False, True])
def test_the_history_is_that_of_shorter_fits_where_sums_tell_little(off, light, sparse, dtype):
    generator = np.random.default_rng(0)
    X = generator.normal(size=(250, 2))
    if light is None:
        X += np.where(np.arange(250) < 80, -off, off)[:, None]
    X = X.astype(dtype)
    weights = None if light is None else np.where(np.arange(250) < 50, 1.0, light)
    if light is not None:
        X[:50] = X[0]
    rows, start = csr_array(X) if sparse else X, X[[0, 90, 91, 92]]
    found = KMeans(4, init=start, n_init=1, tol=0).fit(rows, sample_weight=weights)
    for t in range(1, found.n_iter_):
        short = KMeans(4, init=start, n_init=1, tol=0, max_iter=t).fit(rows, sample_weight=weights)
        assert found.history_[t].inertia == pytest.approx(short.inertia_, rel=1e-10, abs=0)


@given(seed=st.integers(0, 10_000), k=st.integers(1, 6), shuffle=st.booleans())
@settings(max_examples=40, deadline=None)
def test_weights_equal_repetition_in_any_order_whatever_the_seed(dtype, seed, k, shuffle):
    generator = np.random.default_rng(seed)
    X = generator.integers(-4, 5, size=(20, 2)).astype(dtype)
    weights = generator.integers(0, 4, size=20)
    weights[0] = 3
    repeated = np.repeat(X, weights, axis=0)
    if shuffle:
        repeated = generator.permutation(repeated)
    k = min(k, len(repeated))
    once = KMeans(k, random_state=seed).fit(X, sample_weight=weights)
    often = KMeans(k, random_state=seed).fit(repeated)
    assert_array_equal(once.cluster_centers_, often.cluster_centers_)
    assert once.inertia_ == pytest.approx(often.inertia_, rel=1e-12)
    assert_array_equal(often.predict(X), once.labels_)


def test_scaling_all_weights_changes_nothing_but_inertia(dtype):
    X, weights = blobs(dtype=dtype), np.random.default_rng(0).random(600)
    small = KMeans(5, random_state=0).fit(X, sample_weight=weights)
    large = KMeans(5, random_state=0).fit(X, sample_weight=weights * 1024)
    assert_array_equal(small.cluster_centers_, large.cluster_centers_)
    assert large.inertia_ == small.inertia_ * 1024


@pytest.mark.parametrize("factor", [2.0**-1000, 2.0**-40, 2.0**900])
def test_weights_may_be_very_small_or_large(factor, dtype):
    X, weights = blobs(dtype=dtype), np.random.default_rng(0).random(600)
    usual = KMeans(5, random_state=0).fit(X, sample_weight=weights)
    model = KMeans(5, random_state=0).fit(X, sample_weight=weights * factor)
    assert_array_equal(model.cluster_centers_, usual.cluster_centers_)
    assert model.inertia_ == usual.inertia_ * factor


def test_the_order_of_the_rows_does_not_matter(dtype):
    X = blobs(dtype=dtype)
    order = np.random.default_rng(1).permutation(len(X))
    straight, mixed = (KMeans(5, random_state=0).fit(rows) for rows in (X, X[order]))
    assert_array_equal(straight.cluster_centers_, mixed.cluster_centers_)
    assert_array_equal(straight.labels_[order], mixed.labels_)
    assert straight.inertia_ == mixed.inertia_


@pytest.mark.parametrize("where", [1e12, 1e30])
@pytest.mark.parametrize("init", ["k-means++", "random"])
def test_rows_of_weight_zero_are_absent_however_far_away(where, init, dtype):
    X = blobs(dtype=dtype)
    weights = np.append(np.random.default_rng(0).random(len(X)), 0)
    with_far_row = np.vstack([X, np.full((1, X.shape[1]), where, dtype)])
    here = KMeans(5, init=init, random_state=0).fit(X, sample_weight=weights[:-1])
    there = KMeans(5, init=init, random_state=0).fit(with_far_row, sample_weight=weights)
    assert_array_equal(here.cluster_centers_, there.cluster_centers_)
    assert here.inertia_ == there.inertia_


@pytest.mark.parametrize("factor", [2.0**-20, 2.0**20])
def test_scaling_by_a_power_of_two_scales_the_centers_exactly(factor, dtype):
    X = blobs(dtype=dtype)
    here = fit(X, X[:5])
    there = fit(X * dtype(factor), X[:5] * dtype(factor))
    assert_array_equal(here.cluster_centers_ * dtype(factor), there.cluster_centers_)
    assert_array_equal(here.labels_, there.labels_)


def test_a_large_common_offset_costs_no_accuracy(dtype):
    X = np.round(blobs(dtype=dtype) * 4) / 4  # so that adding the offset is exact
    here, there = fit(X, X[:5]), fit(X + dtype(2**20), X[:5] + dtype(2**20))
    assert_array_equal(here.labels_, there.labels_)


def test_x_is_neither_changed_nor_copied(dtype):
    X = blobs(dtype=dtype)
    X.setflags(write=False)
    before = X.copy()
    KMeans(4, random_state=0).fit(X).predict(X)
    assert_array_equal(X, before)


@pytest.mark.parametrize("far", [1e8, 1e11, 1e14, 1e16])
@pytest.mark.parametrize("sparse", [False, True])
def test_a_far_row_does_not_hide_the_inertia_of_the_others(far, sparse, dtype):
    X = np.random.default_rng(0).normal(size=(3000, 5)).astype(dtype)
    X[0] = far
    model = KMeans(10, random_state=0).fit(csr_array(X) if sparse else X)
    centers = model.cluster_centers_.astype(float)
    assert model.inertia_ == pytest.approx(slow.inertia(X, model.labels_, centers), rel=1e-10)
    assert model.score(csr_array(X) if sparse else X) == -model.inertia_
