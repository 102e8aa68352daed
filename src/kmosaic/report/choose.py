"""Which items the page shows: bounded numbers of them, drawn with a fixed seed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kmosaic.labels import Assignment

Positions = npt.NDArray[np.int64]

FEW_CLUSTERS = 24  # up to here each cluster gets a row of its own, with tiles and many members
MOST_DETAILED = 400  # beyond, only the largest clusters show their members
_MOST_ON_MAP = 4_000
_MOST_LARGE = 1_500  # on the map, where decoding takes long
_LEAST_ON_MAP = 6  # of each cluster, so that small ones are seen
_MOST_TILES = 36  # in the longest row of tiles
_MOST_AVERAGED = 10_000  # images decoded for all mean images together


@dataclass(frozen=True)
class Counts:
    """How many members of a cluster the page shows."""

    typical: int
    borderline: int
    odd: int

    @property
    def total(self) -> int:
        """All of them."""
        return self.typical + self.borderline + self.odd


def counts_for(n_clusters: int) -> Counts:
    """Fewer members the more clusters there are, so that the page stays small.

    >>> counts_for(10).total, counts_for(256).total
    (32, 14)
    """
    if n_clusters <= FEW_CLUSTERS:
        return Counts(typical=16, borderline=8, odd=8)
    if n_clusters <= 100:
        return Counts(typical=8, borderline=6, odd=6)
    return Counts(typical=6, borderline=4, odd=4)


@dataclass(frozen=True)
class Shown:
    """Positions of the members of one cluster that the page shows."""

    typical: Positions
    borderline: Positions
    odd: Positions
    everyone: bool
    tiles: Positions
    averaged: Positions
    on_map: Positions

    @property
    def members(self) -> Positions:
        """Those with a picture of their own."""
        return np.concatenate([self.typical, self.borderline, self.odd])


def choose(assignment: Assignment, *, are_large: bool = False, seed: int = 0) -> list[Shown]:
    """Choose what to show of each cluster; the same assignment gives the same choice.

    are_large: the images are photographs that take long to decode, so fewer of them are shown on
    the map and none are decoded for the mean images alone.
    """
    sizes = np.asarray(assignment.sizes)
    detailed = set(np.argsort(-sizes, kind="stable")[:MOST_DETAILED].tolist())
    step = items_per_tile(sizes)
    map_sizes = _map_sizes(sizes, _MOST_LARGE if are_large else _MOST_ON_MAP)
    random = np.random.default_rng(seed)
    averaged = int(np.clip(_MOST_AVERAGED // assignment.n_clusters, 12, 200))
    chosen = []
    for cluster in range(assignment.n_clusters):
        members = assignment.members(cluster)
        shuffled = random.permutation(members)
        chosen.append(
            Shown(
                *_members(assignment, cluster, len(members), cluster in detailed),
                tiles=_tiles(assignment, members, step),
                averaged=np.sort(shuffled[:averaged]) if cluster in detailed else shuffled[:0],
                on_map=np.sort(shuffled[: map_sizes[cluster]]),
            )
        )
    return chosen


def items_per_tile(sizes: npt.NDArray[np.integer]) -> int:
    """The round number of items that one tile stands for; 0 with too many clusters for tiles.

    >>> items_per_tile(np.array([178, 90, 20])), items_per_tile(np.full(256, 270))
    (5, 0)
    """
    if len(sizes) > FEW_CLUSTERS:
        return 0
    steps = (step * int(10**power) for power in range(12) for step in (1, 2, 3, 5))
    largest = int(np.max(sizes))
    return next(step for step in steps if largest <= step * _MOST_TILES)


def _members(
    assignment: Assignment, cluster: int, size: int, detailed: bool
) -> tuple[Positions, Positions, Positions, bool]:
    """Typical, borderline and odd members, or simply all of them when they are few."""
    nobody = np.empty(0, dtype=np.int64)
    if not detailed:
        return nobody, nobody, nobody, False
    counts = counts_for(assignment.n_clusters)
    if size <= counts.total:
        return assignment.typical(cluster, size), nobody, nobody, True
    # A single cluster has no neighbor, so nothing in it is borderline.
    borderline = counts.borderline if assignment.n_clusters > 1 else 0
    return (
        assignment.typical(cluster, counts.typical),
        assignment.borderline(cluster, borderline),
        assignment.odd(cluster, counts.odd),
        False,
    )


def _tiles(assignment: Assignment, members: Positions, step: int) -> Positions:
    """Members evenly from the nearest to the farthest, one for each `step` of them."""
    if not step or not len(members):
        return np.empty(0, dtype=np.int64)
    order = members[np.argsort(assignment.distances[members], kind="stable")]
    many = max(1, round(len(members) / step))
    return order[np.linspace(0, len(order) - 1, many).round().astype(np.int64)]


def _map_sizes(sizes: npt.NDArray[np.integer], most: int) -> list[int]:
    """How many of each cluster the map shows: in proportion, but a few of each at least."""
    part = min(1.0, most / max(1, sizes.sum()))
    least = min(_LEAST_ON_MAP, most // max(1, len(sizes)))
    return [min(int(size), max(least, round(part * int(size)))) for size in sizes]
