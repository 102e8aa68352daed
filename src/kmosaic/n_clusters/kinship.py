"""Which clusters of one fit become which of another."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from kmosaic._values import Labels


def shared(a: Labels, b: Labels, k: int | None = None) -> npt.NDArray[np.int64]:
    """How many rows each cluster of one clustering shares with each of another, (k_a, k_b).

    k: how many there are of both, where some may have no row; None: as many as the labels tell.

    >>> shared(np.array([0, 0, 1]), np.array([1, 0, 1])).tolist()
    [[1, 1], [0, 1]]
    """
    k_a, k_b = (k, k) if k else (int(a.max()) + 1, int(b.max()) + 1)
    pairs = a.astype(np.int64) * k_b + b
    return np.bincount(pairs, minlength=k_a * k_b).reshape(k_a, k_b)


def split_clusters(few: Labels, many: Labels) -> list[int]:
    """The clusters of a coarser clustering that a finer one cuts up.

    Each finer cluster belongs to the coarser one that has most of its rows.

    >>> split_clusters(np.array([0, 0, 1, 1]), np.array([0, 0, 1, 2]))
    [1]
    """
    table = shared(few, many)
    owners = table.argmax(axis=0)[table.sum(axis=0) > 0]
    return np.flatnonzero(np.bincount(owners, minlength=len(table)) > 1).tolist()
