"""Single rows that change their cluster although their center is the nearest (Hartigan 1975).

To move a row of weight w from cluster A to B lowers inertia by w·(n_A/(n_A − w)·|x − a|² −
n_B/(n_B + w)·|x − b|²), as both centers follow: more than their distances tell (Telgarsky & Vattani
2010, "Hartigan's method: k-means clustering without Voronoi").
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from kmosaic._values import Distances, Rows
from kmosaic.kmeans.standing import Standing

_LEAST = 1e-12  # a gain below this share of inertia is rounding
_MOST_LOOKED_AT = 8  # rows, for each center


class RowMove(NamedTuple):
    """A row, all its copies with it, that is better off in another cluster."""

    row: int
    before: int
    after: int
    weight: float  # in the unit of the ground's


def row_moves(standing: Standing) -> list[RowMove]:
    """Moves that lower inertia, the best first, no two of which touch the same cluster."""
    rows, weights, gains = _gains(standing)
    least = _LEAST * float(standing.errors.sum())
    best = np.argsort(-gains, kind="stable")[: _MOST_LOOKED_AT * standing.k]
    touched: set[int] = set()
    found = []
    for place in best[gains[best] > least].tolist():
        row = int(rows[place])
        before, after = int(standing.labels[row]), int(standing.second[row])
        if touched.isdisjoint((before, after)):
            touched |= {before, after}
            found.append(RowMove(row, before, after, float(weights[place])))
    return found


def moved(standing: Standing, moves: list[RowMove]) -> Rows:
    """The centers, means of their rows, after these moves."""
    centers = standing.centers.astype(np.float64)
    for row, before, after, weight in moves:
        content = standing.ground.row(row)
        for center, change in ((before, -weight), (after, weight)):
            share = change / (standing.weights[center] + change)
            centers[center] += share * (content - centers[center])
    return centers.astype(standing.centers.dtype)


def _gains(standing: Standing) -> tuple[npt.NDArray[np.int64], Distances, Distances]:
    """A row of each content in the order of contents, the weight of all its copies, its gain."""
    order = standing.ground.order
    facts = (standing.labels, standing.second, standing.squared, standing.second_squared)
    label, second, squared, second_squared = (each[order] for each in facts)
    # Copies stand side by side, and have the same four numbers.
    other = np.ones(len(order), dtype=bool)
    other[1:] = (np.diff(label) != 0) | (np.diff(second) != 0)
    other[1:] |= (np.diff(squared) != 0) | (np.diff(second_squared) != 0)
    alike = np.flatnonzero(~other)
    other[alike] = ~standing.ground.are_copies(order[alike - 1], order[alike])
    first = np.flatnonzero(other)
    weight = np.add.reduceat(standing.ground.weights[order], first)
    before, after = standing.weights[label[first]], standing.weights[second[first]]
    stays = before <= weight  # a cluster keeps its last content
    leaves = before / np.where(stays, np.inf, before - weight) * squared[first]
    comes = after / np.maximum(after + weight, 1.0) * second_squared[first]
    return order[first], weight, np.where(stays, -np.inf, weight * (leaves - comes))
