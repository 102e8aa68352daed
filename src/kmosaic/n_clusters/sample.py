"""Rows drawn so that their order in the data does not matter."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import issparse

from kmosaic._engine import Data
from kmosaic._sparse import data_of
from kmosaic._values import Distances, Labels, Rows

Places = npt.NDArray[np.int64]  # row numbers

_TOGETHER = 1 << 22  # numbers that are compared in one go


def draw(order: Places, most: int, random_state: np.random.RandomState) -> Places:
    """At most so many of the rows, each once, in the order given.

    order: all row numbers, as Data.content_order() has them.

    >>> draw(np.array([4, 2, 0]), 9, np.random.RandomState(0)).tolist()
    [4, 2, 0]
    """
    n = len(order)
    if n <= most:
        return order
    return order[np.sort(random_state.choice(n, most, replace=False))]


def draw_from_each(
    order: Places, labels: Labels, most: int, random_state: np.random.RandomState
) -> tuple[Places, npt.NDArray[np.float64]]:
    """Rows of every cluster in proportion to its size, ten or all at the least; and their weights.

    Returns about `most` row numbers and how many rows each of them stands for.

    >>> rows, weights = draw_from_each(np.arange(6), np.array([0] * 6), 9, np.random.RandomState(0))
    >>> len(rows), weights.tolist()
    (6, [1.0, 1.0, 1.0, 1.0, 1.0, 1.0])
    """
    n = len(order)
    if n <= most:
        return order, np.ones(n)
    chosen, weights = [], []
    of_order = labels[order]
    for cluster in range(int(labels.max()) + 1):
        members = order[of_order == cluster]
        some = draw(members, max(10, round(most * len(members) / n)), random_state)
        chosen.append(some)
        weights.append(np.full(len(some), len(members) / max(len(some), 1)))
    return np.concatenate(chosen), np.concatenate(weights)


def take(rows: Rows, which: Places) -> Rows:
    """Some rows, in C order; sparse ones stay sparse."""
    return rows[which] if issparse(rows) else np.ascontiguousarray(rows[which])


def opened(rows: Rows, which: Places) -> tuple[Rows, Data]:
    """Some rows, and the same for the engine."""
    some = take(rows, which)
    return some, data_of(some)


def about_the_mean(rows: Rows) -> Distances:
    """Rows, (n, d), in float64 less their mean: less is lost of distances far from zero."""
    rows = np.asarray(rows, dtype=np.float64)
    centered: Distances = rows - rows.mean(axis=0)
    return centered


def count_different(rows: Rows, order: Places, enough: int) -> int:
    """How many different rows there are, counted no further than `enough`.

    >>> count_different(np.array([[1.0], [2.0], [1.0]]), np.array([0, 2, 1]), 9)
    2
    """
    count, step = 1, max(_TOGETHER // max(rows.shape[1], 1), 1)
    for first in range(0, len(order) - 1, step):
        some: Any = rows[order[first : first + step + 1]]
        unlike = some[1:] != some[:-1]
        count += int(np.count_nonzero(np.asarray(unlike.sum(axis=1))))
        if count >= enough:
            return enough
    return count
