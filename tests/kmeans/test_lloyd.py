"""Runs of Lloyd: numbered, and told."""

import numpy as np

from kmosaic._engine import Data
from kmosaic.kmeans.lloyd import Lloyd

X = np.random.default_rng(0).normal(size=(100, 2))


def test_runs_are_numbered_and_settings_may_differ():
    told = []
    settings = {"max_iter": 50, "tolerance": 1e9, "on_iteration": told.append}
    lloyd = Lloyd(Data(X), settings)
    lloyd.begin()
    short = lloyd.run(X[:5])
    lloyd.begin()
    long = lloyd.run(X[:5], tolerance=0.0)
    assert short.n_iter == 1 < long.n_iter
    assert [done.run for done in told] == [1] + [2] * long.n_iter
    assert not lloyd.stopped
