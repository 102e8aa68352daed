"""The Anderson-Darling test of G-means."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from kmosaic.n_clusters.normality import looks_normal


@pytest.mark.filterwarnings("ignore::FutureWarning")
def test_the_statistic_is_scipys():
    rng = np.random.default_rng(0)
    for n in (8, 30, 200):
        for x in (rng.normal(size=n), rng.random(n), rng.exponential(size=n)):
            theirs = stats.anderson(x, "norm").statistic * (1 + 4 / n - 25 / n**2)
            assert looks_normal(x) == (theirs < 1.8692)


def test_normal_samples_pass_nearly_always():
    rng = np.random.default_rng(1)
    assert sum(looks_normal(rng.normal(size=100)) for _ in range(300)) >= 298


def test_two_heaps_do_not_pass():
    rng = np.random.default_rng(2)
    assert not looks_normal(np.concatenate([rng.normal(0, 1, 100), rng.normal(8, 1, 100)]))


def test_rows_at_one_place_are_no_reason_to_cut():
    assert looks_normal(np.ones(20))
