"""k-means over the different colors: a good start, then Lloyd on all of them.

Where to start is sought among cells of the color cube, some thousand mean colors with the weight of
all that they stand for: greedy k-means++, then rounds in which many centers come where colors are
farthest and as many go that save least (breathing k-means, Fritzke 2020). Lloyd over all colors
then has little left to do.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from kmosaic._engine import Data
from kmosaic._values import Distances, Rows
from kmosaic.palette.counting import keys_of
from kmosaic.palette.seeking import seek
from kmosaic.palette.spaces import Colors, Space

_CELLS, _CELLS_A_COLOR = 8192, 64  # as many cells, or as many for each color asked for
_MOST_CELL_BITS = 21  # of the number of a cell
_MANY, _FINE = 1 << 18, 1 << 16  # with more colors, Lloyd settles on cells, so many at most
_MOST_ITERATIONS = 12  # on cells
_STILL = 0.05  # steps of 8 bits: centers that move less (root mean square) show no difference
_FEW, _STILL_OF_FEW = 32, 0.01  # they move long, and iterations cost little


def find_centers(
    space: Space,
    rows: Distances,
    weights: Distances,
    colors: Colors,
    n: int,
    random_state: np.random.RandomState,
) -> Distances:
    """Centers of n clusters, (n, d), of rows, (m, d), that are different colors, (m, 4).

    m > n. weights: (m,).
    """
    tolerance = n * ((_STILL_OF_FEW if n <= _FEW else _STILL) * space.step) ** 2
    many = len(rows) > _MANY
    if many:
        rows, weights, colors = cells(rows, weights, colors, _FINE, at_least=2 * n)
    some = cells(rows, weights, colors, max(_CELLS, _CELLS_A_COLOR * n), at_least=2 * n)
    centers = seek(Data(some[0].astype(np.float32), some[1]), n, space.squares, random_state)
    data = Data(rows.astype(np.float32), weights)
    most = _MOST_ITERATIONS if many else 300
    found: Rows = data.fit(centers, tolerance=tolerance, max_iter=most).centers
    return found.astype(np.float64)


def cells(
    rows: Distances, weights: Distances, colors: Colors, most: int, *, at_least: int
) -> tuple[Distances, Distances, Colors]:
    """At most so many rows, or `at_least`: means of colors that share leading bits.

    >>> colors = np.array([[0, 0, 0, 255], [1, 1, 3, 255], [128, 0, 0, 255]], np.uint8)
    >>> rows, counts = colors[:, :3] * 1.0, np.array([1.0, 3.0, 1.0])
    >>> means, heavy, _ = cells(rows, counts, colors, 2, at_least=1)
    >>> means.tolist(), heavy.tolist()
    ([[0.75, 0.75, 2.25], [128.0, 0.0, 0.0]], [4.0, 1.0])
    """
    if len(rows) <= most:
        return rows, weights, colors
    columns = rows.shape[1]
    found = None
    for bits in range(max(1, most.bit_length() // columns), min(7, _MOST_CELL_BITS // columns) + 1):
        cell = _cell_of(colors, bits, columns)
        weight: Distances = np.bincount(cell, weights).astype(np.float64, copy=False)
        used = np.flatnonzero(weight)
        if len(used) > most and found is not None and len(found[2]) >= at_least:
            break
        found = weight, cell, used, bits
    if found is None:
        return rows, weights, colors
    weight, cell, used, bits = found
    weight = weight[used]
    sums = [np.bincount(cell, weights * rows[:, column])[used] for column in range(columns)]
    means = np.stack([total / weight for total in sums], axis=1)
    return means, weight, _corners(used, bits, columns)


def _cell_of(colors: Colors, bits: int, columns: int) -> npt.NDArray[np.int64]:
    """The number of the cell of each color: the leading bits of its columns, one after the other.

    >>> [f"{cell:06b}" for cell in _cell_of(np.array([[64, 128, 192, 255]], np.uint8), 2, 3)]
    ['011011']
    """
    keys = keys_of(colors)
    cell = np.zeros(len(colors), np.uint32)
    for column in range(columns):
        cell <<= np.uint32(bits)
        cell |= keys >> np.uint32(8 * column + 8 - bits) & np.uint32((1 << bits) - 1)
    return cell.astype(np.int64)


def _corners(cell: npt.NDArray[np.int64], bits: int, columns: int) -> Colors:
    """The color of least numbers in each cell, (n, 4)."""
    found = np.full((len(cell), 4), 255, np.uint8)
    for column in range(columns):
        place = cell >> bits * (columns - 1 - column) & ((1 << bits) - 1)
        found[:, column] = place << (8 - bits)
    return found
