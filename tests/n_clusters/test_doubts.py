"""Signs that the question is wrong."""

from __future__ import annotations

import gzip

import numpy as np
import pytest
from sklearn.datasets import make_blobs
from tests.n_clusters.groups import blobs, noise

from kmosaic.n_clusters import choose
from kmosaic.n_clusters.doubts import confidence, edge, few, scales


def doubts(rows, k=range(1, 7)):
    return " ".join(choose(rows, k, random_state=0).doubts)


def test_good_rows_raise_no_doubt():
    assert doubts(blobs(3)) == ""
    assert doubts(noise(), range(1, 9)) == ""


def test_a_winner_at_the_edge_of_the_range_is_told():
    assert "K = 7 is the largest that was tried" in doubts(blobs(7), range(1, 8))
    assert "K = 4 is the smallest that was tried" in edge((4, 5), 4)
    assert edge((4,), 4) is None
    assert edge((1, 2, 3), 3, perfect=True) is None  # there are no more different rows
    assert edge((1, 9), 1) is None


def test_no_clusters_among_a_few_k_is_told():
    assert "No more than K = 4 was tried" in doubts(noise(), range(1, 5))


def test_too_few_rows_are_told():
    assert "only 8 rows" in doubts(blobs(2, 4), range(1, 4))
    assert few(100, 20) is None
    assert "Try fewer, up to 20." in few(100, 50)
    assert confidence("high", {"few": ""}) == "low"


def test_what_is_no_range_end_is_not_called_one():
    rows = np.repeat([[0.0, 0.0], [5.0, 5.0], [9.0, 0.0]], 20, axis=0)
    assert "largest that was tried" not in doubts(rows, range(1, 4))


def test_columns_of_unlike_scale_are_told():
    rows = np.random.default_rng(0).normal(size=(50, 3)) * [1, 2000, 5]
    assert "Column 1 is" in scales(rows).told()
    assert "StandardScaler" in scales(rows).told()
    assert "Column 'pay' is" in scales(rows).told(["age", "pay", "rooms"])
    assert scales(rows[:, [0, 2]]) is None
    assert scales(np.column_stack([rows[:, 0], np.ones(50)])) is None


def test_outliers_that_make_a_cluster_of_their_own_are_told():
    rows = np.concatenate([blobs(2, 100), [[500.0, 500.0]]])
    assert "holds 1 row far from all others" in doubts(rows)
    assert "TrimmedKMeans" in doubts(rows)


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
    assert found.k == 4 or any("k-means with K = 4" in doubt for doubt in found.doubts)


def test_groups_that_lie_near_each_other_are_not_taken_for_shapes():
    far = np.concatenate([blobs(3, 60) * 0.3, blobs(3, 60) * 0.3 + [60.0, 0.0]])
    assert "no k-means can cut" not in doubts(far, range(1, 9))


@pytest.mark.parametrize(("wider", "sure"), [(30, "medium"), (300, "low")])
def test_a_wide_column_lowers_the_confidence(wider, sure):
    rows = blobs(4, 60) * [1.0, wider]
    found = choose(rows, range(1, 9), random_state=0)
    assert "as wide as" in " ".join(found.doubts)
    assert found.confidence in (sure, "low")
