"""Sparse rows give what the same rows written out give: every label and center, to the last bit."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import scipy.sparse as sp
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.exceptions import ConvergenceWarning
from sklearn.feature_extraction.text import TfidfVectorizer
from tests.kmeans.sparse_rows import assert_same_fit, documents, starts, trajectory

from kmosaic import KMeans
from kmosaic._engine import Data, instruction_sets
from kmosaic._errors import InputError
from kmosaic._sparse import SparseData


@pytest.mark.parametrize("k", [1, 2, 5, 17, 40, 90])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("seed", [0, 1])
def test_every_label_of_every_iteration_and_the_centers_are_those_of_the_dense_fit(k, dtype, seed):
    assert_same_fit(documents(seed, dtype=dtype), k)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_weights_count_as_with_dense_rows(dtype):
    random = np.random.default_rng(0)
    rows = documents(3, dtype=dtype)
    assert_same_fit(rows, 12, random.random(rows.shape[0]))
    assert_same_fit(rows, 12, random.integers(0, 3, rows.shape[0]).astype(float))


@pytest.mark.parametrize("scale", [1e-200, 1e-30, 1e-12, 1e12, 1e30, 1e120])
def test_values_of_any_size_give_the_dense_fit(scale):
    rows = documents(2)
    rows.data *= scale
    assert_same_fit(rows, 9)


def test_values_below_zero_and_far_from_zero_give_the_dense_fit():
    rows = documents(4)
    rows.data -= 0.5
    assert_same_fit(rows, 9)
    rows.data += 1000
    assert_same_fit(rows, 9)


def test_centers_far_away_and_twice_the_same_give_the_dense_fit():
    rows = documents(5)
    far = starts(rows, 6)
    far[1] *= 1e18
    far[2] = far[3]
    assert_same_fit(rows, 6, centers=far)


def test_rows_that_are_all_alike_or_empty_give_the_dense_fit():
    alike = sp.csr_array(np.tile([[0.0, 1.5, 0.0, 2.0]], (30, 1)))
    assert_same_fit(alike, 3)
    assert_same_fit(sp.csr_array((30, 4)), 3)


def test_an_empty_cluster_takes_the_row_that_it_would_take_of_the_dense_rows():
    rows = documents(6)
    centers = starts(rows, 8)
    centers[3:6] = 50.0
    assert_same_fit(rows, 8, centers=centers)


@pytest.mark.parametrize("simd", instruction_sets())
def test_all_instruction_sets_and_thread_counts_give_the_same_bits(simd, monkeypatch):
    rows = documents(7, n=6000, d=9000, density=0.01)  # enough for all loops to be shared out
    centers = starts(rows, 70)

    def bits(name, threads):
        monkeypatch.setenv("KMOSAIC_SIMD", name)
        monkeypatch.setenv("KMOSAIC_NUM_THREADS", str(threads))
        data = SparseData(rows)
        labels, means, inertia = trajectory(data, centers)
        seeds = data.plus_plus(20, np.random.RandomState(0))
        return labels.tobytes(), means.tobytes(), inertia, seeds.tobytes(), data.mean_variance()

    assert bits(simd, 3) == bits("baseline", 1)


@pytest.mark.parametrize("columns", [1, 16, 30, 48, 64, 100])
def test_panels_of_every_width_find_the_nearest_of_the_dense_rows(columns):
    rows = documents(8)
    dense, sparse = Data(rows.toarray()), SparseData(rows)
    centers = starts(rows, columns)
    assert_array_equal(sparse.nearest(centers)[0], dense.nearest(centers)[0])
    assert_allclose(sparse.nearest(centers)[1], dense.nearest(centers)[1], rtol=1e-12)
    assert_allclose(sparse.squared_distances(centers), dense.squared_distances(centers), rtol=1e-12)
    if columns > 1:
        for ours, theirs in zip(
            sparse.nearest_two(centers), dense.nearest_two(centers), strict=True
        ):
            assert_array_equal(ours, theirs)


def test_mean_variance_is_that_of_the_dense_rows():
    rows = documents(9)
    weights = np.random.default_rng(0).random(rows.shape[0])
    assert_allclose(SparseData(rows).mean_variance(), rows.toarray().var(axis=0).mean())
    dense = Data(rows.toarray(), weights).mean_variance()
    assert_allclose(SparseData(rows, weights).mean_variance(), dense)


def model(**settings):
    return KMeans(n_clusters=6, random_state=0, **settings)


@pytest.mark.parametrize("init", ["k-means++", "random"])
def test_explicit_zeros_repeated_and_unsorted_columns_do_not_matter(init):
    rows = documents(10)
    messy = rows.tocoo()
    order = np.random.default_rng(0).permutation(messy.nnz)
    first, second = messy.coords[0][order], messy.coords[1][order]
    values = messy.data[order] / 2
    data = np.concatenate([values, values, np.zeros(50)])
    first = np.concatenate([first, first, np.arange(50)])
    second = np.concatenate([second, second, np.arange(50)])
    starts_of = np.searchsorted(np.sort(first), np.arange(rows.shape[0] + 1))
    by_row = np.argsort(first, kind="stable")
    messy = sp.csr_array((data[by_row], second[by_row], starts_of), shape=rows.shape)
    before = messy.data.copy(), messy.indices.copy(), messy.indptr.copy()
    ours, clean = model(init=init).fit(messy), model(init=init).fit(rows)
    assert_array_equal(ours.cluster_centers_, clean.cluster_centers_)
    assert_array_equal(ours.labels_, clean.labels_)
    for then, now in zip(before, (messy.data, messy.indices, messy.indptr), strict=True):
        assert_array_equal(then, now)


@pytest.mark.parametrize("form", ["csr", "csc", "coo", "lil", "bsr", "dok"])
@pytest.mark.parametrize("kind", [sp.csr_array, sp.csr_matrix])
def test_every_sparse_form_is_taken(form, kind):
    rows = kind(documents(11))
    expected = model().fit(rows).labels_
    found = model().fit(rows.asformat(form))
    assert_array_equal(found.labels_, expected)
    assert_array_equal(found.predict(rows.asformat(form)), expected)


def test_wide_indices_and_integers_are_taken():
    rows = documents(1)
    wide = rows.copy()
    wide.indptr, wide.indices = wide.indptr.astype(np.int64), wide.indices.astype(np.int64)
    assert_array_equal(model().fit(wide).labels_, model().fit(rows).labels_)
    assert_array_equal(model().fit(rows.astype(np.int32)).labels_, model().fit(rows).labels_)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_estimator_does_all_that_it_does_with_dense_rows(dtype):
    rows = documents(12, dtype=dtype)
    start, weights = starts(rows, 6), np.random.default_rng(0).random(rows.shape[0])
    settings = {"n_clusters": 6, "init": start, "n_init": 1}
    dense = KMeans(**settings).fit(rows.toarray(), sample_weight=weights)
    sparse = KMeans(**settings).fit(rows, sample_weight=weights)
    assert_array_equal(sparse.cluster_centers_, dense.cluster_centers_)
    assert sparse.cluster_centers_.dtype == dtype
    assert_array_equal(sparse.labels_, dense.labels_)
    assert_array_equal(sparse.predict(rows), dense.predict(rows.toarray()))
    assert_allclose(sparse.transform(rows), dense.transform(rows.toarray()), rtol=1e-6)
    assert sparse.transform(rows).dtype == dtype
    assert_allclose(sparse.score(rows, sample_weight=weights), -sparse.inertia_, rtol=1e-9)


@pytest.mark.parametrize("init", ["k-means++", "random"])
def test_weights_equal_repetition_and_order_does_not_matter(init):
    random = np.random.default_rng(0)
    rows = documents(13)
    times = random.integers(1, 4, rows.shape[0])
    weighted = model(init=init).fit(rows, sample_weight=times)
    repeated = model(init=init).fit(rows[np.repeat(np.arange(rows.shape[0]), times)])
    assert_array_equal(weighted.cluster_centers_, repeated.cluster_centers_)
    order = random.permutation(rows.shape[0])
    shuffled = model(init=init).fit(rows[order], sample_weight=times[order])
    assert_array_equal(weighted.cluster_centers_, shuffled.cluster_centers_)


@pytest.mark.parametrize("k", [6, 40])
def test_seeding_never_takes_copies_while_there_are_other_rows(k):
    rows = sp.csr_array(sp.vstack([documents(14)[:k]] * 20))
    chosen = SparseData(rows).plus_plus(k, np.random.RandomState(0))
    assert len(np.unique(rows[chosen].toarray(), axis=0)) == len(
        np.unique(rows[:k].toarray(), axis=0)
    )


def test_seeding_finds_groups_that_lie_apart():
    blocks = [sp.random_array((50, 30), density=0.3, rng=seed) * 0.01 + sp.csr_array(
        np.tile(np.eye(30)[seed], (50, 1))) for seed in range(8)]  # fmt: skip
    rows = sp.csr_array(sp.vstack(blocks))
    found = KMeans(8, random_state=0).fit(rows).labels_.reshape(8, 50)
    assert (found == found[:, :1]).all()
    assert len(set(found[:, 0])) == 8


@pytest.mark.parametrize(("value", "name"), [(np.nan, "NaN"), (np.inf, "infinity")])
def test_numbers_that_are_none_are_refused_with_their_place(value, name):
    rows = documents(0)
    at = rows.indptr[7]
    rows.data[at] = value
    place = f"{name}, first at row 7, column {rows.indices[at]}"
    with pytest.raises(InputError, match=place):
        model().fit(rows)


def test_numbers_whose_squares_overflow_are_refused():
    with pytest.raises(InputError, match="overflow"):
        SparseData(sp.csr_array([[1e200, 0.0], [1e200, 1.0]]))


def test_arrays_that_are_no_sparse_matrix_never_reach_the_loops():
    rows = documents(0)
    rows.has_canonical_format = True
    rows.indices[3] = 10_000
    with pytest.raises(ValueError, match="do not make up a sparse matrix"):
        SparseData(rows)


def test_fewer_rows_or_contents_than_clusters_are_told():
    with pytest.raises(InputError, match="n_samples=3"):
        KMeans(4).fit(documents(0)[:3])
    with pytest.warns(ConvergenceWarning, match="distinct clusters"):
        KMeans(4, random_state=0).fit(sp.csr_array(np.eye(2)[[0, 1, 0, 1, 1]]))


def test_a_memory_limit_leaves_the_bounds_out_and_changes_nothing():
    rows = documents(3)
    with pytest.warns(UserWarning, match="memory_limit=1000 is too little"):
        lean = model(memory_limit=1000).fit(rows)
    ours = model().fit(rows)
    assert (lean.algorithm_used_, ours.algorithm_used_) == ("lloyd", "elkan")
    assert lean.certificate_.extra_bytes < ours.certificate_.extra_bytes
    assert_array_equal(lean.cluster_centers_, ours.cluster_centers_)


def test_inertia_never_rises():
    history = model(tol=0).fit(documents(15, n=2000)).history_
    assert all(b.inertia <= a.inertia for a, b in itertools.pairwise(history))


def test_real_news_give_the_dense_fit(shared_data):
    texts = [path.read_text("latin-1") for path in sorted((shared_data / "bbc").glob("*/*.txt"))]
    rows = TfidfVectorizer(min_df=5).fit_transform(texts[::4])
    assert_same_fit(rows, 5)
    assert_same_fit(rows.astype(np.float32), 20)
