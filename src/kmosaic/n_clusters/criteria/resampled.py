"""Criteria of what clusters of one half of the rows say of the other half."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from kmosaic.n_clusters.criteria.base import Criterion, Values, largest_with
from kmosaic.n_clusters.evidence import Evidence
from kmosaic.n_clusters.halves import Seen

STRONG, STABLE, NORMAL = 0.8, 0.85, 0.95
_SLIP = 0.25  # a fault in one half of four is chance


def mean_of(evidence: Evidence, seen: Callable[[Seen], Sequence[float]]) -> Values:
    """The mean over all halves, for each k that was seen."""
    return {k: float(np.mean(seen(each))) for k, each in evidence.halves.items() if len(seen(each))}


def prediction_strength(evidence: Evidence) -> Values:
    """How well clusters of one half put together pairs of the other (Tibshirani & Walther 2005)."""
    return mean_of(evidence, lambda seen: seen.strength)


def stability(evidence: Evidence) -> Values:
    """Mean Jaccard index of the clusters of two halves (Hennig 2007, clusterboot by subsets)."""
    return mean_of(evidence, lambda seen: seen.agreement)


def faults(evidence: Evidence) -> Values:
    """How many clusters have no valley to one beside them, or have one inside (see valleys.py)."""
    joined = mean_of(evidence, lambda seen: seen.joined)
    divided = mean_of(evidence, lambda seen: seen.divided)
    return {k: joined.get(k, 0.0) + value for k, value in divided.items()}


def normality(evidence: Evidence) -> Values:
    """The share of rows in clusters that look normal where they would be cut (G-means)."""
    return mean_of(evidence, lambda seen: seen.normal)


def _fewest(values: Mapping[int, float], _: Evidence) -> int | None:
    """The largest k with next to the fewest: one cluster may hide several."""
    if not values:
        return None
    least = min(values.values())
    return max(k for k, value in values.items() if value <= least + _SLIP)


def _strong(values: Mapping[int, float], _: Evidence) -> int | None:
    return largest_with(values, STRONG)


def _stable(values: Mapping[int, float], _: Evidence) -> int | None:
    return largest_with(values, STABLE)


def _normal(values: Mapping[int, float], _: Evidence) -> int | None:
    return min((k for k, value in values.items() if value >= NORMAL), default=None)


_FEW_ROWS = "needs more rows in each half than clusters"

PREDICTION_STRENGTH = Criterion(
    "prediction_strength",
    "prediction strength",
    True,
    prediction_strength,
    _strong,
    _FEW_ROWS,
    "Tibshirani & Walther 2005",
    f"the largest K of {STRONG} or more",
)
STABILITY = Criterion(
    "stability",
    "stability",
    True,
    stability,
    _stable,
    _FEW_ROWS,
    "Hennig 2007 (clusterboot)",
    f"the largest K of {STABLE} or more",
)
FAULTS = Criterion(
    "faults",
    "clusters to merge or to cut",
    False,
    faults,
    _fewest,
    "needs clusters of 8 or more rows in each half",
    "this project; the idea of a dip between modes: Hartigan & Hartigan 1985",
    "the largest K with next to the fewest",
)
NORMALITY = Criterion(
    "normality",
    "normality (G-means)",
    True,
    normality,
    _normal,
    "needs clusters of 8 or more rows in each half",
    "Hamerly & Elkan 2003 (G-means)",
    f"the smallest K of {NORMAL} or more",
)
