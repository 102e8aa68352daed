"""The silhouettes of many clusterings at once."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_array
from sklearn.metrics import silhouette_score
from tests.n_clusters.groups import blobs

from kmosaic._engine import Data
from kmosaic.n_clusters.sample import draw_from_each
from kmosaic.n_clusters.silhouettes import medoid_silhouette, silhouettes_of, spread_of


def clusterings(n, ks=(2, 3, 5)):
    rng = np.random.default_rng(0)
    labels = {k: np.concatenate([np.arange(k), rng.integers(0, k, n - k)]) for k in ks}
    return {k: own.astype(np.int32) for k, own in labels.items()}


@pytest.mark.parametrize("offset", [0.0, 1e6])
@pytest.mark.parametrize("kind", [np.asarray, csr_array])
def test_they_are_scikit_learns(kind, offset):
    if kind is csr_array and offset:
        pytest.skip("sparse rows stay where they are")
    rows = blobs(3) + offset
    labels = clusterings(len(rows))
    ours = silhouettes_of(kind(rows), np.arange(len(rows)), np.ones(len(rows)), labels)
    for k, own in labels.items():
        assert ours[k].mean == pytest.approx(silhouette_score(rows - offset, own), abs=1e-7)


def test_a_row_alone_in_its_cluster_counts_zero():
    rows, labels = np.array([[0.0], [1.0], [9.0]]), np.array([0, 0, 1], np.int32)
    found = silhouettes_of(rows, np.arange(3), np.ones(3), {2: labels})
    assert found[2].mean == pytest.approx((8 / 9 + 7 / 8) / 3)


def test_a_sample_of_every_cluster_comes_near_to_all_rows():
    rows = np.concatenate([blobs(2, 1000), blobs(1, 40) + 60.0])
    labels = np.repeat([0, 1, 2], [1000, 1000, 40]).astype(np.int32)
    chosen, weights = draw_from_each(np.arange(len(rows)), labels, 300, np.random.RandomState(0))
    assert len(chosen) < 350
    assert weights.sum() == pytest.approx(len(rows))
    found = silhouettes_of(rows, chosen, weights, {3: labels[chosen]})
    assert found[3].mean == pytest.approx(silhouette_score(rows, labels), abs=0.02)


def test_the_simplified_one_is_of_distances_to_centers():
    rows = blobs(3)
    data = Data(rows)
    fit = data.fit(rows[[0, 50, 100]])
    distances = np.sqrt(((rows[:, None] - fit.centers) ** 2).sum(axis=2))
    near = np.sort(distances, axis=1)
    spread = spread_of(data, fit, np.arange(len(rows)))
    assert spread.simplified_silhouette == pytest.approx(np.mean(1 - near[:, 0] / near[:, 1]))
    means = [distances[fit.labels == c, c].mean() for c in range(3)]
    assert spread.mean_distances == pytest.approx(means)


def slow_medoids(rows, labels):
    apart = np.sqrt(((rows[:, None] - rows) ** 2).sum(axis=2))
    inside = np.where(labels[:, None] == labels, apart, 0.0).sum(axis=1)
    return [
        min(np.flatnonzero(labels == c), key=lambda i: (round(inside[i], 9), i))
        for c in range(labels.max() + 1)
    ]


@pytest.mark.parametrize("kind", [np.asarray, csr_array])
def test_the_medoids_are_the_rows_with_the_least_sum_of_distances(kind):
    rows = blobs(3)
    labels = clusterings(len(rows))
    found = silhouettes_of(kind(rows), np.arange(len(rows)), np.ones(len(rows)), labels)
    for k, own in labels.items():
        assert found[k].medoids.tolist() == slow_medoids(rows, own)


def test_a_cluster_without_a_row_in_the_sample_has_no_medoid():
    rows, labels = np.array([[0.0], [1.0], [9.0]]), np.array([0, 0, 2], np.int32)
    found = silhouettes_of(rows, np.arange(3), np.ones(3), {3: labels})
    assert found[3].medoids.tolist() == [0, -1, 2]


def test_the_one_by_medoids_is_of_distances_to_these_rows():
    rows = blobs(3)
    fit = Data(rows).fit(rows[[0, 50, 100]])
    medoids = np.array(slow_medoids(rows, fit.labels))
    distances = np.sqrt(((rows[:, None] - rows[medoids]) ** 2).sum(axis=2))
    own = distances[np.arange(len(rows)), fit.labels]
    distances[np.arange(len(rows)), fit.labels] = np.inf
    other = distances.min(axis=1)
    expected = np.mean((other - own) / np.maximum(own, other))
    found = medoid_silhouette(rows, fit, medoids, np.arange(len(rows)))
    assert found == pytest.approx(expected)


def test_threads_change_no_bit(monkeypatch):
    rows = np.random.default_rng(0).normal(size=(3000, 3))
    labels, seen = clusterings(len(rows)), []
    for threads in ("1", "3"):
        monkeypatch.setenv("KMOSAIC_NUM_THREADS", threads)
        found = silhouettes_of(rows, np.arange(len(rows)), np.ones(len(rows)), labels)
        seen.append([(found[k].mean, found[k].medoids.tolist()) for k in labels])
    assert seen[0] == seen[1]
