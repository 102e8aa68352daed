"""Silhouettes from distances to centers or medoids alone: n·k distances in place of n²/2."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import issparse

from kmosaic._errors import InputError
from kmosaic._sparse import contents, data_of
from kmosaic._values import Distances, Rows
from kmosaic.kmeans.checks import check_array_alone
from kmosaic.metrics.groups import check_labels, distances_to_own


def simplified_silhouette_samples(
    X: Any, centers: npt.ArrayLike, labels: npt.ArrayLike | None = None
) -> Distances:
    """The simplified silhouette of every row, from the distances to the centers of the clusters.

    s = (b - a) / max(a, b), where a is the distance to its own center and b that to the nearest of
    the others; 0 where both are 0 (Hruschka, de Castro & Campello 2004). X: (n, d) float32,
    float64, uint8 or CSR; centers: (k, d), k >= 2; labels: (n,), the row of centers that is a row's
    own, None for the nearest. Returns (n,) float64, exact but for the roundings of float64. Raises
    InputError where these do not fit together.

    >>> X = np.array([[0.0], [1.0], [10.0]])
    >>> simplified_silhouette_samples(X, [[0.0], [10.0]]).round(3).tolist()
    [1.0, 0.889, 1.0]
    >>> simplified_silhouette_samples(X, [[0.0], [10.0]], [0, 1, 1]).round(3).tolist()
    [1.0, -0.889, 1.0]
    """
    rows = check_array_alone(X)
    means = _check_centers(centers, rows)
    nearest, squared, _, second_squared = data_of(rows).nearest_two(means)
    a, b = np.sqrt(squared), np.sqrt(second_squared)
    if labels is not None:
        own = _check_numbers(labels, rows.shape[0], len(means))
        far = np.flatnonzero(own != nearest)
        if len(far):
            b[far] = a[far]
            a[far] = distances_to_own(rows[far], own[far], means)
    larger = np.maximum(a, b)
    found: Distances = np.divide(b - a, larger, out=np.zeros_like(a), where=larger > 0)
    return found


def medoid_silhouette_score(
    X: Any, labels: npt.ArrayLike | None, centers_or_medoids: npt.ArrayLike
) -> float:
    """The mean over all rows of the silhouette by medoids, or by centers.

    s = (b - a) / max(a, b), where a is the distance to the medoid of its own cluster and b the
    least of those to the others: (d₂ - d₁) / d₂ of the nearest two (Van der Laan, Pollard & Bryan
    2003; Lenssen & Schubert 2022); 0 where both are 0. X: (n, d) float32, float64, uint8 or CSR;
    labels: (n,), which medoid is a row's own, None for the nearest; centers_or_medoids: (k, d)
    numbers, or (k,) row numbers of X; k >= 2. Raises InputError where these do not fit together.

    >>> X = np.array([[0.0], [1.0], [10.0], [12.0]])
    >>> round(medoid_silhouette_score(X, [0, 0, 1, 1], [0, 2]), 3)
    0.931
    """
    rows = check_array_alone(X)
    centers: Any = centers_or_medoids
    if not issparse(centers) and np.ndim(centers) == 1:
        chosen = _check_numbers(centers, len(centers), rows.shape[0], "centers_or_medoids")
        centers = contents(rows, chosen.astype(np.int64))
    samples = simplified_silhouette_samples(rows, centers, labels)
    return math.fsum(samples) / len(samples)


def _check_centers(centers: npt.ArrayLike, rows: Rows) -> Distances:
    if issparse(centers):
        raise InputError("centers is a sparse matrix; give centers.toarray().")
    means = np.ascontiguousarray(centers, dtype=np.float64)
    if means.ndim != 2 or means.shape[1] != rows.shape[1]:
        raise InputError(
            f"centers has shape {means.shape}: give (k, {rows.shape[1]}), a row for each cluster."
        )
    if len(means) < 2:
        raise InputError("centers has one row: a silhouette needs two clusters or more.")
    if not np.isfinite(means).all():
        bad = int(np.flatnonzero(~np.isfinite(means).all(axis=1))[0])
        raise InputError(f"Row {bad} of centers holds NaN or infinity: leave it out.")
    return means


def _check_numbers(
    numbers: npt.ArrayLike, n: int, k: int, name: str = "labels"
) -> npt.NDArray[Any]:
    """Whole numbers of 0..k-1, one for each of n."""
    given = check_labels(numbers, n)
    if given.dtype.kind not in "iu" or given.min() < 0 or given.max() >= k:
        raise InputError(f"{name} must be whole numbers of 0..{k - 1}, one for each row.")
    return given
