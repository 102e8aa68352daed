"""How often each cluster comes back when rows are drawn anew (Hennig 2007, clusterboot)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kmosaic._sparse import contents, data_of
from kmosaic._values import Fit, Labels, Rows
from kmosaic.kmeans.runs import best_of
from kmosaic.n_clusters.halves import jaccard
from kmosaic.n_clusters.kinship import shared

_FEWEST_STARTS, _MOST_STARTS, _WORK = 2, 10, 2e7  # of a resample; rows x columns x k of them all
OFTEN = 0.8  # share of resamples
COMES_BACK = 0.75  # Jaccard index; what Hennig calls valid and stable


@dataclass(frozen=True)
class Stability:
    """Of each cluster of a fit, (k,)."""

    jaccard: npt.NDArray[np.float64]  # mean over resamples of the index of the cluster most like it
    comes_back: npt.NDArray[np.float64]  # share of resamples in which that is 0.75 or more


def stability_of(
    rows: Rows, fit: Fit, random_state: np.random.RandomState, *, resamples: int
) -> Stability:
    """Draw as many rows with replacement, find clusters among them, and compare.

    They are the best of several starts, fewer where these take long: a poor one would say that
    clusters do not come back which are there.

    rows: a sample in the order of its content. fit: of these rows; its labels are those of them.
    """
    return stability_of_labels(rows, fit.labels, len(fit.centers), random_state, resamples)


def stability_of_labels(
    rows: Rows, labels: Labels, k: int, random_state: np.random.RandomState, resamples: int
) -> Stability:
    """The same, of k clusters that are known by the labels of the rows alone."""
    n = rows.shape[0]
    found = np.zeros((resamples, k))
    n_starts = int(np.clip(_WORK // (n * rows.shape[1] * k), _FEWEST_STARTS, _MOST_STARTS))
    for number in range(resamples):
        counts = np.bincount(random_state.randint(n, size=n), minlength=n).astype(np.float64)
        data = data_of(rows, counts)
        starts = [contents(rows, data.plus_plus(k, random_state)) for _ in range(n_starts)]
        again = best_of(data.fit(start, max_iter=100) for start in starts).labels
        drawn = counts > 0
        found[number] = jaccard(shared(labels[drawn], again[drawn], k))
    return Stability(found.mean(axis=0), (found >= COMES_BACK).mean(axis=0))
