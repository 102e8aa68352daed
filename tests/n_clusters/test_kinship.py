"""Which clusters of one fit become which of another."""

from __future__ import annotations

import numpy as np

from kmosaic.n_clusters.kinship import shared, split_clusters


def test_shared_rows_are_counted():
    a, b = np.array([0, 1, 1, 2]), np.array([1, 1, 0, 0])
    assert shared(a, b).tolist() == [[0, 1], [1, 1], [1, 0]]
    assert shared(a, b).sum() == 4


def test_a_few_rows_that_change_sides_split_nothing():
    few = np.array([0] * 50 + [1] * 50)
    many = np.array([0] * 48 + [1] * 27 + [2] * 25)
    assert split_clusters(few, many) == [1]
    assert split_clusters(few, few) == []
