"""Starts of k-means that come from many small clusters, merged."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from sklearn.cluster import AgglomerativeClustering

from kmosaic._engine import Data
from kmosaic._values import Rows

_SAMPLE = 10_000  # rows that are looked at; a start need not be exact
_SMALL_PER_CLUSTER = 10
_FEWEST_SMALL, _MOST_SMALL = 100, 2_000  # merging takes memory for the square of their number
_ROUNDS = 10


def merged_start(X: Rows, n_clusters: int, random_state: np.random.RandomState) -> Rows:
    """Starting centers, (n_clusters, d): ten times as many small clusters, merged by Ward's rule.

    For `KMeans(init=merged_start)`. k-means++ often puts two centers into one group and none into
    another, which k-means cannot undo; small clusters cover every group, and merging the nearest
    (Ward 1963) joins those of one group. Looks at 10,000 rows. Where there are not twice as many
    small clusters to merge (2,000 are the most), the start is that of k-means++.

    >>> X = np.array([[0.0], [1.0], [2.0], [3.0], [50.0]])
    >>> merged_start(X, 2, np.random.RandomState(0)).ravel().tolist()
    [1.5, 50.0]
    """
    rows = _sampled(X, max(_SAMPLE, 2 * n_clusters), random_state)
    data = Data(rows)
    wanted = min(max(_SMALL_PER_CLUSTER * n_clusters, _FEWEST_SMALL), _MOST_SMALL, len(rows))
    small = data.fit(rows[data.plus_plus(wanted, random_state)], max_iter=_ROUNDS)
    sizes = np.bincount(small.labels, minlength=wanted)
    filled = sizes > 0
    if filled.sum() < 2 * n_clusters:
        return rows[data.plus_plus(n_clusters, random_state)]
    return _merge(small.centers[filled], sizes[filled], n_clusters).astype(data.held)


def varied_start(X: Rows, n_clusters: int, random_state: np.random.RandomState) -> Rows:
    """Starting centers by k-means++ or by `merged_start`, half of the time each.

    For `KMeans(init=varied_start, n_init=10)`: each way finds the best clusters of some data that
    the other hardly ever finds, so that the best of both is better than the best of one.

    >>> X = np.arange(6.0).reshape(6, 1)
    >>> varied_start(X, 2, np.random.RandomState(0)).shape
    (2, 1)
    """
    if random_state.random_sample() < 0.5:
        return merged_start(X, n_clusters, random_state)
    return X[Data(X).plus_plus(n_clusters, random_state)]


def _sampled(X: Rows, count: int, random_state: np.random.RandomState) -> Rows:
    if len(X) <= count:
        return X
    return np.ascontiguousarray(X[np.sort(random_state.choice(len(X), count, replace=False))])


def _merge(centers: Rows, sizes: npt.NDArray[np.int64], n_clusters: int) -> Rows:
    """The mean of all rows of each group of centers, which stand for as many rows as `sizes`."""
    groups = AgglomerativeClustering(n_clusters, linkage="ward").fit_predict(centers)
    members = [groups == group for group in range(n_clusters)]
    return np.stack([np.average(centers[own], axis=0, weights=sizes[own]) for own in members])
