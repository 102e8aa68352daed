"""TrimmedKMeans: the farthest rows are set aside, exactly as the slow truth says."""

import gzip
import itertools

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.utils.estimator_checks import parametrize_with_checks
from tests.kmeans import slow
from tests.kmeans.hard_data import HARD
from tests.kmeans.sparse_rows import documents

from kmosaic import KMeans, TrimmedKMeans, _engine
from kmosaic.kmeans.trimmed_start import trimmed_plus_plus

pytestmark = pytest.mark.filterwarnings("ignore:Number of distinct clusters")


@parametrize_with_checks([TrimmedKMeans(), TrimmedKMeans(contamination=0.0)])
@pytest.mark.filterwarnings("ignore")
def test_it_passes_every_check_of_scikit_learn(estimator, check):
    check(estimator)


def slow_aside(X, centers, count):
    """The rows set aside: the farthest, those equally far in the order of their coordinates."""
    distance = slow.squared_distances(X, centers).min(axis=1)
    order = sorted(range(len(X)), key=lambda i: (-distance[i], X[i].tolist(), i))
    return sorted(order[:count]), distance


def slow_trimmed(X, centers, count, max_iter):
    """k-means−− in numpy; stops where no label and nothing set aside changes."""
    centers, before = np.array(centers, dtype=X.dtype), None
    for _ in range(max_iter):
        labels = slow.nearest(X, centers)
        aside, _ = slow_aside(X, centers, count)
        if before is not None and before == (labels.tolist(), aside):
            break
        before = labels.tolist(), aside
        kept = np.ones(len(X))
        kept[aside] = 0
        centers = slow.means(X, labels, centers, kept).astype(X.dtype)
    return centers


def with_outliers(seed=0, n=300, d=4, outliers=15, dtype=np.float64):
    generator = np.random.default_rng(seed)
    rows = generator.normal(size=(n, d)) + generator.integers(0, 3, size=(n, 1)) * 9
    rows[:outliers] = generator.uniform(-200, 200, size=(outliers, d))
    return np.ascontiguousarray(rows[generator.permutation(n)], dtype=dtype)


@pytest.mark.parametrize("algorithm", ["auto", *_engine.algorithms()])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("simd", _engine.instruction_sets())
def test_every_algorithm_gives_what_the_slow_truth_gives(algorithm, dtype, simd, monkeypatch):
    monkeypatch.setenv("KMOSAIC_SIMD", simd)
    X = with_outliers(dtype=dtype, d=3)
    for max_iter in (1, 2, 50):
        model = TrimmedKMeans(
            3, contamination=0.05, init=X[:3], tol=0, max_iter=max_iter, algorithm=algorithm
        ).fit(X)
        expected = slow_trimmed(X, X[:3], 15, max_iter)
        assert_allclose(model.cluster_centers_, expected, rtol=1e-6)
        aside, distance = slow_aside(X, model.cluster_centers_, 15)
        assert_array_equal(np.flatnonzero(model.outlier_mask_), aside)
        assert_array_equal(model.labels_, slow.nearest(X, model.cluster_centers_))
        assert_allclose(model.inertia_, distance[~model.outlier_mask_].sum(), rtol=1e-12)


@pytest.mark.parametrize("name", HARD)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_hard_data_sets_aside_the_farthest_and_inertia_never_rises(name, dtype):
    X = HARD[name].astype(dtype)
    model = TrimmedKMeans(5, contamination=0.2, init="random", tol=0, random_state=1).fit(X)
    count = int(0.2 * (1 + 1e-12) * len(X))
    aside, _ = slow_aside(X, model.cluster_centers_, count)
    assert_array_equal(np.flatnonzero(model.outlier_mask_), aside)
    inertias = [step.inertia for step in model.history_] + [model.inertia_]
    assert all(b <= a * (1 + 1e-14) for a, b in itertools.pairwise(inertias))


def test_outliers_are_found_and_do_not_pull_the_centers():
    X = with_outliers(n=2000, outliers=100)
    far = np.abs(X).max(axis=1) > 40
    model = TrimmedKMeans(3, contamination=0.05, random_state=0, n_init=3).fit(X)
    assert (model.outlier_mask_ & far).sum() >= 0.95 * far.sum()
    middles = sorted(model.cluster_centers_.mean(axis=1))
    assert_allclose(middles, [0, 9, 18], atol=0.3)
    plain = KMeans(3, random_state=0, n_init=3).fit(X)
    assert abs(sorted(plain.cluster_centers_.mean(axis=1)) - np.array([0, 9, 18])).max() > 1


