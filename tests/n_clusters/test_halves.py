"""What the clusters of one half say of the other half."""

from __future__ import annotations

import numpy as np
import pytest
from tests.n_clusters.groups import blobs, noise

from kmosaic.n_clusters.halves import jaccard, look_at_halves, strength


def looked_at(rows, ks=range(1, 6)):
    seen = look_at_halves(rows, list(ks), np.random.RandomState(0), resamples=2)
    return {
        k: {name: np.mean(found) for name, found in vars(each).items() if found}
        for k, each in seen.items()
    }


def test_the_right_number_of_clusters_is_seen_again_apart_and_whole():
    at = looked_at(blobs(3, size=80))[3]
    assert at["strength"] == at["weakest"] == at["agreement"] == 1.0
    assert at["joined"] == at["divided"] == 0.0
    assert at["normal"] == 1.0


def test_with_too_few_clusters_some_are_two():
    assert looked_at(blobs(3, size=80))[2]["divided"] >= 1


def test_with_too_many_clusters_some_are_not_apart():
    at = looked_at(blobs(3, size=80))[5]
    assert at["joined"] >= 2
    assert at["strength"] < 0.8


def test_clusters_of_noise_are_neither_apart_nor_seen_again():
    at = looked_at(noise(400))
    assert all(at[k]["between"] > 0.8 for k in range(2, 6))
    assert at[1]["divided"] == 0


def test_prediction_strength_is_the_share_of_pairs_by_its_definition():
    rng = np.random.default_rng(0)
    own, other = rng.integers(0, 3, 40), rng.integers(0, 3, 40)
    table = np.zeros((3, 3))
    np.add.at(table, (own, other), 1)
    shares = []
    for cluster in range(3):
        members = np.flatnonzero(own == cluster)
        pairs = [(a, b) for a in members for b in members if a != b]
        shares.append(np.mean([other[a] == other[b] for a, b in pairs]))
    assert strength(table) == pytest.approx(min(shares))


def test_jaccard_is_shared_over_either():
    own, other = np.array([0, 0, 0, 1, 1]), np.array([1, 1, 0, 0, 0])
    table = np.zeros((2, 2))
    np.add.at(table, (own, other), 1)
    sets = [[set(np.flatnonzero(labels == c)) for c in (0, 1)] for labels in (own, other)]
    slow = [max(len(a & b) / len(a | b) for b in sets[1]) for a in sets[0]]
    assert jaccard(table) == pytest.approx(slow)
