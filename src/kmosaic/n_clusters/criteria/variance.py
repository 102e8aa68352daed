"""Criteria of the variance between and within clusters."""

from __future__ import annotations

import math

import numpy as np

from kmosaic._engine import Data
from kmosaic.n_clusters.criteria.base import NEEDS_TWO, Criterion, Values, highest, lowest
from kmosaic.n_clusters.evidence import Evidence


def calinski_harabasz(evidence: Evidence) -> Values:
    """The variance ratio: variance between clusters over that within (Caliński & Harabasz 1974)."""
    total = evidence.total
    return {
        k: (total - fit.inertia) / (k - 1) / (fit.inertia / (evidence.n - k))
        for k, fit in evidence.fits.items()
        if 1 < k < evidence.n and fit.inertia > 0
    }


def davies_bouldin(evidence: Evidence) -> Values:
    """Mean over clusters of how much the one most like it overlaps it (Davies & Bouldin 1979)."""
    found = {}
    for k, spread in evidence.spreads.items():
        if k >= evidence.n:
            continue
        centers = evidence.fits[k].centers.astype(np.float64)
        apart = np.sqrt(Data(centers).squared_distances(centers))
        np.fill_diagonal(apart, np.inf)
        wide = spread.mean_distances
        found[k] = float(((wide[:, None] + wide[None, :]) / apart).max(axis=1).mean())
    return found


def bic(evidence: Evidence) -> Values:
    """The Bayesian information criterion of X-means (Pelleg & Moore 2000), higher is better here.

    Log-likelihood of normal clusters of one variance in all directions, less half the logarithm of
    n for each of the k (d + 1) parameters.
    """
    n, d = evidence.n, evidence.d
    found = {}
    for k, fit in evidence.fits.items():
        if k >= n or fit.inertia <= 0:
            continue
        variance = fit.inertia / (d * (n - k))
        sizes = np.bincount(fit.labels, minlength=k)
        shares = float((sizes * np.log(sizes / n)).sum())
        likelihood = shares - n * d / 2 * math.log(2 * math.pi * variance) - d * (n - k) / 2
        found[k] = likelihood - k * (d + 1) / 2 * math.log(n)
    return found


_NO_VARIANCE = "needs fewer clusters than rows, and rows that differ from their centers"

CALINSKI_HARABASZ = Criterion(
    "calinski_harabasz",
    "Calinski-Harabasz",
    True,
    calinski_harabasz,
    highest,
    f"{NEEDS_TWO}; rows must differ from their centers",
    "Caliński & Harabasz 1974",
)
DAVIES_BOULDIN = Criterion(
    "davies_bouldin",
    "Davies-Bouldin",
    False,
    davies_bouldin,
    lowest,
    NEEDS_TWO,
    "Davies & Bouldin 1979",
)
BIC = Criterion("bic", "BIC", True, bic, highest, _NO_VARIANCE, "Pelleg & Moore 2000 (X-means)")