def test_without_contamination_it_is_kmeans():
    X = with_outliers()
    ours = TrimmedKMeans(4, contamination=0.0, random_state=3).fit(X)
    plain = KMeans(4, random_state=3).fit(X)
    assert_array_equal(ours.cluster_centers_, plain.cluster_centers_)
    assert ours.inertia_ == plain.inertia_
    assert not ours.outlier_mask_.any()


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from([0.04, 0.11, 0.25, 0.5]), st.booleans())
def test_weights_equal_repetition_and_the_order_of_rows_does_not_matter(seed, share, sparse):
    generator = np.random.default_rng(seed)
    X = generator.integers(-5, 6, size=(40, 3)).astype(float)
    times = generator.integers(0, 4, size=40)
    times[:4] = 1
    kind = sp.csr_array if sparse else np.asarray
    settings = {"contamination": share, "init": X[:4], "tol": 0, "max_iter": 20}
    weighted = TrimmedKMeans(4, **settings).fit(kind(X), sample_weight=times)
    order = generator.permutation(times.sum())
    repeated = TrimmedKMeans(4, **settings).fit(kind(np.repeat(X, times, axis=0)[order]))
    assert_array_equal(weighted.cluster_centers_, repeated.cluster_centers_)
    assert weighted.n_iter_ == repeated.n_iter_
    assert_allclose(weighted.inertia_, repeated.inertia_, rtol=1e-12)
    doubled = TrimmedKMeans(4, **settings).fit(kind(X), sample_weight=times * 2.0**-7)
    assert_array_equal(weighted.cluster_centers_, doubled.cluster_centers_)
    assert_array_equal(weighted.outlier_mask_, doubled.outlier_mask_)


def test_with_uneven_weights_the_last_row_is_set_aside_in_part():
    X = np.array([[0.0], [1.0], [2.0], [10.0], [30.0]])
    weights = np.array([1.0, 1.5, 1.0, 1.0, 1.0])
    model = TrimmedKMeans(1, contamination=0.25, init=[[1.0]], tol=0).fit(X, sample_weight=weights)
    part = 0.25 * 5.5 - 1  # of the row at 10, after the row at 30
    mean = (1.5 + 2 + (1 - part) * 10) / (5.5 * 0.75)
    assert_allclose(model.cluster_centers_, [[mean]], rtol=1e-14)
    assert_array_equal(model.outlier_mask_, [False, False, False, False, True])


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("weighted", [False, True])
def test_sparse_rows_give_what_the_same_rows_written_out_give(seed, dtype, weighted):
    rows = documents(seed, dtype=dtype)
    weights = np.random.default_rng(seed).random(rows.shape[0]) if weighted else None
    start = rows.toarray()[:6]
    sparse, dense = (
        TrimmedKMeans(6, contamination=0.1, init=start, tol=0).fit(X, sample_weight=weights)
        for X in (rows, rows.toarray())
    )
    assert_array_equal(sparse.cluster_centers_, dense.cluster_centers_)
    assert_array_equal(sparse.labels_, dense.labels_)
    assert_array_equal(sparse.outlier_mask_, dense.outlier_mask_)
    assert_allclose(sparse.inertia_, dense.inertia_, rtol=1e-12)


@pytest.mark.parametrize("threads", ["1", "2", "3", "8"])
def test_any_number_of_threads_gives_the_same_bits(threads, monkeypatch):
    X = with_outliers(n=20_000, outliers=500, dtype=np.float32)
    expected = TrimmedKMeans(6, random_state=0, max_iter=20).fit(X)
    monkeypatch.setenv("KMOSAIC_NUM_THREADS", threads)
    model = TrimmedKMeans(6, random_state=0, max_iter=20).fit(X)
    assert_array_equal(model.cluster_centers_, expected.cluster_centers_)
    assert_array_equal(model.outlier_mask_, expected.outlier_mask_)
    assert model.inertia_ == expected.inertia_


