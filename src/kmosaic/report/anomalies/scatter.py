"""The rows in the plane: ordinary ones as a cloud, anomalies about it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kmosaic.outliers import Judged

SIZE = 480.0
_MARGIN = 14.0
_MOST_OTHERS, _MOST_ANOMALIES = 1_500, 300
_FAR = 8.0  # columns' scales: what is farther is drawn there


@dataclass(frozen=True)
class Point:
    """One row."""

    x: float
    y: float
    radius: float
    text: str


@dataclass(frozen=True)
class Scatter:
    """Points, in the units of the view box."""

    size: float
    others: tuple[Point, ...]
    anomalies: tuple[Point, ...]  # the least ordinary last, so that it is on top
    is_part: bool  # of the ordinary rows


def scatter(judged: Judged) -> Scatter:
    """Rows along the two directions in which the ordinary ones differ most.

    Columns are in units of the spread of the first fit, and what is farther than 8 of them from
    its center is drawn at 8, so that one wild number does not shrink the rest to a point.
    """
    many = int(judged.flagged.sum())
    ordinary = np.flatnonzero(~judged.flagged)
    others = ordinary[:: max(-(-len(ordinary) // _MOST_OTHERS), 1)]
    anomalies = judged.order[: min(many, _MOST_ANOMALIES)][::-1]
    detector = judged.detector
    center, spread = detector.cluster_centers_[0], detector.cluster_spreads_[0]
    shown = np.concatenate([others, anomalies])
    scaled = np.clip((judged.rows[shown] - center) / spread, -_FAR, _FAR)
    places = _to_box(scaled @ _axes(scaled[: len(others)] if len(others) > 1 else scaled))
    radii = np.where(judged.flagged[shown], 4.5, 2.0)
    points = [
        Point(float(x), float(y), float(r), f"{judged.name(at)}, score {judged.scores[at]:.3g}")
        for (x, y), r, at in zip(places.round(1), radii, shown.tolist(), strict=True)
    ]
    return Scatter(
        SIZE,
        tuple(points[: len(others)]),
        tuple(points[len(others) :]),
        len(others) < len(ordinary),
    )


def _axes(rows: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """The first two principal directions, (d, 2); the second is nothing where d is 1."""
    centered = rows - rows.mean(axis=0)
    _, vectors = np.linalg.eigh(centered.T @ centered)
    found: npt.NDArray[np.float64] = np.zeros((rows.shape[1], 2))
    found[:, : min(2, rows.shape[1])] = vectors[:, ::-1][:, :2]
    # The sign of a direction is arbitrary: its largest part points to the right and up.
    largest = found[np.abs(found).argmax(axis=0), [0, 1]]
    found *= np.where(largest < 0, -1.0, 1.0)
    return found


def _to_box(places: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    low, high = places.min(axis=0), places.max(axis=0)
    widest = float((high - low).max()) or 1.0
    inside = SIZE - 2 * _MARGIN
    found: npt.NDArray[np.float64] = SIZE / 2 + (places - (low + high) / 2) * inside / widest
    found[:, 1] = SIZE - found[:, 1]
    return found
