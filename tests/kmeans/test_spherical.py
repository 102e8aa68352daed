"""SphericalKMeans: directions, and the largest cosine."""

import itertools

import numpy as np
import pytest
import scipy.sparse as sp
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.datasets import make_blobs
from sklearn.metrics.pairwise import cosine_distances
from sklearn.utils.estimator_checks import parametrize_with_checks
from tests.kmeans import slow
from tests.kmeans.sparse_rows import documents

from kmosaic import KMeans, SphericalKMeans, _engine
from kmosaic._engine import Data
from kmosaic.kmeans.spherical import on_sphere


@parametrize_with_checks([SphericalKMeans(), SphericalKMeans(init="random", n_init=2)])
@pytest.mark.filterwarnings("ignore")
def test_it_passes_every_check_of_scikit_learn(estimator, check):
    check(estimator)


def directions(n=500, d=5, k=4, seed=0, dtype=np.float64):
    generator = np.random.default_rng(seed)
    middles = generator.normal(size=(k, d))
    rows = middles[generator.integers(k, size=n)] + generator.normal(size=(n, d)) * 0.4
    return (rows * generator.exponential(size=(n, 1))).astype(dtype)


def lengths(X):
    return Data(X).lengths()


def slow_spherical(X, centers, max_iter):
    """In numpy; X and centers of length 1. No empty clusters."""
    centers, before = np.array(centers), None
    for _ in range(max_iter):
        labels = slow.nearest(X, centers)
        if before is not None and (labels == before).all():
            break
        before = labels
        means = slow.means(X, labels, centers)
        centers = (means / np.linalg.norm(means, axis=1, keepdims=True)).astype(X.dtype)
    return centers


@pytest.mark.parametrize("algorithm", ["auto", *_engine.algorithms()])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("simd", _engine.instruction_sets())
def test_every_algorithm_gives_what_the_slow_truth_gives(algorithm, dtype, simd, monkeypatch):
    monkeypatch.setenv("KMOSAIC_SIMD", simd)
    X = directions(d=3, dtype=dtype)
    unit = on_sphere(X, lengths(X))
    for max_iter in (1, 2, 60):
        settings = {"init": unit[:4], "tol": 0, "max_iter": max_iter, "algorithm": algorithm}
        model = SphericalKMeans(4, **settings).fit(X)
        expected = slow_spherical(unit, unit[:4], max_iter)
        assert_allclose(model.cluster_centers_, expected, atol=1e-6)
        assert_array_equal(model.labels_, slow.nearest(unit, model.cluster_centers_))
        assert_array_equal(model.predict(X), model.labels_)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_all_that_it_tells_is_of_cosines(dtype):
    X = directions(dtype=dtype)
    seen = []
    model = SphericalKMeans(4, random_state=0, tol=0, on_iteration=seen.append).fit(X)
    assert model.cluster_centers_.dtype == dtype
    assert_allclose(np.linalg.norm(model.cluster_centers_, axis=1), 1, rtol=1e-6)
    distances = cosine_distances(X.astype(float), model.cluster_centers_.astype(float))
    assert_allclose(model.transform(X), distances, atol=2e-6)
    assert_allclose(model.inertia_, distances.min(axis=1).sum(), rtol=1e-5)
    assert_allclose(model.score(X), -model.inertia_, rtol=1e-12)
    assert [step.inertia for step in seen] == [step.inertia for step in model.history_]
    inertias = [step.inertia for step in model.history_] + [model.inertia_]
    assert all(b <= a * (1 + 1e-12) for a, b in itertools.pairwise(inertias))
    assert_allclose(inertias[-1], inertias[-2], rtol=1e-9)


def test_lengths_do_not_matter_and_x_stays_as_it_is():
    X = directions()
    before = X.copy()
    powers = np.random.default_rng(1).integers(-8, 9, size=(len(X), 1))
    model = SphericalKMeans(4, random_state=0).fit(X)
    again = SphericalKMeans(4, random_state=0).fit(X * 2.0**powers)
    assert_array_equal(model.labels_, again.labels_)
    assert_array_equal(X, before)


def test_rows_of_length_one_are_not_copied():
    X = on_sphere(directions(), lengths(directions()))
    assert on_sphere(X, lengths(X)) is X


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_sparse_rows_give_what_the_same_rows_written_out_give(seed, dtype):
    rows = documents(seed, dtype=dtype)
    rows = rows[np.diff(rows.indptr) > 0]
    rows = rows[np.abs(rows).sum(axis=1) > 0]
    sparse, dense = (
        SphericalKMeans(5, init=rows.toarray()[:5], tol=0).fit(X) for X in (rows, rows.toarray())
    )
    assert_array_equal(sparse.labels_, dense.labels_)
    assert_array_equal(sparse.cluster_centers_, dense.cluster_centers_)
    assert_allclose(sparse.inertia_, dense.inertia_, rtol=1e-12)


def test_sparse_rows_stay_sparse_and_as_they_are():
    rows = documents(1)
    before = rows.copy()
    with pytest.warns(UserWarning, match="rows of zeros, 1 in all, the first is row 150"):
        model = SphericalKMeans(5, random_state=0).fit(rows)
    assert (rows != before).nnz == 0
    assert_allclose(model.inertia_ * 2, _squared(rows, model), rtol=1e-9)


def _squared(rows, model):
    kept = rows.toarray()
    lengths = np.linalg.norm(kept, axis=1, keepdims=True)
    kept = kept[lengths[:, 0] > 0] / lengths[lengths[:, 0] > 0]
    return slow.squared_distances(kept, model.cluster_centers_).min(axis=1).sum()


