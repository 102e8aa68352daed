"""The silhouette of rows that are far out, copies, next to each other, or very many clusters."""

import numpy as np
import pytest
import scipy.sparse as sp
from numpy.testing import assert_allclose, assert_array_equal
from tests.metrics.slow import BOUND, KINDS, USUAL, as_kind, blobs, slow

from kmosaic.metrics import silhouette_samples


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("d", [2, 16, 40])
@pytest.mark.parametrize("offset", [1e6, 1e9])
def test_a_common_offset_costs_nothing_that_the_rows_do_not_lose(offset, d, dtype):
    X, labels = blobs(400, d, 3)
    X = (X * 1000 + offset).astype(dtype)
    assert_allclose(silhouette_samples(X, labels), slow(X, labels), rtol=0, atol=USUAL)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("d", [2, 40])
def test_copies_are_at_no_distance(d, kind):
    X, labels = blobs(60, d, 3)
    X = as_kind(X, kind)
    twice, labels = X[np.repeat(np.arange(60), 4)], np.repeat(labels, 4)
    assert_allclose(silhouette_samples(twice, labels), slow(twice, labels), rtol=0, atol=USUAL)
    each = np.repeat(np.arange(60), 4)
    exact = slow(twice, each)  # 1, but where two rows are alike
    assert_array_equal(silhouette_samples(twice, each)[exact == 1], 1)
    assert_array_equal(silhouette_samples(twice, each)[exact == 0], 0)
    same = twice[np.zeros(9, int)]
    assert_array_equal(silhouette_samples(same, [0, 0, 0, 1, 1, 1, 2, 2, 2]), np.zeros(9))


@pytest.mark.parametrize("d", [3, 40])
def test_a_row_alone_in_its_cluster_has_none(d):
    X, labels = blobs(100, d, 3)
    labels[[4, 70]] = 7, 8
    found = silhouette_samples(X, labels)
    assert found[4] == found[70] == 0
    assert_allclose(found, slow(X, labels), rtol=0, atol=USUAL)


@pytest.mark.parametrize("near", [1e-3, 1e-5, 1e-7, 1e-9])
@pytest.mark.parametrize("d", [17, 64, 300])
def test_clusters_far_smaller_than_they_are_apart_keep_to_the_bound(d, near):
    random = np.random.default_rng(3)
    labels = np.repeat(np.arange(4), 50)
    X = random.normal(size=(2, d))[labels // 2] + near * random.normal(size=(200, d))
    X += near * random.normal(size=(4, d))[labels]
    assert_allclose(silhouette_samples(X, labels), slow(X, labels), rtol=0, atol=BOUND)


@pytest.mark.parametrize("d", [2, 40])
def test_one_row_far_out_hides_nothing(d):
    X, labels = blobs(200, d, 3)
    X[17] *= 1e8
    assert_allclose(silhouette_samples(X, labels), slow(X, labels), rtol=0, atol=BOUND)


@pytest.mark.parametrize("kind", ["float32", "float64", "CSR of float64"])
@pytest.mark.parametrize("d", [2, 40])
def test_a_power_of_two_changes_nothing(d, kind):
    X, labels = blobs(300, d, 3)
    X = as_kind(X, kind)
    found = silhouette_samples(X, labels)
    for exponent in (-40, 40) if "32" in kind else (-700, 400):
        scaled = X * X.dtype.type(2.0**exponent)
        assert_array_equal(silhouette_samples(scaled, labels), found)


def test_more_sums_than_are_held_are_taken_one_cluster_at_a_time():
    n = 8_200  # rows and clusters whose sums would be more than 2^25
    X, _ = blobs(n, 2, 6)
    labels = np.arange(n) % (n // 2)
    found = silhouette_samples(X, labels)
    some = np.random.default_rng(5).permutation(n)[:40]
    distances = np.sqrt(((X[some, np.newaxis] - X) ** 2).sum(axis=2))
    sums = np.stack([np.bincount(labels, row) for row in distances])
    own = labels[some]
    a = sums[np.arange(40), own]  # two rows each
    sums[np.arange(40), own] = np.inf
    b = (sums / 2).min(axis=1)
    assert_allclose(found[some], (b - a) / np.maximum(a, b), rtol=0, atol=USUAL)


def test_sparse_rows_with_offsets_and_empty_rows():
    random = np.random.default_rng(6)
    X = random.normal(size=(200, 30)) * (random.random((200, 30)) < 0.2)
    X[:, 3] += 1e6
    X[5] = X[9] = 0
    labels = random.integers(0, 3, 200)
    found = silhouette_samples(sp.csr_array(X), labels)
    assert_allclose(found, slow(X, labels), rtol=0, atol=BOUND)
