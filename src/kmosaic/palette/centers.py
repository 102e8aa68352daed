"""k-means over the different colors: a good start, then Lloyd on all of them.

Where to start is sought among cells of the color cube, a few thousand mean colors with the weight
of all that they stand for: greedy k-means++, then rounds in which many centers come where there is
most error and as many go that save least (breathing k-means, Fritzke 2020). Lloyd over all colors
then has little left to do.
"""

from __future__ import annotations

import numpy as np

from kmosaic._engine import Data
from kmosaic._values import Distances, Rows
from kmosaic.kmeans.breathing import merge, split
from kmosaic.kmeans.standing import Ground, Standing
from kmosaic.palette.spaces import Colors

_CELLS, _CELLS_A_COLOR = 4096, 64  # as many cells, or as many for each color asked for
_MOST_CELL_BITS = 21  # of the number of a cell
_SHARES = (0.5, 0.25, 0.12, 0.06)  # of the centers that come and go together
_FEW = 64  # centers: with so few, the rounds are cheap enough to be made twice
_SHORT = 3  # iterations of Lloyd between moves
_FINE = 1 << 17  # cells that Lloyd settles on first where there are far more colors
_STILL = 0.02  # steps of 8 bits: centers that move less (root mean square) show no difference


def find_centers(
    rows: Distances,
    weights: Distances,
    colors: Colors,
    n: int,
    step: float,
    random_state: np.random.RandomState,
) -> Distances:
    """Centers of n clusters, (n, d), of rows, (m, d), that are different colors, (m, 4).

    m > n. weights: (m,). step: of 8 bits, in the units of the rows.
    """
    tolerance = n * (_STILL * step) ** 2
    some, heavy = cells(rows, weights, colors, max(_CELLS, _CELLS_A_COLOR * n), at_least=2 * n)
    centers = _start(Data(some, heavy), n, random_state)
    if len(rows) > 4 * _FINE:
        fine, weight = cells(rows, weights, colors, _FINE, at_least=2 * n)
        centers = _lloyd(Data(fine, weight), centers, tolerance)
    return _lloyd(Data(rows.astype(np.float32), weights), centers, tolerance).astype(np.float64)


def cells(
    rows: Distances, weights: Distances, colors: Colors, most: int, *, at_least: int
) -> tuple[Rows, Distances]:
    """At most so many rows: where there are more, means of the colors that share leading bits.

    >>> colors = np.array([[0, 0, 0, 255], [1, 1, 3, 255], [128, 0, 0, 255]], np.uint8)
    >>> means, heavy = cells(colors[:, :3] * 1.0, np.array([1.0, 3.0, 1.0]), colors, 2, at_least=1)
    >>> means.tolist(), heavy.tolist()
    ([[0.75, 0.75, 2.25], [128.0, 0.0, 0.0]], [4.0, 1.0])
    """
    if len(rows) <= most:
        return rows.astype(np.float32), weights
    columns = rows.shape[1]
    for bits in range(min(7, _MOST_CELL_BITS // columns), 0, -1):
        cell = np.zeros(len(rows), np.int64)
        for column in range(columns):
            cell = cell << bits | colors[:, column] >> (8 - bits)
        weight: Distances = np.bincount(cell, weights).astype(np.float64, copy=False)
        used = np.flatnonzero(weight)
        if len(used) < at_least:
            break
        found = weight, cell, used
        if len(used) <= most:
            break
    weight, cell, used = found
    weight = weight[used]
    sums = [np.bincount(cell, weights * rows[:, column])[used] for column in range(columns)]
    return np.stack([total / weight for total in sums], axis=1).astype(np.float32), weight


def _start(data: Data, n: int, random_state: np.random.RandomState) -> Rows:
    """Centers that are well spread among the rows of data."""
    best = data.fit(data.rows[data.plus_plus(n, random_state)], max_iter=_SHORT)
    ground = Ground(data)
    for share in _SHARES * (2 if n <= _FEW else 1) if n > 1 else ():
        more = split(Standing(ground, best.centers), max(1, int(share * n)), random_state)
        more = data.fit(more, max_iter=_SHORT).centers
        found = data.fit(merge(Standing(ground, more), n), max_iter=_SHORT)
        best = min(best, found, key=lambda fit: fit.inertia)
    return best.centers


def _lloyd(data: Data, centers: Rows, tolerance: float) -> Rows:
    return data.fit(centers, tolerance=tolerance).centers
