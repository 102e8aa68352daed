"""How much nearer rows are to their own cluster than to the next, for many clusterings at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import issparse
from sklearn.metrics.pairwise import euclidean_distances

from kmosaic._engine import Data
from kmosaic._parts import each, parts_of
from kmosaic._sparse import contents
from kmosaic._values import Distances, Fit, Labels, Rows
from kmosaic.features.steady import one_thread
from kmosaic.metrics import simplified_silhouette_samples
from kmosaic.n_clusters.sample import Places, about_the_mean, take

_TOGETHER = 1 << 22  # distances that are held at once


@dataclass(frozen=True)
class Spread:
    """How far rows are from the centers, for one fit of two or more clusters."""

    simplified_silhouette: float  # mean over all rows
    mean_distances: Distances  # (k,) of each cluster's rows to its center


def spread_of(data: Data, fit: Fit, order: Places) -> Spread:
    """The simplified silhouette and the mean distances of all rows; exact, in O(nk).

    Added up in the order given, so that the last digits do not depend on that of the data.
    """
    _, squared, _, second = data.nearest_two(fit.centers)
    nearest, second, labels = np.sqrt(squared[order]), np.sqrt(second[order]), fit.labels[order]
    share = np.divide(nearest, second, out=np.zeros_like(nearest), where=second > 0)
    k = len(fit.centers)
    sizes = np.bincount(labels, minlength=k)
    sums = np.bincount(labels, weights=nearest, minlength=k)
    return Spread(float(1 - share.mean()), sums / np.maximum(sizes, 1))


@dataclass(frozen=True)
class Silhouette:
    """What the distances between rows tell of one clustering of them."""

    mean: float
    medoids: Places  # of each cluster the row nearest to its others by the sum; -1 without rows


def silhouettes_of(
    rows: Rows,
    chosen: Places,
    weights: npt.NDArray[np.float64],
    labels: Mapping[int, Labels],
) -> dict[int, Silhouette]:
    """The silhouette (Rousseeuw 1987) of some rows, for each of several clusterings of them.

    weights: how many rows each of rows[chosen] stands for. labels: for each k, those of
    rows[chosen]. The distance of two rows is found once for all
    clusterings, some at a time.

    >>> rows, labels = np.array([[0.0], [1.0], [9.0], [9.5]]), np.array([0, 0, 1, 1], np.int32)
    >>> found = silhouettes_of(rows, np.arange(4), np.ones(4), {2: labels})[2]
    >>> round(found.mean, 3), found.medoids.tolist()
    (0.914, [0, 2])
    """
    some = take(rows, chosen)
    some = some if issparse(some) else about_the_mean(some)
    members, totals = _members(weights, labels)

    def of_part(part: slice) -> dict[int, tuple[float, Distances]]:
        apart = euclidean_distances(some[part], some)
        at = np.arange(apart.shape[0])
        apart[at, at + part.start] = 0
        beside, found = apart @ members, {}
        for k, own in labels.items():
            here = beside[:, totals[k][0]]
            values = _silhouettes(here, own[part], totals[k][1], weights[part])
            found[k] = float(weights[part] @ values), here[at, own[part]]
        return found

    with one_thread():
        parts = each(of_part, parts_of(len(chosen), max(_TOGETHER // len(chosen), 1)))
    whole = float(weights.sum())
    return {
        k: Silhouette(
            sum(part[k][0] for part in parts) / whole,
            _medoids(np.concatenate([part[k][1] for part in parts]), own, chosen, k),
        )
        for k, own in labels.items()
    }


def _medoids(inside: Distances, labels: Labels, chosen: Places, k: int) -> Places:
    order = np.lexsort((inside, labels))  # stable: the first of equals
    there, first = np.unique(labels[order], return_index=True)
    found = np.full(k, -1)
    found[there] = chosen[order[first]]
    return found


def medoid_silhouette(rows: Rows, fit: Fit, medoids: Places, order: Places) -> float:
    """The mean silhouette by medoids (Lenssen & Schubert 2022) of all rows: exact, in O(nk).

    Added up in the order given, so that the last digits do not depend on that of the data.
    """
    samples = simplified_silhouette_samples(rows, contents(rows, medoids), fit.labels)
    return float(samples[order].mean())


def _members(
    weights: npt.NDArray[np.float64], labels: Mapping[int, Labels]
) -> tuple[Any, dict[int, tuple[slice, npt.NDArray[np.float64]]]]:
    """Each row's weight in its cluster's column; of each k which columns, and their sums."""
    blocks, where, first = [], {}, 0
    for k, own in labels.items():
        block = np.zeros((len(own), k))
        block[np.arange(len(own)), own] = weights
        blocks.append(block)
        where[k] = slice(first, first + k), block.sum(axis=0)
        first += k
    return np.concatenate(blocks, axis=1) if blocks else np.zeros((len(weights), 0)), where


def _silhouettes(
    sums: Distances,
    own: Labels,
    sizes: npt.NDArray[np.float64],
    weights: npt.NDArray[np.float64],
) -> npt.NDArray[np.float64]:
    """Of some rows, from their distances to each cluster, summed by weight."""
    at = np.arange(len(own))
    others = sizes[own] - 1  # a row stands for some as far away as its cluster's others are
    inside = sums[at, own] / np.maximum(sizes[own] - weights, 1e-300)
    means = sums / np.where(sizes > 0, sizes, 1)
    means[:, sizes == 0] = np.inf
    means[at, own] = np.inf
    outside = means.min(axis=1)
    longest = np.maximum(inside, outside)
    found = np.divide(outside - inside, longest, out=np.zeros(len(own)), where=longest > 0)
    return np.where(others > 0, found, 0.0)
