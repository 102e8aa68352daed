"""The silhouettes of many clusterings at once."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_array
from sklearn.metrics import silhouette_score
from tests.n_clusters.groups import blobs

from kmosaic._engine import Data
from kmosaic.n_clusters.sample import draw_from_each
from kmosaic.n_clusters.silhouettes import silhouettes_of, spread_of


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
        assert ours[k] == pytest.approx(silhouette_score(rows - offset, own), abs=1e-7)


def test_a_row_alone_in_its_cluster_counts_zero():
    rows, labels = np.array([[0.0], [1.0], [9.0]]), np.array([0, 0, 1], np.int32)
    found = silhouettes_of(rows, np.arange(3), np.ones(3), {2: labels})
    assert found[2] == pytest.approx((8 / 9 + 7 / 8) / 3)


def test_a_sample_of_every_cluster_comes_near_to_all_rows():
    rows = np.concatenate([blobs(2, 1000), blobs(1, 40) + 60.0])
    labels = np.repeat([0, 1, 2], [1000, 1000, 40]).astype(np.int32)
    chosen, weights = draw_from_each(np.arange(len(rows)), labels, 300, np.random.RandomState(0))
    assert len(chosen) < 350
    assert weights.sum() == pytest.approx(len(rows))
    found = silhouettes_of(rows, chosen, weights, {3: labels[chosen]})
    assert found[3] == pytest.approx(silhouette_score(rows, labels), abs=0.02)


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
