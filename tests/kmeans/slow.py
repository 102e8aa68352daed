"""The slow plain truth of k-means, in numpy: what every fast path must give, bit for bit."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np


def squared_distances(X, centers):
    """Σ(x−c)² in float64, (n, k), summed in the order that the engine's contract states."""
    d = X.shape[1]
    padded = -(-d // 16) * 16
    wide = np.zeros((len(X), padded))
    wide[:, :d] = X
    to = np.zeros((len(centers), padded))
    to[:, :d] = centers
    squares = (wide[:, None, :] - to[None, :, :]) ** 2
    part = np.zeros((len(X), len(centers), 16))
    for first in range(0, padded, 16):
        part += squares[:, :, first : first + 16]
    for width in (8, 4, 2, 1):
        part = part[:, :, :width] + part[:, :, width:]
    return part[:, :, 0]


def nearest(X, centers):
    """Labels, ties to the lowest index."""
    return squared_distances(X, centers).argmin(axis=1)


def lloyd(X, centers, *, max_iter=300, weights=None):
    """Labels of every iteration and the last centers; no empty clusters, no tolerance."""
    centers = np.array(centers, dtype=X.dtype)
    weights = np.ones(len(X)) if weights is None else np.asarray(weights, dtype=float)
    path = []
    for _ in range(max_iter):
        path.append(nearest(X, centers))
        if len(path) > 1 and (path[-1] == path[-2]).all():
            break
        for c in range(len(centers)):
            members = path[-1] == c
            if weights[members].sum() > 0:
                middle = X[0].astype(float)
                shift = np.average(
                    X[members].astype(float) - middle, axis=0, weights=weights[members]
                )
                centers[c] = middle + shift
    return path, centers


def means(X, labels, centers, weights=None):
    """The exact mean of each cluster, rounded once to float64; a cluster without rows stays."""
    weights = np.ones(len(X)) if weights is None else np.asarray(weights, dtype=float)
    found = np.array(centers, dtype=float)
    for c in range(len(centers)):
        members = np.flatnonzero((labels == c) & (weights > 0))
        if len(members) == 0:
            continue
        total = sum(map(Fraction, weights[members].tolist()))
        for j in range(X.shape[1]):
            products = (
                Fraction(w) * Fraction(x)
                for w, x in zip(weights[members].tolist(), X[members, j].tolist(), strict=True)
            )
            found[c, j] = float(sum(products) / total)
    return found


def inertia(X, labels, centers, weights=None):
    """Σ w·|x − c|² to each row's own center."""
    weights = np.ones(len(X)) if weights is None else np.asarray(weights, dtype=float)
    squared = ((X.astype(float) - centers[labels]) ** 2).sum(axis=1)
    return math.fsum(weights * squared)
