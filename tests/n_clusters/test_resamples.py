"""How often clusters come back."""

from __future__ import annotations

import numpy as np
from tests.n_clusters.groups import blobs, noise

from kmosaic._engine import Data
from kmosaic.n_clusters.resamples import stability_of


def stability(rows, k):
    data = Data(rows)
    fit = data.fit(rows[data.plus_plus(k, np.random.RandomState(0))])
    return stability_of(rows, fit, np.random.RandomState(1), resamples=10)


def test_groups_that_lie_apart_come_back_every_time():
    found = stability(blobs(3), 3)
    assert (found.jaccard > 0.99).all()
    assert (found.comes_back == 1).all()


def test_parts_of_noise_do_not():
    found = stability(noise(300), 5)
    assert found.comes_back.min() < 0.5
    assert ((found.jaccard > 0) & (found.jaccard <= 1)).all()


def test_a_small_group_far_away_comes_back():
    rng = np.random.default_rng(0)
    rows = np.concatenate([rng.normal(0, 1, (1000, 2)), rng.normal(10, 1, (10, 2))])
    fit = Data(rows).fit(rows[[0, -1]])
    found = stability_of(rows, fit, np.random.RandomState(1), resamples=10)
    assert found.comes_back.min() > 0.8
