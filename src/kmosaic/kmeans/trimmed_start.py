"""Where k-means starts if some rows are outliers: k-means++ that does not look at the farthest."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from kmosaic._engine import Data
from kmosaic._sparse import contents, data_of
from kmosaic._values import Distances, Rows

_SAMPLE, _PER_CLUSTER = 4_000, 40  # rows that are looked at; a start need not be exact


def trimmed_plus_plus(
    data: Data, k: int, random_state: np.random.RandomState, share: float
) -> Rows:
    """k starting centers, (k, d): greedy k-means++ that leaves the farthest rows out of account.

    k-means++ likes outliers, since they are far from all else, and a center that begins on one
    stays there. Here a share of the rows, the farthest from the centers so far, is neither drawn
    nor part of what a center has to lower (after Bhaskara, Vadgama & Xu 2019). Looks at 4,000 rows,
    or 40 for each center, drawn by weight and content, so that their order does not matter.

    >>> data = Data(np.array([[0.0], [1.0], [2.0], [50.0], [51.0], [52.0], [9000.0]]))
    >>> start = trimmed_plus_plus(data, 2, np.random.RandomState(0), share=0.15)
    >>> bool(start.min() <= 2), bool(50 <= start.max() <= 52)
    (True, True)
    """
    sample = data.rows[data.draw_rows(max(_SAMPLE, _PER_CLUSTER * k), random_state)]
    part = data_of(sample)
    n = sample.shape[0]
    kept = n - min(
        int(share * n + 3 * math.sqrt(share * n)), n // 2
    )  # chance may draw more of them
    near = np.ones(n)
    chosen: list[int] = []
    for _ in range(k):
        candidates = _drawn(near, kept, 2 + int(math.log(k)), random_state)
        distances = part.squared_distances(contents(sample, candidates).astype(np.float64))
        nearer = np.minimum(near[:, None], distances) if chosen else distances
        # Sums of one number after the other: the same on every processor.
        potentials = np.cumsum(np.sort(nearer, axis=0)[:kept], axis=0)[-1]
        best = int(np.argmin(potentials))
        chosen.append(int(candidates[best]))
        near = nearer[:, best]
    return contents(sample, np.array(chosen))


def _drawn(
    weights: Distances, kept: int, count: int, random_state: np.random.RandomState
) -> npt.NDArray[np.int64]:
    """Numbers of rows drawn by weight, of those `kept` that have the least."""
    order: npt.NDArray[np.int64] = np.argsort(weights, kind="stable")[:kept]
    ends = np.cumsum(weights[order])
    shares = random_state.random_sample(count)
    if not ends[-1] > 0:  # there are not so many different rows
        return order[(shares * kept).astype(np.int64)]
    places = np.searchsorted(ends, shares * ends[-1], side="right")
    found: npt.NDArray[np.int64] = order[np.minimum(places, kept - 1)]
    return found
