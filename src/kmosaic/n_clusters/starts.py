"""Where a fit of k clusters may begin once those of other k are known."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from kmosaic._engine import Data
from kmosaic._sparse import contents, data_of
from kmosaic._values import Distances, Fit, Rows
from kmosaic.n_clusters.sample import take

_TRIED = 4  # clusters that are split to see what it gains
_SPLIT_ITERATIONS = 20


def split(
    rows: Rows, data: Data, fit: Fit, count: int, random_state: np.random.RandomState
) -> Distances | None:
    """The centers of a fit with `count` more: clusters that gain the most by it are cut in two.

    Each is cut by k-means with k = 2 (as X-means does, Pelleg & Moore 2000). None: there are not
    as many clusters with two different rows.
    """
    found = data.summarize(fit.centers)
    order = np.argsort(-found.inertias, kind="stable")
    gains: list[tuple[float, int, Distances]] = []
    for cluster in order:
        if found.inertias[cluster] <= 0 or len(gains) >= max(_TRIED, count):
            break
        halves = cut(take(rows, np.flatnonzero(found.labels == cluster)), random_state)
        if halves is not None:
            gain = float(found.inertias[cluster]) - halves.inertia
            gains.append((gain, int(cluster), halves.centers.astype(np.float64)))
    if len(gains) < count:
        return None
    best = sorted(gains, key=lambda each: -each[0])[:count]
    kept = np.delete(fit.centers, [cluster for _, cluster, _ in best], axis=0)
    return np.concatenate([kept, *(centers for _, _, centers in best)])


def cut(rows: Rows, random_state: np.random.RandomState) -> Fit | None:
    """k-means of these rows with k = 2; None where they are all alike."""
    if rows.shape[0] < 2:
        return None
    data = data_of(rows)
    if data.all_alike():
        return None
    start = contents(rows, data.plus_plus(2, random_state))
    return data.fit(start, max_iter=_SPLIT_ITERATIONS)


def merged(fit: Fit, count: int) -> Distances:
    """The centers of a fit with `count` fewer: the pairs that cost least are merged (Ward 1963)."""
    centers = fit.centers.astype(np.float64)
    sizes = np.bincount(fit.labels, minlength=len(centers)).astype(np.float64)
    for _ in range(count):
        i, j = _cheapest_pair(centers, sizes)
        together = sizes[i] + sizes[j]
        share = sizes[j] / together if together else 0.5
        centers[i] = centers[i] + share * (centers[j] - centers[i])
        sizes[i] = together
        centers, sizes = np.delete(centers, j, axis=0), np.delete(sizes, j)
    return centers


def _cheapest_pair(centers: Distances, sizes: npt.NDArray[np.float64]) -> tuple[int, int]:
    """Two clusters by whose merger the inertia rises least: n_i n_j / (n_i + n_j) |c_i - c_j|^2."""
    squared = Data(centers).squared_distances(centers)
    sums = np.maximum(sizes[:, None] + sizes[None, :], 1.0)
    cost = squared * (sizes[:, None] * sizes[None, :] / sums)
    cost[np.tril_indices(len(centers))] = np.inf
    i, j = divmod(int(np.argmin(cost)), len(centers))
    return i, j
