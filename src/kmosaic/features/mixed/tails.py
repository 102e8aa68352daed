"""Skewed columns are bent straight: logarithms, or ranks where these do not do."""

from __future__ import annotations

from typing import Literal

import numpy as np

from kmosaic._errors import InputError
from kmosaic._values import Distances

Tail = Literal["auto", "none", "log", "quantile"]
TAILS: tuple[Tail, ...] = ("auto", "none", "log", "quantile")
_SKEWED = 1.0  # skewness from which a column is bent: that of a gamma with shape 4
_KNOTS = 200  # of the table of quantiles
_REACH = 2.5  # standard deviations to which ranks are spread


def skewness(values: Distances) -> float:
    """The third standardized moment; 0 for a column that does not vary.

    >>> round(skewness(np.array([0.0, 0.0, 0.0, 1.0])), 3)
    1.155
    """
    spread = values.std()
    if not spread > 0:
        return 0.0
    return float(np.mean(((values - values.mean()) / spread) ** 3))


def choose_tail(values: Distances, wanted: Tail) -> Literal["none", "log", "quantile"]:
    """How a column of known numbers is bent.

    "auto": not at all up to a skewness of 1; by log(1 + x / m), where m is the median of what is
    above 0, if nothing is below 0 and that leaves less skew; by normal scores of ranks otherwise.

    >>> rng = np.random.default_rng(0)
    >>> [choose_tail(x, "auto") for x in (rng.normal(size=999), np.exp(rng.normal(size=999)))]
    ['none', 'log']
    """
    if wanted == "log" and values.min() < 0:
        raise InputError("holds numbers below 0, which have no logarithm: choose other tails.")
    if wanted != "auto":
        return wanted
    skew = abs(skewness(values))
    if skew <= _SKEWED or len(np.unique(values[:100_000])) < 5:
        return "none"
    if values.min() >= 0:
        left = abs(skewness(np.log1p(values / unit_of(values))))
        if left < max(_SKEWED, skew / 3):
            return "log"
    return "quantile"


def unit_of(values: Distances) -> float:
    """The median of what is above 0: what counts as 1 before the logarithm, whatever the unit."""
    above = values[values > 0]
    return float(np.median(above)) if len(above) else 1.0


def knots_of(values: Distances) -> tuple[Distances, Distances]:
    """Quantiles of a column and their normal scores, ascending, for interpolation.

    >>> at, scores = knots_of(np.arange(1001.0))
    >>> [float(at[0]), float(scores[0]), float(np.interp(500.0, at, scores).round(6))]
    [0.0, -2.5, 0.0]
    """
    from scipy.special import ndtri

    parts = np.linspace(0, 1, _KNOTS + 1)
    at = np.quantile(values, parts)
    scores = np.clip(ndtri(parts), -_REACH, _REACH)
    # Of equal numbers, such as many zeros, the score is that of their middle.
    different, which = np.unique(at, return_inverse=True)
    mean = np.bincount(which, scores) / np.bincount(which)
    return different, mean
