"""Whether there is a valley between two clusters, told by rows that took no part in finding them.

Along the line from center a to center b, t = 0 at a and 1 at b, rows are counted in three windows
of one width: about a, half-way, and about b. A cluster that was cut in two has as many rows
half-way as about its halves' centers; between two clusters that lie apart there are few.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from kmosaic._values import Distances

_HALF_WINDOW = 1 / 6


def valley(squared: Distances, length: float) -> float:
    """Rows half-way for one in the emptier of the windows about the ends; 1: no valley.

    squared: (n, 2) squared distances of the rows of both clusters to the two centers, which are
    `length` apart, squared.

    >>> at = np.array([0.0, 0.1, 0.9, 1.0, 1.1, -0.1, 0.5])
    >>> squared = np.stack([at**2, (1 - at) ** 2], axis=1)
    >>> valley(squared, 1.0)  # (1 + 1) / (3 + 1)
    0.5
    """
    if length <= 0:
        return 1.0
    at = (squared[:, 0] - squared[:, 1] + length) / (2 * length)
    first, middle, last = (_near(at, place) for place in (0.0, 0.5, 1.0))
    return float((middle + 1) / (min(first, last) + 1))


def _near(at: npt.NDArray[np.float64], place: float) -> int:
    return int(np.count_nonzero(np.abs(at - place) < _HALF_WINDOW))
