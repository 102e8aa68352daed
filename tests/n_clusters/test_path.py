"""A fit for every k."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.n_clusters.groups import blobs, noise

from kmosaic._engine import Data
from kmosaic.n_clusters.path import Path


def path_of(rows, ks, seed=0):
    path = Path(rows, Data(rows), ks, np.random.RandomState(seed))
    path.fit_from_scratch(1)
    path.go_down_and_up()
    return path


@given(st.integers(0, 10_000), st.integers(1, 4))
@settings(max_examples=15, deadline=None)
def test_inertia_falls_as_k_rises(seed, d):
    best = path_of(noise(60, d, seed), range(1, 9), seed).best
    inertia = [best[k].inertia for k in sorted(best)]
    assert inertia == sorted(inertia, reverse=True)


def test_every_fit_belongs_to_its_k_and_has_no_empty_cluster():
    best = path_of(blobs(3), [1, 2, 5, 9]).best
    assert {k: len(fit.centers) for k, fit in best.items()} == {1: 1, 2: 2, 5: 5, 9: 9}
    assert all(len(np.unique(fit.labels)) == k for k, fit in best.items())


def test_numbers_above_that_of_different_rows_have_no_fit():
    rows = np.repeat([[0.0], [1.0], [5.0]], 4, axis=0)
    assert sorted(path_of(rows, range(1, 7)).best) == [1, 2, 3]


@pytest.mark.parametrize("k", [6, 10])
def test_groups_that_one_start_misses_are_found(k):
    rows = blobs(k, size=30)
    fits = path_of(rows, range(1, k + 2)).best
    labels = fits[k].labels.reshape(k, 30)
    assert (labels == labels[:, :1]).all()
    assert len(np.unique(labels[:, 0])) == k
