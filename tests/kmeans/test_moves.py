"""Moves: each that is kept lowers inertia, and they end when they are told to."""

import numpy as np
import pytest

from kmosaic._engine import Data
from kmosaic.kmeans.moves import Done, Moves
from kmosaic.kmeans.standing import Ground

RANDOM = np.random.default_rng(0)
X = RANDOM.normal(size=(400, 2)) + RANDOM.integers(0, 6, (400, 2)) * 5.0


def moves(seed=0, **settings):
    return Moves(Ground(Data(X)), np.random.RandomState(seed), **settings)


def slow_inertia(centers):
    return ((X[:, None, :] - centers) ** 2).sum(axis=2).min(axis=1).sum()


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("name", ["breathe", "move_rows"])
def test_inertia_falls_or_nothing_changes(name, seed):
    tried = moves(seed)
    fit = tried.lloyd(X[RANDOM.permutation(len(X))[:12]])
    found = getattr(tried, name)(fit)
    assert found.inertia == pytest.approx(slow_inertia(found.centers))
    if tried.done.kept:
        assert found.inertia < fit.inertia
    else:
        assert found is fit


def test_centers_in_the_wrong_places_find_the_right_ones():
    rows = (
        np.repeat(np.arange(8.0) * 10, 5)[:, None] + np.tile([0.0, 0.1, 0.2, 0.3, 0.4], 8)[:, None]
    )
    tried = Moves(Ground(Data(rows)), np.random.RandomState(0))
    poor = tried.lloyd(rows[:8])
    assert tried.breathe(poor).inertia == pytest.approx(8 * 0.1)


def test_enough_ends_them_before_the_next_try():
    left = iter([False, False, True])
    tried = moves(enough=lambda: next(left, True))
    tried.move_rows(tried.breathe(tried.lloyd(X[:12])))
    assert tried.done.tried == 2


def test_what_was_done_adds_up():
    both = Done(tried=2, swaps=1).plus(Done(tried=3, swaps=2, rows=1))
    assert both == Done(tried=5, swaps=3, rows=1)
    assert both.kept == "3 swaps and 1 single row"
    assert not Done(tried=4).kept