def test_a_cluster_whose_rows_are_all_set_aside_takes_another_row():
    X = np.concatenate([np.linspace(0, 1, 40), [500.0, 501.0]])[:, None]
    model = TrimmedKMeans(2, contamination=2 / 42, init=[[0.5], [300.0]], tol=0).fit(X)
    assert_array_equal(np.flatnonzero(model.outlier_mask_), [40, 41])
    assert model.cluster_centers_.max() <= 1
    assert len(set(model.labels_[:40])) == 2


def test_the_start_is_not_on_outliers_and_does_not_depend_on_the_order_of_rows():
    X = with_outliers(n=3000, outliers=120)
    order = np.random.default_rng(1).permutation(len(X))
    starts = [
        trimmed_plus_plus(_engine.Data(rows), 8, np.random.RandomState(4), share=0.05)
        for rows in (X, np.ascontiguousarray(X[order]))
    ]
    assert np.abs(starts[0]).max() < 40
    assert_array_equal(starts[0], starts[1])


@pytest.mark.parametrize("share", [-0.1, 1.0, "some"])
def test_a_share_that_is_none_is_refused(share):
    with pytest.raises(ValueError, match="'contamination' parameter of TrimmedKMeans"):
        TrimmedKMeans(2, contamination=share).fit(np.zeros((5, 1)))


def test_mnist_outliers_are_farther_than_all_else(shared_data):
    packed = shared_data / "mnist" / "t10k-images-idx3-ubyte.gz"
    X = np.frombuffer(gzip.decompress(packed.read_bytes()), np.uint8, offset=16)
    X = X.reshape(-1, 784)[:3000]
    model = TrimmedKMeans(10, contamination=0.05, random_state=0).fit(X)
    own = model.transform(X).min(axis=1)
    assert model.outlier_mask_.sum() == 150
    assert own[model.outlier_mask_].min() >= own[~model.outlier_mask_].max()


@pytest.mark.parametrize("make", [np.asarray, sp.csr_array], ids=["dense", "sparse"])
@pytest.mark.parametrize("missing", ["error", "ignore"])
@pytest.mark.parametrize("algorithm", ["lloyd", "kd"])
def test_a_row_that_is_aside_in_part_may_fill_an_empty_cluster(algorithm, missing, make):
    if algorithm == "kd" and make is sp.csr_array:
        pytest.skip("not made for sparse rows")
    settings = {"contamination": 0.3, "init": [[-6.0], [-8.0], [13.0]], "n_init": 1}
    model = TrimmedKMeans(3, algorithm=algorithm, missing=missing, **settings)
    model.fit(make([[3.0], [4.0], [2.0]]), sample_weight=[0.5, 0.2, 0.1])
    assert sorted(model.cluster_centers_.ravel().tolist()) == [2.0, 3.0, 4.0]


def test_whatever_the_weights_centers_are_means_of_what_is_left_with_every_algorithm():
    random = np.random.default_rng(0)
    for _ in range(150):
        n, k = random.integers(3, 9), random.integers(2, 4)
        rows = random.integers(0, 5, (n, 1)).astype(float)
        weights = random.choice([0.1, 0.2, 0.3, 0.5, 0.7], n)
        settings = {
            "contamination": random.choice([0.1, 0.2, 0.3, 0.45]),
            "init": random.integers(-9, 15, (k, 1)).astype(float),
            "n_init": 1,
            "tol": 0,
        }
        lloyd, kd = (
            TrimmedKMeans(k, algorithm=a, **settings).fit(rows, sample_weight=weights)
            for a in ("lloyd", "kd")
        )
        assert np.isfinite(lloyd.cluster_centers_).all()
        assert_array_equal(lloyd.cluster_centers_, kd.cluster_centers_)
        assert_array_equal(lloyd.labels_, kd.labels_)
        assert lloyd.inertia_ == kd.inertia_


def test_contamination_may_be_a_small_number_of_numpy():
    rows = np.random.default_rng(0).normal(size=(70_000, 1))
    share = np.float16(0.25)
    found = TrimmedKMeans(2, contamination=share, random_state=0, max_iter=3).fit(rows)
    assert found.outlier_mask_.sum() == 17_500
