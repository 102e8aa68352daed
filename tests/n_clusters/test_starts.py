"""Starts made of the fits of other k."""

from __future__ import annotations

import numpy as np
import pytest
from tests.n_clusters.groups import blobs

from kmosaic._engine import Data
from kmosaic.n_clusters.starts import cut, merged, split


def fitted(rows, k):
    data = Data(rows)
    return data, data.fit(rows[data.plus_plus(k, np.random.RandomState(0))])


def test_the_cluster_that_gains_most_is_split():
    rows = np.concatenate([blobs(1, 60), blobs(2, 30) + 50.0])
    data, fit = fitted(rows, 2)
    three = data.fit(split(rows, data, fit, 1, np.random.RandomState(0)))
    assert sorted(np.bincount(three.labels)) == [30, 30, 60]


def test_there_is_no_split_where_no_cluster_has_two_different_rows():
    rows = np.repeat([[0.0], [3.0]], 5, axis=0)
    data, fit = fitted(rows, 2)
    assert split(rows, data, fit, 1, np.random.RandomState(0)) is None
    assert cut(rows[:5], np.random.RandomState(0)) is None


def test_the_pair_is_merged_by_which_inertia_rises_least():
    rows = np.random.default_rng(0).normal(size=(80, 2))
    _, fit = fitted(rows, 5)
    centers = merged(fit, 1)

    def inertia_of(pair):
        labels = np.where(fit.labels == pair[1], pair[0], fit.labels)
        parts = [rows[labels == each] for each in np.unique(labels)]
        return sum(((part - part.mean(axis=0)) ** 2).sum() for part in parts)

    pairs = [(a, b) for a in range(5) for b in range(a + 1, 5)]
    a, b = min(pairs, key=inertia_of)
    both = rows[(fit.labels == a) | (fit.labels == b)].mean(axis=0)
    assert len(centers) == 4
    assert min(np.abs(centers - both).sum(axis=1)) == pytest.approx(0.0, abs=1e-9)
