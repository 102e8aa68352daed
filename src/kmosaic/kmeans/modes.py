"""k-prototypes: centers that are means in columns of numbers and modes in categories."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from kmosaic._engine import Data
from kmosaic._values import Distances, Labels, Rows

_MOST_ROUNDS = 100


@dataclass(frozen=True)
class Prototyped:
    """What k-prototypes found."""

    centers: Distances  # (k, d)
    labels: Labels  # (n,)
    inertia: float
    n_iter: int


def k_prototypes(rows: Rows, start: Rows, blocks: Sequence[slice]) -> Prototyped:
    """Go on from centers until no row changes its cluster (Huang 1998).

    rows: (n, d), with a block of columns for each column of categories, in which a row is w at its
    category and 0 elsewhere. blocks: these. A center in a block is w at the category that most of
    its rows have, so that the squared distance to it is 2w² for a row of another one and 0
    otherwise: Huang's mismatch with γ = 2w². Ties go to the first category; the rows of a cluster
    that is empty are those it had.

    >>> rows = np.array([[0.0, 1, 0], [0.2, 1, 0], [5.0, 0, 1], [5.2, 1, 0], [5.4, 0, 1]])
    >>> found = k_prototypes(rows, rows[[0, 2]], [slice(1, 3)])
    >>> found.centers.round(1).tolist(), found.labels.tolist()
    ([[0.1, 1.0, 0.0], [5.2, 0.0, 1.0]], [0, 0, 1, 1, 1])
    """
    data, centers = Data(rows), _with_modes(np.array(start, dtype=np.float64), blocks, rows)
    labels, far = data.nearest(centers.astype(rows.dtype))
    for number in range(1, _MOST_ROUNDS + 1):
        moved = _with_modes(data.summarize(centers.astype(rows.dtype)).means, blocks, rows)
        before, before_far = labels, float(far.sum())
        labels, far = data.nearest(moved.astype(rows.dtype))
        if float(far.sum()) > before_far:  # rounding, or an empty cluster: what was is better
            return Prototyped(centers, before, before_far, number)
        centers = moved
        if np.array_equal(before, labels):
            break
    return Prototyped(centers, labels, float(far.sum()), number)


def _with_modes(centers: Distances, blocks: Sequence[slice], rows: Rows) -> Distances:
    """The centers, with their most frequent category alone in each block."""
    found = centers.copy()
    for block in blocks:
        part = centers[:, block]
        found[:, block] = 0
        weight = float(rows[:, block].max())
        found[np.arange(len(found)), block.start + part.argmax(axis=1)] = weight
    return found
