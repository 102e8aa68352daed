"""The threshold, and the value that is like a probability."""

import numpy as np
import pytest

from kmosaic import AnomalyDetector
from kmosaic.outliers.threshold import Threshold, threshold_of


def test_it_is_the_whisker_of_a_box_plot():
    scores = np.random.default_rng(0).gamma(3, size=1000)
    middle, high = np.quantile(scores, [0.5, 0.75])
    assert threshold_of(scores, None).score == pytest.approx(high + 3 * (high - middle))


def test_of_normal_rows_few_are_beyond_it():
    for d, most in ((2, 0.06), (5, 0.02), (20, 0.02)):
        rows = np.random.default_rng(d).normal(size=(1000, d))
        assert (AnomalyDetector(random_state=0).fit_predict(rows) == -1).mean() < most


def test_a_share_is_a_quantile():
    assert threshold_of(np.arange(101.0), 0.25).score == 75


@pytest.mark.parametrize("scores", [np.zeros(5), np.full(5, 3.0), np.array([2.0])])
def test_scores_that_are_all_alike_are_below_it(scores):
    assert (scores < threshold_of(scores, None).score).all()


def test_the_odds_are_even_at_the_threshold():
    threshold = Threshold(middle=1.0, spread=0.5, score=2.0)
    found = threshold.probability(np.array([0.0, 1.0, 2.0, 3.0, 1e9]))
    assert found[2] == 0.5
    assert (np.diff(found) > 0).all()
    assert found[-1] == 1.0
