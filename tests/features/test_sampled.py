"""Rows of some of the items."""

from __future__ import annotations

import numpy as np
from numpy.testing import assert_array_equal

from kmosaic.features import Columns
from kmosaic.features import sampled as module
from kmosaic.features.listening import listening
from kmosaic.features.sampled import sampled_rows

X = np.arange(4000.0).reshape(2000, 2) / 7


def test_no_more_than_asked_for_are_computed():
    rows = sampled_rows(Columns().fit(X), X, 100, seed=0)
    assert rows.shape == (100, 2)
    assert np.isin(rows[:, 0], X[:, 0]).all()


def test_long_rows_are_fewer(monkeypatch):
    monkeypatch.setattr(module, "_MOST_NUMBERS", 10)
    assert len(sampled_rows(Columns().fit(X), X, 2000, seed=0)) == 1000


def test_the_same_seed_draws_the_same_rows():
    fitted = Columns().fit(X)
    assert_array_equal(sampled_rows(fitted, X, 50, seed=4), sampled_rows(fitted, X, 50, seed=4))


def test_whoever_listens_hears_of_it():
    seen = []
    with listening(seen.append):
        sampled_rows(Columns().fit(X), X, 50, seed=0)
    assert seen[-1].stage == "learning features"
    assert seen[-1].fraction == 1
