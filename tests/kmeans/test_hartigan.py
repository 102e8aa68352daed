"""A single row moves only if that lowers inertia, by slow plain sums over all rows."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from kmosaic._engine import Data
from kmosaic.kmeans.hartigan import moved, row_moves
from kmosaic.kmeans.standing import Ground, Standing


def settled(seed, n=40, k=8):
    """Rows in weights, and what Lloyd came to."""
    random = np.random.RandomState(seed)
    rows = random.normal(size=(n, 2))
    weights = random.randint(1, 4, n).astype(float)
    data = Data(rows, weights)
    fit = data.fit(rows[:k])
    return rows, weights, fit, Standing(Ground(data), fit.centers)


def inertia(rows, weights, labels):
    """Of a partition, around its means."""
    total = 0.0
    for label in np.unique(labels):
        mine = labels == label
        mean = np.average(rows[mine], axis=0, weights=weights[mine])
        total += (weights[mine] * ((rows[mine] - mean) ** 2).sum(axis=1)).sum()
    return total


@pytest.mark.parametrize("seed", range(20))
def test_every_move_lowers_the_inertia_of_the_partition(seed):
    rows, weights, fit, standing = settled(seed)
    labels = fit.labels.copy()
    for move in row_moves(standing):
        before = inertia(rows, weights, labels)
        assert labels[move.row] == move.before
        labels[move.row] = move.after
        assert inertia(rows, weights, labels) < before


def test_some_rows_move_where_lloyd_has_come_to_rest():
    assert sum(len(row_moves(settled(seed)[3])) for seed in range(20)) > 0


@pytest.mark.parametrize("seed", range(20))
def test_no_two_moves_touch_a_cluster_and_centers_go_to_the_means(seed):
    rows, weights, fit, standing = settled(seed)
    moves = row_moves(standing)
    touched = [cluster for move in moves for cluster in (move.before, move.after)]
    assert len(touched) == len(set(touched))
    labels = fit.labels.copy()
    for move in moves:
        labels[move.row] = move.after
    means = [np.average(rows[labels == c], axis=0, weights=weights[labels == c]) for c in range(8)]
    assert_allclose(moved(standing, moves), means, rtol=1e-9, atol=1e-12)


def test_copies_move_together():
    rows = np.array([[0.0], [0.0], [4.1], [4.1], [8.0]])
    standing = Standing(Ground(Data(rows)), np.array([[2.05], [8.0]]))
    assert [move.weight for move in row_moves(standing)] == [2.0]
