"""Scores and reasons do not depend on how rows are cut into parts."""

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from kmosaic.outliers import scores
from kmosaic.outliers.scores import Ordinary


@pytest.mark.parametrize("together", [1, 7, 50])
def test_parts_of_any_size_score_alike(together, monkeypatch):
    random = np.random.default_rng(0)
    rows = random.normal(size=(23, 3))
    ordinary = Ordinary(
        random.normal(size=(5, 3)), np.ones((5, 3)), np.array([0, 1, 1, 1, 1], np.int32)
    )
    whole, reasons = ordinary.scores(rows), ordinary.reasons(rows)
    monkeypatch.setattr(scores, "_TOGETHER", together)
    assert_array_equal(ordinary.scores(rows), whole)
    assert_array_equal(ordinary.reasons(rows).contributions, reasons.contributions)


def test_the_nearest_cluster_is_nearest_in_its_own_spread():
    wide_and_narrow = Ordinary(
        np.array([[0.0], [10.0]]), np.array([[8.0], [0.5]]), np.zeros(2, np.int32)
    )
    assert wide_and_narrow.reasons(np.array([[7.0]])).expected.tolist() == [[0.0]]
