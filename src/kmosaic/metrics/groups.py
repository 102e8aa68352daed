"""Rows and the clusters they are said to be in: what all scores begin with."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from kmosaic._errors import InputError
from kmosaic._sparse import data_of
from kmosaic._values import Distances, Labels, Rows
from kmosaic.kmeans.checks import check_array_alone

_TOGETHER = 1 << 22  # numbers that are copied in one go


class Groups(NamedTuple):
    """Rows and their clusters, 0 to k-1, none of them empty."""

    rows: Rows  # (n, d), as the engine takes them
    labels: Labels  # (n,)
    sizes: npt.NDArray[np.int64]  # (k,)

    @property
    def k(self) -> int:
        """The number of clusters."""
        return len(self.sizes)


def check_groups(X: Any, labels: npt.ArrayLike) -> Groups:
    """X and labels as Groups; InputError unless there are 2 to n-1 clusters, a label for each row.

    >>> check_groups([[0.0], [1.0], [5.0]], ["a", "a", "b"]).sizes.tolist()
    [2, 1]
    """
    rows = check_array_alone(X)
    given = check_labels(labels, rows.shape[0])
    _, codes, sizes = np.unique(given, return_inverse=True, return_counts=True)
    n, k = rows.shape[0], len(sizes)
    if not 2 <= k <= n - 1:
        raise InputError(
            f"Number of labels is {k}. Valid values are 2 to n_samples - 1 (inclusive), and X has "
            f"{n} rows."
        )
    return Groups(rows, codes.astype(np.int32).reshape(n), sizes.astype(np.int64))


def check_labels(labels: npt.ArrayLike, n: int) -> npt.NDArray[Any]:
    """One label for each of n rows, or InputError."""
    given = np.asarray(labels)
    if given.shape != (n,):
        raise InputError(f"labels has shape {given.shape}: give {n}, one for each row of X.")
    if given.dtype.kind == "f" and np.isnan(given).any():
        raise InputError(f"labels holds NaN, first at row {int(np.argmax(np.isnan(given)))}.")
    return given


def distances_to_own(rows: Rows, labels: npt.NDArray[Any], centers: Distances) -> Distances:
    """The distance of each row to centers[label], (n,), in float64; a few rows copied at a time.

    >>> distances_to_own(np.array([[3.0], [5.0]]), np.array([0, 1]), np.array([[0.0], [5.0]]))
    array([3., 0.])
    """
    found = np.empty(rows.shape[0])
    for cluster, chosen in parts_by_label(labels, rows.shape[1]):
        squared = data_of(rows[chosen]).squared_distances(centers[cluster : cluster + 1])
        found[chosen] = np.sqrt(squared[:, 0])
    return found


def parts_by_label(labels: npt.NDArray[Any], d: int) -> Iterator[tuple[int, npt.NDArray[np.int64]]]:
    """Each label with the numbers of its rows, ascending, as many as may be copied in one go."""
    order = np.argsort(labels, kind="stable")
    found, starts = np.unique(labels[order], return_index=True)
    step = max(_TOGETHER // max(d, 1), 1)
    for label, first, end in zip(found, starts, [*starts[1:], len(labels)], strict=True):
        for begin in range(first, end, step):
            yield int(label), order[begin : min(begin + step, end)]
