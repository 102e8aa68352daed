"""The documents in the plane."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import issparse

from kmosaic.features.steady import one_thread
from kmosaic.n_clusters.reference import principal_axes
from kmosaic.pipeline import DocumentsRun

WIDTH, HEIGHT = 760.0, 500.0
_MARGIN = 16.0
_MOST = 1_500
_LINE, _APART = 17.0, 230.0  # a line of text: how high, and how long


@dataclass(frozen=True)
class Point:
    """One document."""

    x: float
    y: float
    cluster: int
    text: str


@dataclass(frozen=True)
class Label:
    """The name of a cluster, where its documents are."""

    x: float
    y: float
    cluster: int
    anchor: str


@dataclass(frozen=True)
class Scatter:
    """Points and labels, in the units of the view box."""

    width: float
    height: float
    points: tuple[Point, ...]
    labels: tuple[Label, ...]
    is_part: bool  # not all documents are shown


def scatter(run: DocumentsRun) -> Scatter | None:
    """Documents along the two directions in which the centers differ most; None for fewer than 3.

    Every so many-th document is shown, 1,500 at most.
    """
    n = len(run.items)
    if n < 3:
        return None
    shown = np.arange(0, n, -(-n // _MOST))
    places = _places(run.features[shown], np.asarray(run.kmeans.cluster_centers_, np.float64))
    clusters = run.assignment.labels[shown]
    ids = run.items.ids
    points = tuple(
        Point(float(x), float(y), int(cluster), ids[at])
        for (x, y), cluster, at in zip(places.round(1), clusters, shown.tolist(), strict=True)
    )
    return Scatter(WIDTH, HEIGHT, points, _labels(places, clusters), len(shown) < n)


def _places(rows: Any, centers: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    with one_thread():
        if len(centers) < 3:
            axes = principal_axes(rows)
            found = np.zeros((rows.shape[0], 2))
            found[:, : min(2, axes.shape[1])] = axes[:, :2]
            return _to_box(found)
        directions = np.linalg.svd(centers - centers.mean(axis=0), full_matrices=False)[2][:2].T
        # The sign of a direction is arbitrary: its largest part is taken to be positive.
        directions *= np.sign(directions[np.abs(directions).argmax(axis=0), [0, 1]])
        found = rows @ directions if issparse(rows) else np.asarray(rows, np.float64) @ directions
    return _to_box(np.asarray(found))


def _to_box(places: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Each axis by itself: they are directions of differences and have no common unit."""
    low, high = places.min(axis=0), places.max(axis=0)
    span = np.where(high > low, high - low, 1.0)
    size = np.array([WIDTH, HEIGHT]) - 2 * _MARGIN
    found: npt.NDArray[np.float64] = _MARGIN + (places - low) / span * size
    found[:, 1] = HEIGHT - found[:, 1]
    return found


def _labels(places: npt.NDArray[np.float64], clusters: npt.NDArray[np.int32]) -> tuple[Label, ...]:
    middles = {
        cluster: np.median(places[clusters == cluster], axis=0).round(1).tolist()
        for cluster in np.unique(clusters).tolist()
    }
    found: list[Label] = []
    for cluster, (x, y) in sorted(middles.items(), key=lambda middle: middle[1][1]):
        above = [one.y for one in found if abs(one.x - x) < _APART]
        y = max([y, *(one + _LINE for one in above)])  # lines of text do not lie over each other
        anchor = "start" if x < WIDTH * 0.25 else "end" if x > WIDTH * 0.75 else "middle"
        found.append(Label(x, y, cluster, anchor))
    return tuple(found)
