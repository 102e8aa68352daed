"""The silhouette: is a row nearer to its own cluster than to any other?"""

from __future__ import annotations

import math
from numbers import Integral
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.utils import check_random_state

from kmosaic._errors import InputError
from kmosaic._sparse import data_of
from kmosaic._values import Distances
from kmosaic.metrics.groups import Groups, check_groups

_FEWEST_A_CLUSTER = 2  # of a row that is alone there is no distance within its cluster


def silhouette_samples(X: Any, labels: npt.ArrayLike) -> Distances:
    """The silhouette of every row, from the Euclidean distances of all pairs of rows.

    s = (b - a) / max(a, b), where a is the mean distance to the other rows of its cluster and b the
    least mean distance to the rows of another cluster: near 1 well inside, 0 on a border, below 0
    nearer to another; 0 for a row alone in its cluster, and where a and b are 0 (Rousseeuw 1987).

    X: (n, d) float32, float64, uint8 or CSR; labels: (n,), 2 to n - 1 different ones. Returns (n,)
    float64, the same bits for any number of threads and on any processor. No distance is wrong by
    more than 2⁻¹⁸ of itself, so no s by more than 2⁻¹⁶ = 0.000015; on usual data the error is below
    10⁻⁷ (docs/exactness.md). Takes the time of n²/2 distances, and 8·n·k bytes up to 256 MiB, else
    8·n and twice the time. Raises InputError for other numbers of labels, NaN or infinity.

    >>> X = np.array([[0.0], [1.0], [10.0], [12.0]])
    >>> silhouette_samples(X, [0, 0, 1, 1]).round(3).tolist()
    [0.909, 0.9, 0.789, 0.826]
    """
    return _of_groups(check_groups(X, labels))


def silhouette_score(
    X: Any,
    labels: npt.ArrayLike,
    *,
    sample_size: int | None = None,
    random_state: int | np.random.RandomState | None = None,
) -> float:
    """The mean silhouette of all rows, or an estimate of it from a sample.

    X, labels: as of silhouette_samples(). sample_size: None for all rows, which is exact; else how
    many rows, at least two for each cluster, are drawn by random_state: from each cluster its
    share, at least two (or the one there is), and only they are looked at. The estimate is the mean
    of the clusters' means, by their true sizes. Its standard error is about sqrt(sum over the
    clusters of (their share of the rows)² · (variance of their silhouettes) / (their rows in the
    sample)), below 1/sqrt(sample_size) but for small clusters. Raises InputError as
    silhouette_samples().

    >>> X = np.array([[0.0], [1.0], [10.0], [12.0]])
    >>> round(silhouette_score(X, [0, 0, 1, 1]), 3)
    0.856
    """
    groups = check_groups(X, labels)
    n = len(groups.labels)
    if sample_size is None:
        return math.fsum(_of_groups(groups)) / n
    chosen = _sample(groups, _check_sample_size(sample_size, groups.k), random_state)
    part = Groups(
        groups.rows[chosen],
        groups.labels[chosen],
        np.bincount(groups.labels[chosen], minlength=groups.k),
    )
    values = np.where(groups.sizes[part.labels] > 1, _of_groups(part), 0.0)
    means = np.bincount(part.labels, values, minlength=groups.k) / part.sizes
    return math.fsum(means * groups.sizes) / n


def _of_groups(groups: Groups) -> Distances:
    return data_of(groups.rows).silhouette(groups.labels, groups.k)


def _check_sample_size(sample_size: Any, k: int) -> int:
    fewest = _FEWEST_A_CLUSTER * k
    if not isinstance(sample_size, Integral) or sample_size < fewest:
        raise InputError(
            f"sample_size={sample_size!r}: give None, or a whole number of at least {fewest}, two "
            f"rows for each of {k} clusters."
        )
    return int(sample_size)


def _sample(
    groups: Groups, size: int, random_state: int | np.random.RandomState | None
) -> npt.NDArray[np.int64]:
    """Row numbers, ascending: each cluster's share of `size`, rounded up, at least two."""
    n = len(groups.labels)
    random = check_random_state(random_state)
    shares = np.ceil(groups.sizes * (min(size, n) / n)).astype(np.int64)
    counts = np.minimum(np.maximum(shares, _FEWEST_A_CLUSTER), groups.sizes)
    order = np.argsort(groups.labels, kind="stable")
    first = np.concatenate([[0], np.cumsum(groups.sizes)[:-1]])
    drawn = [
        order[start + random.permutation(size_of)[:count]]
        for start, size_of, count in zip(first, groups.sizes, counts, strict=True)
    ]
    return np.sort(np.concatenate(drawn))
