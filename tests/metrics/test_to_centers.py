"""Silhouettes by distances to centers, against the definition."""

import numpy as np
import pytest
import scipy.sparse as sp
from numpy.testing import assert_allclose, assert_array_equal

from kmosaic import KMeans
from kmosaic._errors import InputError
from kmosaic.metrics import medoid_silhouette_score, simplified_silhouette_samples


def slow(X, centers, labels=None):
    X = (X.toarray() if sp.issparse(X) else X).astype(np.float64)
    distances = np.sqrt(((X[:, np.newaxis] - centers) ** 2).sum(axis=2))
    own = distances.argmin(axis=1) if labels is None else labels
    rows = np.arange(len(X))
    a = distances[rows, own]
    distances[rows, own] = np.inf
    b = distances.min(axis=1)
    larger = np.maximum(a, b)
    return np.where(larger > 0, (b - a) / np.where(larger > 0, larger, 1), 0)


def rows(kind, n=500, d=12):
    random = np.random.default_rng(0)
    X = random.normal(size=(n, d)) * 30 + 100
    if kind == "CSR":
        return sp.csr_array(X * (random.random(X.shape) < 0.3))
    return np.clip(X, 0, 255).astype(kind)


KINDS = ["float32", "float64", "uint8", "CSR"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("k", [2, 3, 40])
def test_without_labels_rows_belong_to_the_nearest_center(kind, k):
    X = rows(kind)
    centers = rows("float64", k, 12)
    found = simplified_silhouette_samples(X, centers)
    assert_allclose(found, slow(X, centers), rtol=0, atol=1e-12)
    assert (found >= 0).all()


@pytest.mark.parametrize("kind", KINDS)
def test_labels_need_not_be_the_nearest_centers(kind):
    X, centers = rows(kind), rows("float64", 5, 12)
    labels = np.random.default_rng(1).integers(0, 5, 500)
    found = simplified_silhouette_samples(X, centers, labels)
    assert_allclose(found, slow(X, centers, labels), rtol=0, atol=1e-12)


def test_labels_of_a_fit_are_the_nearest_centers():
    X = rows("float32")
    model = KMeans(6, random_state=0).fit(X)
    centers = model.cluster_centers_
    assert_array_equal(
        simplified_silhouette_samples(X, centers, model.labels_),
        simplified_silhouette_samples(X, centers),
    )


def test_a_row_on_two_centers_has_none():
    found = simplified_silhouette_samples(np.zeros((2, 1)), np.array([[0.0], [0.0]]), [0, 1])
    assert_array_equal(found, [0, 0])


@pytest.mark.parametrize("kind", KINDS)
def test_medoids_are_rows_or_their_numbers(kind):
    X = rows(kind)
    numbers = np.array([3, 77, 200, 413])
    medoids = (X[numbers].toarray() if kind == "CSR" else X[numbers]).astype(np.float64)
    expected = slow(X, medoids).mean()
    assert_allclose(medoid_silhouette_score(X, None, numbers), expected, rtol=1e-12)
    assert_allclose(medoid_silhouette_score(X, None, medoids), expected, rtol=1e-12)
    labels = np.arange(500) % 4
    assert_allclose(
        medoid_silhouette_score(X, labels, numbers), slow(X, medoids, labels).mean(), rtol=1e-11
    )


@pytest.mark.parametrize(
    ("centers", "labels", "what"),
    [
        (np.zeros((1, 12)), None, "two clusters"),
        (np.zeros((2, 11)), None, "shape"),
        (np.full((2, 12), np.nan), None, "NaN"),
        (sp.csr_array(np.zeros((2, 12))), None, "sparse"),
        (np.zeros((2, 12)), np.full(500, 2), "labels"),
        (np.zeros((2, 12)), np.full(500, 0.5), "labels"),
        (np.zeros((2, 12)), np.zeros(3, int), "labels"),
    ],
)
def test_what_does_not_fit_together_is_refused(centers, labels, what):
    with pytest.raises(InputError, match=what):
        simplified_silhouette_samples(rows("float64"), centers, labels)


def test_medoids_out_of_range_are_refused():
    with pytest.raises(InputError, match="centers_or_medoids"):
        medoid_silhouette_score(rows("float64"), None, [0, 500])
