"""Sparse rows of which nothing is usual: full columns, weights far apart, flags that lie."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import scipy.sparse as sp
from numpy.testing import assert_allclose, assert_array_equal
from tests.kmeans.sparse_rows import assert_same_fit, documents, starts

from kmosaic import KMeans
from kmosaic._engine import Data
from kmosaic._sparse import SparseData

MOST_IN_64_BITS = 1024  # rows that store a value in a column


def beside(rows, *columns):
    """Rows with columns beside them of which every value is stored."""
    wide = sp.hstack([rows, *(sp.csr_array(column[:, None]) for column in columns)])
    return sp.csr_array(wide, dtype=rows.dtype)


@pytest.mark.parametrize("n", [40, 3 * MOST_IN_64_BITS])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("middle", [-1e6, -10.0, 1.5, 3.1, 10.0, 2012.0, 1e6])
def test_columns_without_a_zero_far_from_zero_give_the_dense_fit(middle, dtype, n):
    random = np.random.default_rng(0)
    near = np.round(middle + random.uniform(-1, 1, n), 3)
    rows = beside(documents(0, n=n, d=30, dtype=dtype), near, np.full(n, middle))
    assert_same_fit(rows, 4)
    weights = random.random(n) + 0.5
    assert_same_fit(rows, 4, weights)
    for given in (None, weights):
        dense = Data(rows.toarray(), given).mean_variance()
        assert_allclose(SparseData(rows, given).mean_variance(), dense, rtol=1e-9)


def test_a_column_that_only_rows_without_weight_leave_out_gives_the_dense_fit():
    rows = beside(documents(0, n=40, d=30), np.linspace(2000, 2024, 40)).tolil()
    rows[7, -1] = 0
    weights = np.ones(40)
    weights[7] = 0
    weights[8] = 2
    assert_same_fit(sp.csr_array(rows.tocsr()), 4, weights)


@pytest.mark.parametrize("share", [0.5, 0.95, 1.0])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_columns_that_many_rows_store_a_value_in_give_the_dense_fit(share, dtype):
    n = 2 * MOST_IN_64_BITS + 500
    random = np.random.default_rng(0)
    crowd = random.normal(5, 3, (n, 3)) * (random.random((n, 3)) < share)
    rows = beside(documents(0, n=n, d=20, dtype=dtype), *crowd.T)
    assert_same_fit(rows, 3)
    assert_same_fit(rows, 20)


@pytest.mark.parametrize("share", [0.4, 0.97])
@pytest.mark.parametrize("scale", [1.0, 1e-35, 1e30])
@pytest.mark.parametrize("size", [lambda u: 0.999 + u / 1000, lambda u: u**8])
def test_sums_of_many_values_as_large_as_any_or_small_ones_fit_their_place(size, scale, share):
    n = 6 * MOST_IN_64_BITS
    random = np.random.default_rng(0)
    values = size(random.random((n, 3))) * (random.random((n, 3)) < share) * scale
    values[:, 1] *= -1
    for dtype in (np.float32, np.float64):
        assert_same_fit(sp.csr_array(values.astype(dtype)), 3)


@pytest.mark.parametrize("size", [(20, 10), (400, 50), (3000, 400)])
def test_repeated_columns_are_added_up_whatever_scipy_noted_of_them(size):
    once = sp.random_array(size, density=0.2, format="csr", rng=0)
    twice = sp.csr_array(
        (np.repeat(once.data / 2, 2), np.repeat(once.indices, 2), 2 * once.indptr), shape=size
    )
    centers = starts(once, 3)
    expected = SparseData(once).squared_distances(centers)
    for noted in (False, True):
        twice.has_canonical_format = noted
        twice.has_sorted_indices = noted
        assert_allclose(SparseData(twice).squared_distances(centers), expected, rtol=1e-12)
        assert_array_equal(
            SparseData(twice).fit(centers).centers, SparseData(once).fit(centers).centers
        )


def test_more_columns_than_have_a_place_each_are_put_in_order():
    d = 2**22 + 1000
    random = np.random.default_rng(0)
    columns = np.array([random.choice(d, 20, replace=False) for _ in range(50)])
    values = random.random((50, 20))
    mixed = sp.csr_array((values.ravel(), columns.ravel(), 20 * np.arange(51)), shape=(50, d))
    order = np.argsort(columns, axis=1)
    sorted_columns, sorted_values = (
        np.take_along_axis(each, order, axis=1).ravel() for each in (columns, values)
    )
    tidy = sp.csr_array((sorted_values, sorted_columns, 20 * np.arange(51)), shape=(50, d))
    ours, expected = (KMeans(3, random_state=0).fit(each) for each in (mixed, tidy))
    assert_array_equal(ours.labels_, expected.labels_)
    assert_array_equal(ours.cluster_centers_, expected.cluster_centers_)


def test_rows_of_no_columns_are_nearest_to_the_first_center():
    nearest = SparseData(sp.csr_array((3, 0))).nearest(np.zeros((2, 0)))
    assert_array_equal(nearest[0], [0, 0, 0])


@pytest.mark.parametrize(
    ("rows", "centers"),
    [
        ([[1e34, 0, 0], [0, 5e-12, 0]], [[0, 0, 3e-20], [0, 0, 0]]),
        ([[1e-120, 0], [0, 2e-163], [0, 0]], [[0, 0], [0, 2e-163]]),
        ([[1e-120, 0], [0, 2e-163], [0, 0]], [[0, 2e-163], [0, 0]]),
        ([[1e150, 0], [0, 1e-150], [0, 0]], [[0, 1e-150], [0, 0], [1e150, 0]]),
    ],
)
def test_rows_next_to_nothing_beside_others_are_where_float64_puts_them(rows, centers):
    rows, centers = np.array(rows, dtype=float), np.array(centers, dtype=float)
    expected = Data(rows).nearest(centers)
    for ours, theirs in zip(SparseData(sp.csr_array(rows)).nearest(centers), expected, strict=True):
        assert_array_equal(ours, theirs)


@pytest.mark.parametrize("heaviest", [1.0, 1e4, 1e6, 1e8])
@pytest.mark.parametrize("sparse", [True, False])
def test_the_inertia_of_every_iteration_is_accurate_however_far_apart_weights_are(heaviest, sparse):
    rows = documents(1, n=200)
    weights = np.random.default_rng(0).uniform(0.5, 1.5, 200)
    weights[100] = heaviest  # an empty row
    centers = starts(rows, 5)
    given = rows if sparse else rows.toarray()
    told = []
    data = (SparseData if sparse else Data)(given, weights)
    data.fit(centers, on_iteration=told.append)
    for done in told:
        squared = ((rows.toarray()[:, None] - centers) ** 2).sum(axis=2)
        labels = squared.argmin(axis=1)
        expected = (weights * squared.min(axis=1)).sum()
        assert abs(done.inertia - expected) <= 2.0**-36 * expected
        centers = np.array(
            [
                np.average(rows.toarray()[labels == c], axis=0, weights=weights[labels == c])
                for c in range(5)
            ]
        )


@pytest.mark.parametrize("sparse", [True, False])
def test_inertia_never_rises_up_to_the_last_iteration(sparse):
    for seed in range(150):
        random = np.random.default_rng(seed)
        rows = sp.random_array((60, 12), density=0.3, format="csr", rng=random)
        weights = 10.0 ** random.integers(-4, 5, 60) if seed % 3 else None
        model = KMeans(5, init="random", n_init=1, tol=0, random_state=seed)
        model.fit(rows if sparse else rows.toarray(), sample_weight=weights)
        assert all(b.inertia <= a.inertia for a, b in itertools.pairwise(model.history_))
