"""Signs that the question is wrong."""

from __future__ import annotations

import numpy as np
import pytest
from tests.n_clusters.groups import blobs, noise

from kmosaic.n_clusters import choose
from kmosaic.n_clusters.doubts import confidence, edge, few, scales, untried
from kmosaic.n_clusters.resamples import OFTEN


def doubts(rows, k=range(1, 7)):
    return " ".join(choose(rows, k, random_state=0).doubts)


def test_good_rows_raise_no_doubt():
    assert doubts(blobs(3)) == ""
    assert doubts(noise(), range(1, 9)) == ""


def test_a_winner_at_the_edge_of_the_range_is_told():
    assert "K = 7 is the largest that was tried" in doubts(blobs(7), range(1, 8))
    assert "K = 4 is the smallest that was tried" in edge((4, 5), 4)
    assert untried((1, 2, 3), 3, 9, perfect=True) is None  # there are no more different rows
    assert untried((1, 2, 3), 3, 3) is None  # more would leave rows alone
    assert edge((1, 9), 1) is None
    assert edge((2, 4, 6), 4) == "K = 3 and K = 5 were not tried: one of these may be better."


def test_a_single_number_is_no_choice():
    found = choose(noise(), [4], random_state=0)
    assert found.confidence == "low"
    assert "Only K = 4 was tried" in " ".join(found.doubts)


def test_clusters_of_which_none_comes_back_are_not_sure():
    found = choose(noise(300), [2, 3, 4], random_state=0)
    assert not (found.stability.comes_back >= OFTEN).any()
    assert found.confidence == "low"


@pytest.mark.parametrize("n", [7, 14])
def test_rows_left_alone_are_no_groups(n):
    found = choose(np.random.default_rng(0).random((n, 2)), range(1, n + 1), random_state=0)
    assert found.k <= (n + 1) / 2
    assert set(found.probabilities) == set(range(1, (n + 1) // 2 + 1))
    assert "No more than" not in " ".join(found.doubts)


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


@pytest.mark.parametrize(("wider", "sure"), [(30, "medium"), (300, "low")])
def test_a_wide_column_lowers_the_confidence(wider, sure):
    rows = blobs(4, 60) * [1.0, wider]
    found = choose(rows, range(1, 9), random_state=0)
    assert "as wide as" in " ".join(found.doubts)
    assert found.confidence in (sure, "low")
