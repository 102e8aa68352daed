"""The rows in the plane, each in the color of its segment."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kmosaic.pipeline.segmenting import Segmented
from kmosaic.report.project import flatten

SIZE = 480.0
_MARGIN = 16.0
_MOST = 2_000  # rows that are drawn


@dataclass(frozen=True)
class Dot:
    """One row."""

    x: float
    y: float
    segment: int  # from 0


@dataclass(frozen=True)
class SegmentMap:
    """Dots, in the units of the view box."""

    size: float
    dots: tuple[Dot, ...]
    across: str  # what grows to the right; empty for a mixture of columns
    up: str
    explained: float  # share of the variance that is seen
    is_part: bool  # of the rows


def segment_map(found: Segmented) -> SegmentMap:
    """Two columns as they are; more along the two directions in which rows differ most."""
    n, features = len(found.labels), found.model.features
    positions = np.arange(0, n, max(-(-n // _MOST), 1))
    if found.rows.shape[1] == 2 and len(features.numbers) == 2:
        flat, explained = found.rows[positions].astype(np.float64), 1.0
        across, up = features.names
    else:
        points, explained = flatten(found.rows, positions)
        flat, across, up = points.astype(np.float64), "", ""
    low, high = flat.min(axis=0), flat.max(axis=0)
    widest = float((high - low).max()) or 1.0
    places = SIZE / 2 + (flat - (low + high) / 2) * (SIZE - 2 * _MARGIN) / widest
    dots = tuple(
        Dot(float(x), float(SIZE - y), int(label))
        for (x, y), label in zip(places.round(1), found.labels[positions], strict=True)
    )
    return SegmentMap(SIZE, dots, across, up, explained, len(positions) < n)
