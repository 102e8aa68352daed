"""Rows drawn so that their order does not matter."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from kmosaic._engine import Data
from kmosaic._sparse import data_of
from kmosaic.n_clusters.sample import count_different, draw, draw_from_each


@given(st.integers(0, 1000), st.sampled_from([np.float32, np.float64, np.uint8]))
@settings(max_examples=20, deadline=None)
def test_the_same_rows_are_drawn_whatever_their_order(seed, dtype):
    rng = np.random.default_rng(seed)
    rows = rng.integers(0, 4, (50, 3)).astype(dtype)
    shuffled = rows[rng.permutation(50)]
    one, other = (
        each[draw(Data(each).content_order(), 20, np.random.RandomState(seed))]
        for each in (rows, shuffled)
    )
    assert (one == other).all()


@pytest.mark.parametrize("kind", [np.asarray, csr_array])
def test_copies_stand_side_by_side_and_every_row_comes_once(kind):
    rows = np.random.default_rng(0).integers(0, 3, (60, 2)).astype(float)
    order = data_of(kind(rows)).content_order()
    assert sorted(order) == list(range(60))
    changes = (rows[order][1:] != rows[order][:-1]).any(axis=1).sum()
    assert changes + 1 == len(np.unique(rows, axis=0))
    assert count_different(kind(rows), order, 100) == len(np.unique(rows, axis=0))
    assert count_different(kind(rows), order, 2) == 2


def test_rare_clusters_are_drawn_too():
    labels = np.array([0] * 990 + [1] * 10)
    rows, weights = draw_from_each(np.arange(1000), labels, 100, np.random.RandomState(0))
    assert (labels[rows] == 1).sum() == 10
    assert weights[labels[rows] == 1] == pytest.approx(np.ones(10))
