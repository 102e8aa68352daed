"""Rows drawn at random."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt


def row_drawer(
    n: int, weights: npt.NDArray[Any] | None, random_state: np.random.RandomState
) -> Callable[[int], npt.NDArray[np.int64]]:
    """How to draw row numbers, with replacement, by weight: one pass now, none for each draw.

    n: rows. weights: (n,) or None for all alike.

    >>> draw = row_drawer(3, np.array([0.0, 2.0, 0.0]), np.random.RandomState(0))
    >>> draw(4).tolist()
    [1, 1, 1, 1]
    """
    if weights is None or (weights == weights[0]).all():
        return lambda count: np.asarray(random_state.randint(0, n, count))
    ends = np.cumsum(weights, dtype=np.float64)
    heavy = np.flatnonzero(weights)

    def draw(count: int) -> npt.NDArray[np.int64]:
        shares = random_state.random_sample(count) * ends[-1]
        drawn = np.searchsorted(ends, shares, side="right")
        return np.asarray(np.minimum(drawn, heavy[-1]))  # rounding may lead past the last row

    return draw
