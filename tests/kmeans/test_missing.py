"""KMeans(missing="ignore"): distances and means are over the numbers that are known."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from scipy.sparse import csr_array
from sklearn.datasets import make_blobs
from sklearn.metrics import adjusted_rand_score
from sklearn.utils.estimator_checks import parametrize_with_checks
from tests.kmeans import slow

from kmosaic import BalancedKMeans, KMeans, TrimmedKMeans, _core, _engine, k_means

pytestmark = pytest.mark.filterwarnings("ignore:Number of distinct clusters")


@parametrize_with_checks([KMeans(missing="ignore")])
@pytest.mark.filterwarnings("ignore")
def test_it_passes_every_check_of_scikit_learn(estimator, check):
    check(estimator)


def with_gaps(seed=0, n=300, d=5, share=0.3, dtype=np.float64, kind="blobs"):
    generator = np.random.default_rng(seed)
    if kind == "blobs":
        rows, _ = make_blobs(n, d, centers=4, random_state=seed)
    else:
        rows = generator.integers(0, 3, size=(n, d)).astype(float)
    gaps = generator.random((n, d)) < share
    gaps[np.arange(n), generator.integers(d, size=n)] = False  # something of each row is known
    gaps[:2] = False
    rows[gaps] = np.nan
    return np.ascontiguousarray(rows, dtype=dtype)


def slow_distances(X, centers):
    """Σ over known (x − c)², in the order that the contract states."""
    known = ~np.isnan(X)
    columns = [
        slow.squared_distances(np.where(known, X, c), c[None])[:, 0]
        for c in np.array(centers, float)
    ]
    return np.stack(columns, axis=1)


def slow_lloyd(X, centers, weights, max_iter):
    """In numpy; stops where no label changes. Returns labels and centers."""
    centers, labels = np.array(centers, dtype=X.dtype), None
    for _ in range(max_iter):
        before, labels = labels, slow_distances(X, centers).argmin(axis=1)
        if before is not None and (before == labels).all():
            break
        for c, j in itertools.product(range(len(centers)), range(X.shape[1])):
            members = (labels == c) & ~np.isnan(X[:, j]) & (weights > 0)
            if members.any():
                column = X[members, j : j + 1]
                found = slow.means(column, np.zeros(len(column), int), [[0.0]], weights[members])
                centers[c, j] = found[0, 0]
    return slow_distances(X, centers).argmin(axis=1), centers


@settings(max_examples=60, deadline=None)
@given(
    st.integers(0, 10_000),
    st.sampled_from([np.float32, np.float64]),
    st.sampled_from(["blobs", "ties"]),
    st.booleans(),
    st.sampled_from([1, 2, 40]),
)
def test_every_fit_is_that_of_the_slow_truth(seed, dtype, kind, weighted, max_iter):
    X = with_gaps(seed, n=60, d=3, dtype=dtype, kind=kind)
    generator = np.random.default_rng(seed)
    weights = generator.integers(0, 4, size=60).astype(float) if weighted else np.ones(60)
    weights[:3] = 1
    start = np.nan_to_num(X[[0, 1, 30]]) + np.arange(3)[:, None] * 0.25
    model = KMeans(3, init=start, tol=0, max_iter=max_iter, missing="ignore")
    model.fit(X, sample_weight=weights)
    if len(set(model.labels_)) < 3 or model.history_[0].moved == 0:
        return  # what an empty cluster does is another test's
    distances = slow_distances(X, model.cluster_centers_)
    assert_array_equal(model.labels_, distances.argmin(axis=1))
    assert_array_equal(model.predict(X), model.labels_)
    assert model.inertia_ == pytest.approx((weights * distances.min(axis=1)).sum(), rel=1e-12)
    inertias = [step.inertia for step in model.history_] + [model.inertia_]
    assert all(b <= a * (1 + 1e-13) for a, b in itertools.pairwise(inertias))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("simd", _engine.instruction_sets())
def test_centers_are_the_means_of_what_is_known(dtype, simd, monkeypatch):
    monkeypatch.setenv("KMOSAIC_SIMD", simd)
    X = with_gaps(1, dtype=dtype)
    start = np.nan_to_num(X[:4]) + np.arange(4)[:, None]
    for max_iter in (1, 2, 3, 100):
        model = KMeans(4, init=start, tol=0, max_iter=max_iter, missing="ignore").fit(X)
        labels, centers = slow_lloyd(X, start, np.ones(len(X)), max_iter)
        assert_array_equal(model.labels_, labels)
        assert_allclose(
            model.cluster_centers_, centers, rtol=1e-6 if dtype == np.float32 else 1e-13
        )


def test_without_gaps_it_is_kmeans_to_the_bit():
    X, _ = make_blobs(500, 6, centers=5, random_state=0)
    plain, ignoring = (KMeans(5, random_state=0, missing=m).fit(X) for m in ("error", "ignore"))
    assert_array_equal(plain.cluster_centers_, ignoring.cluster_centers_)
    assert plain.algorithm_used_ == ignoring.algorithm_used_


def test_groups_are_found_where_a_third_is_missing():
    X, groups = make_blobs(1000, 10, centers=5, random_state=3)
    X[np.random.default_rng(0).random(X.shape) < 0.3] = np.nan
    X = X[~np.isnan(X).all(axis=1)]
    model = KMeans(5, random_state=0, n_init=5, missing="ignore").fit(X)
    assert adjusted_rand_score(groups[: len(X)], model.labels_) > 0.95
    assert "missing" in model.why_
    assert not np.isnan(model.cluster_centers_).any()


@pytest.mark.parametrize("init", ["k-means++", "random"])
def test_any_number_of_threads_gives_the_same_bits(init, monkeypatch):
    X = with_gaps(n=20_000, d=7)
    found = set()
    for threads in (1, 2, 3, 8):
        monkeypatch.setenv("KMOSAIC_NUM_THREADS", str(threads))
        model = KMeans(9, init=init, random_state=0, max_iter=8, missing="ignore").fit(X)
        found.add((model.cluster_centers_.tobytes(), model.labels_.tobytes(), model.inertia_))
    assert len(found) == 1


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000))
def test_weights_equal_repetition_and_the_order_of_rows_does_not_matter(seed):
    generator = np.random.default_rng(seed)
    X = with_gaps(seed, n=40, d=3, kind="ties")
    times = generator.integers(0, 4, size=40)
    times[:3] = 1
    order = generator.permutation(times.sum())
    for init in (np.nan_to_num(X[:3]), "k-means++"):
        settings = {"init": init, "tol": 0, "missing": "ignore", "random_state": 0}
        weighted = KMeans(3, **settings).fit(X, sample_weight=times)
        repeated = KMeans(3, **settings).fit(np.repeat(X, times, axis=0)[order])
        assert_array_equal(weighted.cluster_centers_, repeated.cluster_centers_)
        assert weighted.inertia_ == pytest.approx(repeated.inertia_, rel=1e-12)


def test_a_column_that_a_cluster_does_not_know_keeps_its_start():
    X = np.array([[0.0, 1.0], [0.1, 2.0], [9.0, np.nan], [9.2, np.nan]])
    model = KMeans(2, init=[[0.0, 0.0], [9.0, 7.0]], tol=0, missing="ignore").fit(X)
    assert_allclose(model.cluster_centers_, [[0.05, 1.5], [9.1, 7.0]], rtol=1e-13)


def test_gaps_go_with_outliers_and_with_sizes():
    X = with_gaps(n=200)
    X[:5] = [[900.0, np.nan, 1, 1, 1]] * 5
    trimmed = TrimmedKMeans(4, contamination=0.025, random_state=0, missing="ignore").fit(X)
    assert_array_equal(np.flatnonzero(trimmed.outlier_mask_), np.arange(5))
    balanced = BalancedKMeans(4, random_state=0, missing="ignore").fit(X)
    assert_array_equal(np.bincount(balanced.labels_), [50] * 4)
    _, labels, _ = k_means(X, 4, random_state=0, missing="ignore")
    assert len(labels) == 200


def test_transform_and_score_are_over_what_is_known():
    X = with_gaps()
    model = KMeans(4, random_state=0, missing="ignore").fit(X)
    assert_allclose(model.transform(X), np.sqrt(slow_distances(X, model.cluster_centers_)))
    assert model.score(X) == pytest.approx(-model.inertia_)


def test_x_is_not_changed():
    X = with_gaps()
    before = X.copy()
    KMeans(4, missing="ignore").fit(X).predict(X)
    assert_array_equal(X, before)


@pytest.mark.parametrize(
    ("X", "said"),
    [
        ([[1.0, 2.0], [np.nan, np.nan], [3.0, 4.0]], "Row 1 of X holds no number at all"),
        ([[1.0, np.nan], [2.0, np.nan], [3.0, np.nan]], "Column 1 of X holds no number at all"),
        ([[1.0, np.nan], [2.0, np.inf], [3.0, 2.0]], "infinity, first at row 1, column 1"),
    ],
)
def test_what_no_gap_explains_is_refused_with_its_place(X, said):
    with pytest.raises(ValueError, match=said):
        KMeans(2, missing="ignore").fit(X)


def test_the_plain_error_names_this_option():
    with pytest.raises(ValueError, match="missing='ignore'"):
        KMeans(2).fit([[1.0, np.nan], [2.0, 1.0]])


def test_sparse_rows_have_no_gaps():
    with pytest.raises(ValueError, match="NaN, first at row 0, column 1"):
        KMeans(1, missing="ignore").fit(csr_array([[0.0, np.nan], [2.0, 1.0]]))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("simd", _core.instruction_sets())
@pytest.mark.parametrize("d", [1, 2, 7, 15, 16, 17, 33, 300])
def test_the_kernel_gives_the_bits_of_the_slow_truth(simd, dtype, d):
    x, c = np.random.default_rng(d).normal(size=(2, d)).astype(dtype)
    x[:: 1 + d % 3] = np.nan
    truth = slow_distances(x[None], c[None])[0, 0]
    assert _core.known_distance(simd, x, c.astype(float)) == truth
