"""The map is PCA, at one scale, of what it says it shows."""

from __future__ import annotations

import numpy as np
import pytest

from kmosaic.pipeline import Run
from kmosaic.report import gather
from kmosaic.report.project import flatten


def test_the_axes_are_the_directions_of_largest_variance() -> None:
    random = np.random.default_rng(0)
    X = (random.normal(size=(500, 5)) * [1, 9, 1, 4, 1]).astype(np.float32)
    points, explained = flatten(X, np.arange(500))
    assert abs(np.corrcoef(points[:, 0], X[:, 1])[0, 1]) > 0.99
    assert abs(np.corrcoef(points[:, 1], X[:, 3])[0, 1]) > 0.99
    variances = X.var(axis=0)
    assert explained == pytest.approx((variances[1] + variances[3]) / variances.sum(), rel=0.01)


def test_both_axes_have_one_scale_and_fill_the_frame() -> None:
    X = np.random.default_rng(0).normal(size=(200, 2)).astype(np.float32) * [10, 1]
    points, _ = flatten(X.astype(np.float32), np.arange(200))
    assert np.ptp(points[:, 0]) == pytest.approx(2)
    gaps = np.linalg.norm(X[0] - X[1]), np.linalg.norm(points[0] - points[1])
    assert gaps[0] / gaps[1] == pytest.approx(np.ptp(X[:, 0]) / 2, rel=0.05)


@pytest.mark.parametrize("shape", [(2, 1), (1, 3), (5, 1), (2, 2000)])
def test_tiny_shapes_have_a_map_too(shape: tuple[int, int]) -> None:
    X = np.random.default_rng(0).normal(size=shape).astype(np.float32)
    points, explained = flatten(X, np.arange(shape[0]))
    assert points.shape == (shape[0], 2)
    assert np.isfinite(points).all()
    assert explained == pytest.approx(1)


def test_equal_rows_lie_on_one_point() -> None:
    points, explained = flatten(np.ones((4, 3), np.float32), np.arange(4))
    assert (points == 0).all()
    assert explained == 1


def test_the_points_are_those_of_their_items(digits_run: Run) -> None:
    found = gather(digits_run).map
    assert found is not None
    at = [list(digits_run.assignment.ids).index(one) for one in found.ids]
    assert found.n_total == len(set(at)) == 600
    assert (found.clusters == digits_run.assignment.labels[at]).all()
    assert (found.distances == digits_run.assignment.distances[at]).all()
    assert list(found.labels) == digits_run.items.labels[at].tolist()


def test_an_embedding_is_what_the_map_shows(digits_run: Run) -> None:
    from dataclasses import replace

    line = np.arange(600, dtype=np.float32)[:, None] * np.ones(3, np.float32)
    found = gather(replace(digits_run, embedding=line))
    assert found.is_embedded
    assert found.n_dimensions == 3
    assert found.map is not None
    assert found.map.explained == pytest.approx(1)
