"""Valleys between clusters."""

from __future__ import annotations

import numpy as np
import pytest

from kmosaic.n_clusters.valleys import valley


def seen(rows, a, b):
    squared = np.stack([(rows - a) ** 2, (rows - b) ** 2], axis=1)
    return valley(squared, (b - a) ** 2)


def test_two_groups_far_apart_have_an_empty_valley():
    rng = np.random.default_rng(0)
    rows = np.concatenate([rng.normal(0, 1, 500), rng.normal(8, 1, 500)])
    assert seen(rows, 0.0, 8.0) < 0.05


@pytest.mark.parametrize("draw", [lambda rng: rng.normal(size=2000), lambda rng: rng.random(2000)])
def test_one_group_cut_in_two_has_none(draw):
    rows = draw(np.random.default_rng(0))
    middle = np.median(rows)
    assert seen(rows, rows[rows < middle].mean(), rows[rows >= middle].mean()) > 0.85


def test_the_emptier_side_counts():
    rows = np.concatenate([np.zeros(1000), np.full(30, 0.5), np.ones(10)])
    assert seen(rows, 0.0, 1.0) == pytest.approx(31 / 11)


def test_centers_at_one_place_have_no_valley():
    assert seen(np.zeros(3), 1.0, 1.0) == 1.0
