"""Clusters of the ordinary rows: those that are large enough, each with its own spread."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from kmosaic._engine import Data
from kmosaic._errors import InputError
from kmosaic._scales import column_scales
from kmosaic._values import Distances, Fit, Kind, Labels, Rows
from kmosaic.kmeans.trimmed_start import trimmed_plus_plus

MOST_IN_LARGE = 0.9  # share of the rows in large clusters: alpha of CBLOF
_NEAR_AVERAGE = 0.75  # of the mean size: clusters that are alike in size are all large
_LENT = 20  # rows' worth of the spread of all rows that each cluster is lent
_LEAST_SPREAD = 0.1  # of the column's scale
_FEWEST_ROWS = 30  # of each cluster: a fit with fewer is left out
_TOLERANCE = 1e-4  # as KMeans' tol


class Clusters(NamedTuple):
    """The large clusters of one fit."""

    centers: Distances  # (m, d)
    spreads: Distances  # (m, d) standard deviations, above 0
    sizes: npt.NDArray[np.int64]  # (m,) rows that were not set aside


def numbers_of_clusters(given: int | Sequence[int], n: int) -> list[int]:
    """The numbers of clusters that n rows are enough for, ascending.

    >>> numbers_of_clusters((4, 1, 2, 8), 129)
    [1, 2, 4]
    """
    numbers = np.unique(np.atleast_1d(np.asarray(given)))
    if numbers.ndim != 1 or not len(numbers) or numbers.dtype.kind not in "iu" or numbers[0] < 1:
        raise InputError(
            f"n_clusters must be whole numbers from 1, such as (1, 2, 4), not {given!r}."
        )
    if numbers[0] > n:
        raise InputError(f"n_clusters={numbers[0]}, and X has {n} rows. Ask for fewer clusters.")
    return [int(k) for k in numbers if k == numbers[0] or k * _FEWEST_ROWS <= n]


def clusters_of(
    rows: Rows, fits: Iterable[int], set_aside: float, random_state: np.random.RandomState
) -> list[Clusters]:
    """The large clusters of rows, (n, d), for each number of clusters in fits."""
    # In an order that contents alone decide, sums do not depend on the order that X has.
    scaled = np.array(rows[Data(rows).content_order()], dtype=np.float64, order="C")
    scales = column_scales(scaled)
    middle = np.array([np.median(column) for column in scaled.T])
    scaled -= middle
    scaled /= scales
    data = Data(scaled)
    found = [_of_one_fit(scaled, data, k, set_aside, random_state) for k in fits]
    return [
        Clusters(one.centers * scales + middle, one.spreads * scales, one.sizes) for one in found
    ]


def _of_one_fit(
    scaled: Rows, data: Data, k: int, set_aside: float, random_state: np.random.RandomState
) -> Clusters:
    """The large ones of k clusters that trimmed k-means finds, in units of the columns' scales."""
    start = trimmed_plus_plus(data, k, random_state, set_aside)
    fit = data.fit(start, tolerance=_TOLERANCE * data.mean_variance(), kind=Kind(aside=set_aside))
    labels = _labels_without(fit)
    sizes = np.bincount(labels[labels >= 0], minlength=k)
    chosen = np.flatnonzero(large(sizes))
    centers, spreads = _moments(scaled, labels, chosen)
    return Clusters(centers, spreads, sizes[chosen])


def large(sizes: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Which clusters are ordinary: a crowd of anomalies is a cluster too, but a small one.

    Large are the biggest that hold 90 % of the rows together (He, Xu & Deng 2003, CBLOF), and any
    other that is not much smaller than the average, so that clusters of one size are all large.

    >>> large(np.array([500, 20, 450, 30])).tolist()
    [True, False, True, False]
    >>> large(np.array([100, 100, 100])).tolist()
    [True, True, True]
    """
    order = np.argsort(-sizes, kind="stable")
    held = np.cumsum(sizes[order])
    count = int(np.searchsorted(held, MOST_IN_LARGE * held[-1])) + 1
    found: npt.NDArray[np.bool_] = sizes >= _NEAR_AVERAGE * held[-1] / max(
        np.count_nonzero(sizes), 1
    )
    found[order[:count]] = True
    found &= sizes > 0
    return found


def _labels_without(fit: Fit) -> Labels:
    """The cluster of each row, -1 for those that were set aside."""
    labels = fit.labels.copy()
    labels[fit.aside] = -1
    return labels


def _moments(
    scaled: Rows, labels: Labels, chosen: npt.NDArray[np.int64]
) -> tuple[Distances, Distances]:
    """Means and standard deviations of some clusters, (m, d) each."""
    _, whole = _mean_and_variance(scaled[labels >= 0])
    whole[~(whole > 0)] = 1.0  # a column in which only rows that were set aside differ
    means = np.empty((len(chosen), scaled.shape[1]))
    spreads = np.empty_like(means)
    for place, cluster in enumerate(chosen):
        members = np.flatnonzero(labels == cluster)
        means[place], variance = _mean_and_variance(scaled[members])
        # A few rows tell little of their spread: it is drawn towards that of all.
        variance = (len(members) * variance + _LENT * whole) / (len(members) + _LENT)
        spreads[place] = np.maximum(np.sqrt(variance), _LEAST_SPREAD)
    return means, spreads


def _mean_and_variance(rows: Rows) -> tuple[Distances, Distances]:
    """Of each column, (d,) each; rows, (n, d), are used up, which saves a copy."""
    mean: Distances = rows.mean(axis=0)
    rows -= mean
    np.multiply(rows, rows, out=rows)
    variance: Distances = rows.mean(axis=0)
    return mean, variance