def test_a_row_of_zeros_counts_for_nothing():
    X = directions()
    with pytest.warns(UserWarning, match="rows of zeros, 2 in all, the first is row 500"):
        with_them = SphericalKMeans(4, init=X[:4]).fit(np.vstack([X, np.zeros((2, 5))]))
    without = SphericalKMeans(4, init=X[:4]).fit(X)
    assert_array_equal(with_them.cluster_centers_, without.cluster_centers_)
    assert_allclose(with_them.inertia_, without.inertia_, rtol=1e-12)
    with pytest.warns(UserWarning, match="rows of zeros"):
        assert_array_equal(without.transform(np.zeros((1, 5))), np.ones((1, 4)))


def test_a_cluster_of_opposite_rows_keeps_its_center():
    X = np.array([[1.0, 0.0], [-1.0, 0.0]])
    model = SphericalKMeans(1, init=[[0.0, 1.0]], tol=0).fit(X)
    assert_array_equal(model.cluster_centers_, [[0.0, 1.0]])
    assert model.inertia_ == 2.0


def test_pixels_are_directions_too():
    X = np.random.default_rng(0).integers(0, 256, size=(200, 12), dtype=np.uint8)
    by_bytes, by_floats = (SphericalKMeans(3, random_state=0).fit(x) for x in (X, X.astype(float)))
    assert_array_equal(by_bytes.cluster_centers_, by_floats.cluster_centers_)


@pytest.mark.parametrize("kind", [np.asarray, sp.csr_array])
def test_any_number_of_threads_gives_the_same_bits(kind, monkeypatch):
    X = kind(np.abs(directions(n=20_000, d=9, dtype=np.float32)))
    found = set()
    for threads in (1, 2, 3, 8):
        monkeypatch.setenv("KMOSAIC_NUM_THREADS", str(threads))
        model = SphericalKMeans(7, random_state=0).fit(X)
        found.add((model.cluster_centers_.tobytes(), model.labels_.tobytes(), model.inertia_))
    assert len(found) == 1


def test_directions_are_found_where_lengths_mislead():
    X, _ = make_blobs(600, 20, centers=3, cluster_std=0.3, center_box=(0, 1), random_state=0)
    X = X * np.random.default_rng(0).exponential(3, size=(600, 1))
    unit = on_sphere(np.ascontiguousarray(X), lengths(X))
    by_angle = SphericalKMeans(3, random_state=0, n_init=5).fit(X)
    by_distance = KMeans(3, random_state=0, n_init=5).fit(X)

    def spread(labels):
        return sum(
            len(unit[labels == c]) - np.linalg.norm(unit[labels == c].sum(0)) for c in range(3)
        )

    assert spread(by_angle.labels_) < spread(by_distance.labels_)
    assert_allclose(by_angle.inertia_, spread(by_angle.labels_), rtol=1e-6)


@pytest.mark.parametrize("make", [np.asarray, sp.csr_array, sp.csr_matrix], ids=["", "csr", "old"])
@pytest.mark.parametrize("factor", [1e200, 2.0**-600, 1e-160, 1e-200, 1e-300])
def test_rows_may_be_of_any_length(factor, make):
    rows = directions()
    far = rows * factor
    plain = SphericalKMeans(4, random_state=0).fit(make(rows))
    model = SphericalKMeans(4, random_state=0).fit(make(far))
    assert_array_equal(model.labels_, plain.labels_)
    assert_allclose(model.cluster_centers_, plain.cluster_centers_, rtol=1e-14)
    assert_array_equal(plain.predict(make(far)), plain.labels_)
    assert_allclose(plain.transform(make(far)), plain.transform(make(rows)), atol=1e-14)
    assert_allclose(np.linalg.norm(model.cluster_centers_, axis=1), 1)
    assert_array_equal(far, rows * factor)


def test_long_and_short_rows_may_stand_together_and_lose_no_bit():
    rows = directions()
    mixed = rows * 2.0 ** np.random.default_rng(0).integers(-1000, 900, (len(rows), 1))
    plain, model = (SphericalKMeans(4, random_state=0).fit(X) for X in (rows, mixed))
    assert_array_equal(model.labels_, plain.labels_)
    assert_array_equal(model.cluster_centers_, plain.cluster_centers_)


def test_a_start_may_be_as_far_as_it_likes():
    rows = directions()
    near, far = (
        SphericalKMeans(4, init=rows[:4] * factor, n_init=1).fit(rows) for factor in (1, 2.0**800)
    )
    assert_array_equal(near.cluster_centers_, far.cluster_centers_)


def test_sparse_parts_may_be_longer_than_the_rows_in_them():
    rows = sp.csr_array(directions())
    longer = rows.copy()
    longer.data = np.concatenate([rows.data, [7.0, 8.0]])
    longer.indices = np.concatenate([rows.indices, np.array([0, 99], rows.indices.dtype)])
    plain, model = (SphericalKMeans(4, random_state=0).fit(X) for X in (rows, longer))
    assert_array_equal(model.cluster_centers_, plain.cluster_centers_)


@pytest.mark.parametrize("call", ["fit", "fit_predict", "fit_transform", "predict", "score"])
def test_a_warning_of_rows_of_zeros_points_at_the_caller(call):
    rows = directions()
    model = SphericalKMeans(3, random_state=0).fit(rows)
    rows[3] = 0
    with pytest.warns(UserWarning, match="rows of zeros") as told:
        getattr(model, call)(rows)
    assert {each.filename for each in told} == {__file__}


@pytest.mark.parametrize("dtype", [np.float32, np.uint8])
def test_a_row_of_zeros_among_others_that_are_not_float64_is_but_warned_of(dtype):
    rows = (np.abs(directions()) * 50 + 1).astype(dtype)
    rows[3] = 0
    with pytest.warns(UserWarning, match="rows of zeros, 1 in all"):
        SphericalKMeans(3, random_state=0).fit(rows)
