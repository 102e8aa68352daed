"""How much more clusters find in the rows than in rows without clusters."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

import numpy as np

from kmosaic.n_clusters.criteria.base import Criterion, Values, highest
from kmosaic.n_clusters.evidence import Evidence


def gap(evidence: Evidence) -> Values:
    """Mean log inertia of the draws, less the log inertia of the rows (Tibshirani et al. 2001)."""
    found = {}
    for k, log_inertia in evidence.reference.real.items():
        drawn = evidence.reference.drawn[k]
        if drawn:
            found[k] = float(np.mean(drawn)) - log_inertia
    return found


def errors(evidence: Evidence) -> Values:
    """The standard error of each gap, as the paper has it: s = sd · sqrt(1 + 1/B)."""
    return {
        k: float(np.std(drawn)) * (1 + 1 / len(drawn)) ** 0.5
        for k, drawn in evidence.reference.drawn.items()
        if drawn
    }


def first_within_an_error(gaps: Mapping[int, float], error: Mapping[int, float]) -> int | None:
    """The smallest k whose gap is at least that of the next, less its standard error.

    >>> first_within_an_error({1: 0.1, 2: 0.8, 3: 0.75}, {1: 0.01, 2: 0.01, 3: 0.01})
    2
    """
    ks = sorted(gaps)
    for k, following in pairwise(ks):
        if gaps[k] >= gaps[following] - error[following]:
            return k
    return ks[-1] if ks else None


def _prefers(values: Mapping[int, float], evidence: Evidence) -> int | None:
    return first_within_an_error(values, errors(evidence))


def beyond(evidence: Evidence) -> Values:
    """Log of the share of variance that is between clusters, less that of rows drawn as wide.

    The gap statistic holds what is left against a box about the rows, which is far wider than rows
    with tails or many columns; this holds what is explained against an even spread with their
    variances, as with the gap statistic along the principal components.
    """
    return evidence.reference.beyond


def _highest_above_none(values: Mapping[int, float], evidence: Evidence) -> int | None:
    best = highest(values)
    nothing = best is None or values[best] <= 0
    return 1 if nothing and values and 1 in evidence.ks else best


GAP = Criterion(
    "gap",
    "gap statistic",
    True,
    gap,
    _prefers,
    "needs rows that differ from their centers",
    "Tibshirani, Walther & Hastie 2001",
    "the smallest K that is within one standard error of the next",
)

BEYOND = Criterion(
    "beyond_even",
    "variance explained beyond chance",
    True,
    beyond,
    _highest_above_none,
    "needs rows that differ from their centers",
    "after Tibshirani, Walther & Hastie 2001, with variances in place of a box",
)
