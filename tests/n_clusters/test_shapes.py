"""Groups that k-means cannot cut."""

from __future__ import annotations

import gzip

import numpy as np
import pytest
from sklearn.datasets import make_blobs
from tests.n_clusters.groups import blobs

from kmosaic.n_clusters import choose


def doubts(rows, k=range(1, 7)):
    return " ".join(choose(rows, k, random_state=0).doubts)


def test_rings_are_told():
    angle = np.random.default_rng(0).uniform(0, 2 * np.pi, 800)
    radius = np.repeat([1.0, 4.0], 400) + np.random.default_rng(1).normal(0, 0.1, 800)
    rows = radius[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    assert "no k-means can cut" in doubts(rows)


CUT_BY_NONE = ["chainlink", "spiral", "target", "zigzag", "ring_outliers"]
ROUND = ["r15", "hepta", "tetra", "x1", "iris", "mk2"]


@pytest.mark.parametrize("name", [*CUT_BY_NONE, *ROUND])
def test_shapes_of_real_sets_are_told_and_round_ones_are_not(shared_data, name):
    with gzip.open(shared_data / "shapes" / f"{name}.data.gz", "rt") as file:
        rows = np.loadtxt(file)
    assert ("no k-means can cut" in doubts(rows, range(1, 4))) == (name in CUT_BY_NONE)


def test_long_groups_are_told():
    rows = make_blobs(1500, random_state=170)[0] @ [[0.6, -0.6], [-0.4, 0.8]]  # scikit-learn's
    assert "no k-means can cut" in doubts(rows)


def test_a_few_far_rows_are_outliers_and_do_not_make_round_groups_others():
    rows = np.concatenate([blobs(2, 200), np.random.default_rng(0).normal(500.0, 0.5, (3, 2))])
    found = doubts(rows)
    assert "3 rows far from all others" in found
    assert "no k-means can cut" not in found


def test_rings_side_by_side_that_fewer_clusters_cut_are_told():
    turn = np.random.default_rng(0).uniform(0, 2 * np.pi, (4, 250))
    middle = np.array([0, 4, 8, 12])[:, None]
    rings = np.stack([np.cos(turn) + middle, np.sin(turn)], axis=-1).reshape(-1, 2)
    found = choose(rings, random_state=0)
    assert found.k != 4  # the rule alone takes the middle of a ring for a valley
    assert any("k-means with K = 4" in doubt for doubt in found.doubts)
    assert found.confidence == "low"
    assert not found.cannot_cut


def test_groups_that_lie_near_each_other_are_not_taken_for_shapes():
    far = np.concatenate([blobs(3, 60) * 0.3, blobs(3, 60) * 0.3 + [60.0, 0.0]])
    assert "no k-means can cut" not in doubts(far, range(1, 9))
