"""The members that the page shows, with what is known about each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kmosaic.features.base import Matrix
from kmosaic.labels import Assignment
from kmosaic.report.facts import Member, Picture, Trait


@dataclass(frozen=True)
class Teller:
    """Tells about single items."""

    assignment: Assignment
    labels: npt.NDArray[np.object_] | None  # known labels as text
    seconds: Mapping[int, int]  # the next nearest cluster of some items
    pictures: Mapping[int, Picture]

    def members(self, positions: Iterable[int]) -> tuple[Member, ...]:
        """What the page says about the items at these positions."""
        return tuple(self._member(int(position)) for position in positions)

    def _member(self, position: int) -> Member:
        return Member(
            id=str(self.assignment.ids[position]),
            cluster=int(self.assignment.labels[position]),
            distance=float(self.assignment.distances[position]),
            margin=float(self.assignment.margins[position]),
            label=None if self.labels is None else self.labels[position],
            second=self.seconds.get(position),
            picture=self.pictures.get(position),
        )


def second_nearest(
    X: Matrix, centers: Matrix, positions: Sequence[int], own: npt.NDArray[np.int32]
) -> dict[int, int]:
    """The nearest other cluster of the rows at these positions."""
    if len(centers) < 2 or not len(positions):
        return {}
    found = {}
    for position in positions:
        gaps = np.asarray(centers, np.float64) - np.asarray(X[position], np.float64)
        squares = np.einsum("ij,ij->i", gaps, gaps)
        squares[own[position]] = np.inf
        found[int(position)] = int(np.argmin(squares))
    return found


def traits(
    X: Matrix, assignment: Assignment, most: int = 4, at_least: float = 0.5
) -> list[tuple[Trait, ...]]:
    """The columns of plain vectors in which each cluster differs most from the rest."""
    spread = X.std(axis=0, dtype=np.float64)
    center = X.mean(axis=0, dtype=np.float64)
    told = []
    for cluster in range(assignment.n_clusters):
        members = X[assignment.members(cluster)]
        gap = members.mean(axis=0, dtype=np.float64) - center if len(members) else 0 * center
        z = np.divide(gap, spread, out=np.zeros_like(gap), where=spread > 0)
        columns = np.argsort(-np.abs(z), kind="stable")[:most]
        clear = [(int(c), float(z[c])) for c in columns if abs(z[c]) >= at_least]
        told.append(tuple(Trait(column, value) for column, value in clear))
    return told
