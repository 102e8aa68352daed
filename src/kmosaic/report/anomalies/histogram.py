"""How the scores are spread, with the threshold."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from kmosaic._values import Distances
from kmosaic.report.charts import Tick, nice_ticks
from kmosaic.report.words import number, plural

WIDTH, HEIGHT = 560.0, 190.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 4.0, WIDTH - 4.0, 18.0, HEIGHT - 26.0
_BARS = 56


@dataclass(frozen=True)
class Bar:
    """The rows with about one score."""

    x: float
    y: float
    width: float
    height: float
    is_beyond: bool
    text: str


@dataclass(frozen=True)
class Histogram:
    """Bars, in the units of the view box; a bar is as high as the root of its count."""

    width: float
    height: float
    bottom: float
    bars: tuple[Bar, ...]
    threshold: float
    ticks: tuple[Tick, ...]


def histogram(scores: Distances, threshold: float) -> Histogram:
    """Bars over the scores, such that none has scores on both sides of the threshold."""
    highest = max(float(scores.max()), threshold * 1.05) or 1.0
    step = threshold / max(1, round(_BARS * threshold / highest)) if threshold > 0 else highest
    edges = np.arange(math.ceil(highest / step) + 1) * step
    places = np.minimum(np.ceil(scores / step).astype(np.int64) - 1, len(edges) - 2).clip(0)
    # Rounding may put a score beside the edge that is the threshold: its side is what counts.
    at = round(threshold / step)
    places = np.where(
        scores > threshold, np.maximum(places, at), np.minimum(places, max(at - 1, 0))
    )
    counts = np.bincount(places.clip(0, len(edges) - 2), minlength=len(edges) - 1)
    tallest = math.sqrt(counts.max())

    def x(value: float) -> float:
        return round(_LEFT + (_RIGHT - _LEFT) * value / float(edges[-1]), 1)

    bars = []
    for place in np.flatnonzero(counts).tolist():
        high = max((_BOTTOM - _TOP) * math.sqrt(counts[place]) / tallest, 1.5)
        low, end = float(edges[place]), float(edges[place + 1])
        text = f"{plural(int(counts[place]), 'row')} with a score of {number(low)} to {number(end)}"
        width = max(x(end) - x(low) - 1, 0.8)
        bars.append(Bar(x(low), round(_BOTTOM - high, 1), width, round(high, 1), place >= at, text))
    ticks = [Tick(x(value), f"{value:g}") for value in nice_ticks(0, float(edges[-1]), 6)]
    return Histogram(WIDTH, HEIGHT, _BOTTOM, tuple(bars), x(threshold), tuple(ticks))
