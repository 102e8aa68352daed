"""Scores from how far rows are from the mean of their cluster, and these means from each other."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import issparse

from kmosaic._sparse import data_of
from kmosaic._values import Distances
from kmosaic.metrics.groups import Groups, check_groups, distances_to_own, parts_by_label


def davies_bouldin_score(X: Any, labels: npt.ArrayLike) -> float:
    """The Davies-Bouldin score: how much each cluster overlaps with the one most like it.

    The mean over the clusters of the largest (Sᵢ + Sⱼ) / Mᵢⱼ, where S is the mean distance of a
    cluster's rows to their mean and M the distance of two means; 0 is best (Davies & Bouldin 1979).
    Means that coincide count as infinitely far apart, as in scikit-learn. X: (n, d) float32,
    float64, uint8 or CSR; labels: (n,), 2 to n - 1 different ones. Computed in float64. Raises
    InputError for other numbers of labels, NaN or infinity.

    >>> X = np.array([[0.0], [2.0], [10.0], [12.0]])
    >>> davies_bouldin_score(X, [0, 0, 1, 1])
    0.2
    """
    groups = check_groups(X, labels)
    means = _means(groups)
    spread = np.bincount(groups.labels, _to_means(groups, means)) / groups.sizes
    worst = np.empty(groups.k)
    between = data_of(means)
    for c in range(groups.k):
        apart = np.sqrt(between.squared_distances(means[c : c + 1])[:, 0])
        apart[apart == 0] = np.inf
        worst[c] = np.max((spread + spread[c]) / apart)
    return math.fsum(worst) / groups.k


def calinski_harabasz_score(X: Any, labels: npt.ArrayLike) -> float:
    """The Calinski-Harabasz score: the variance between clusters over the variance within them.

    (Σ nᵢ |mᵢ - m|² / (k - 1)) / (Σ |x - mᵢ|² / (n - k)), with the means mᵢ of the clusters and m of
    all rows; larger is better, and 1 where no row is off its mean, as in scikit-learn (Calinski &
    Harabasz 1974). X, labels and errors: as of davies_bouldin_score().

    >>> X = np.array([[0.0], [2.0], [10.0], [12.0]])
    >>> calinski_harabasz_score(X, [0, 0, 1, 1])
    50.0
    """
    groups = check_groups(X, labels)
    means = _means(groups)
    n, k = len(groups.labels), groups.k
    within = math.fsum(_to_means(groups, means) ** 2)
    of_all = means[0] + np.average(means - means[0], axis=0, weights=groups.sizes)
    between = math.fsum(groups.sizes * ((means - of_all) ** 2).sum(axis=1))
    return 1.0 if within == 0 else between * (n - k) / (within * (k - 1))


def _to_means(groups: Groups, means: Distances) -> Distances:
    return distances_to_own(groups.rows, groups.labels, means)


def _means(groups: Groups) -> Distances:
    """(k, d) in float64, summed from a row of each cluster on: a common offset costs no digits."""
    rows, d = groups.rows, groups.rows.shape[1]
    sums = np.zeros((groups.k, d))
    origins: dict[int, npt.NDArray[Any]] = {}
    for cluster, chosen in parts_by_label(groups.labels, d):
        part: Any = rows[chosen]
        if issparse(part):
            # scipy adds float32 up in float32, whatever dtype it is told.
            sums[cluster] += np.asarray(part.astype(np.float64).sum(axis=0)).reshape(d)
            continue
        origin = origins.setdefault(cluster, part[0].astype(np.float64))
        sums[cluster] += (part - origin).sum(axis=0)
    means = sums / groups.sizes[:, np.newaxis]
    for cluster, origin in origins.items():
        means[cluster] += origin
    return means
