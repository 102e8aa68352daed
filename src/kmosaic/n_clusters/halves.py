"""What clusters found in one half of the rows say of the other half.

Each resample cuts the rows at random into two halves, and both get a path of fits of their own.
What is then asked of a fit of one half is asked of the rows of the other, which took no part in
it: in many dimensions clusters look better than they are to the rows that they were found in.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from kmosaic._engine import Data
from kmosaic._values import Distances, Fit, Labels, Rows
from kmosaic.n_clusters.kinship import shared
from kmosaic.n_clusters.normality import looks_normal
from kmosaic.n_clusters.path import Path
from kmosaic.n_clusters.sample import Places, opened, take
from kmosaic.n_clusters.starts import cut
from kmosaic.n_clusters.valleys import valley

_NEIGHBORS = 3  # clusters beside one that are held against it
_APART, _DIVIDED = 0.7, 0.5  # a valley less full than this lies between two clusters, inside one
_FULL = 1.5  # fuller ones are no other
_FEWEST = 8  # rows from which a cluster can be asked whether it is two


@dataclass
class Seen:
    """What was seen of one k, an entry for each half of each resample."""

    strength: list[float] = field(default_factory=list)  # prediction strength
    agreement: list[float] = field(default_factory=list)  # mean Jaccard index of the clusters
    weakest: list[float] = field(default_factory=list)  # the lowest of them
    between: list[float] = field(default_factory=list)  # mean of clusters' fullest valleys
    shallowest: list[float] = field(default_factory=list)  # the fullest of all
    joined: list[float] = field(default_factory=list)  # clusters that are not apart from another
    inside: list[float] = field(default_factory=list)  # mean valley between a cluster's own halves
    deepest: list[float] = field(default_factory=list)  # the emptiest of them
    divided: list[float] = field(default_factory=list)  # clusters that look like two
    normal: list[float] = field(default_factory=list)  # share of rows in clusters that look normal


@dataclass(frozen=True)
class Cut:
    """A cluster of one half, cut in two."""

    squared: Distances  # of all rows of the other half to the two centers
    length: float  # squared distance of these


@dataclass(frozen=True)
class Half:
    """Half of the rows, and the best fit of each k to them."""

    rows: Rows
    data: Data
    best: dict[int, Fit]
    cuts: dict[bytes, Cut | None] = field(default_factory=dict)  # of clusters met before


def look_at_halves(
    rows: Rows,
    ks: Sequence[int],
    random_state: np.random.RandomState,
    *,
    resamples: int,
    tell: Callable[[], None] = lambda: None,
) -> dict[int, Seen]:
    """Cut the rows in half again and again, and hold the halves' fits against each other."""
    seen = {k: Seen() for k in ks}
    for _ in range(resamples):
        shuffled = random_state.permutation(rows.shape[0])
        middle = rows.shape[0] // 2
        halves = [
            _fitted(rows, np.sort(part), ks, random_state, tell)
            for part in (shuffled[:middle], shuffled[middle:])
        ]
        for found, other in (halves, halves[::-1]):
            for k in ks:
                if k in found.best and k in other.best:
                    _look(found, other, k, seen[k], random_state)
            tell()
    return seen


def _fitted(
    rows: Rows,
    part: npt.NDArray[np.int64],
    ks: Sequence[int],
    random_state: np.random.RandomState,
    tell: Callable[[], None],
) -> Half:
    some, data = opened(rows, part)
    path = Path(some, data, ks, random_state, tell=tell)
    path.fit_from_scratch(1)
    path.go_down_and_up()
    return Half(some, data, path.best)


def _look(
    found: Half, other: Half, k: int, seen: Seen, random_state: np.random.RandomState
) -> None:
    centers = found.best[k].centers.astype(np.float64)
    squared = other.data.squared_distances(centers)
    labels = np.argmin(squared, axis=1).astype(np.int32)
    own = other.best[k].labels
    table = shared(own, labels, k)
    seen.strength.append(strength(table))
    agreement = jaccard(table)
    seen.agreement.append(float(agreement.mean()))
    seen.weakest.append(float(agreement.min()))
    if k > 1:
        depths = _between(centers, squared, labels)
        seen.between.append(float(np.minimum(depths, 1.0).mean()))
        seen.shallowest.append(float(min(depths.max(), _FULL)))
        seen.joined.append(float(np.count_nonzero(depths >= _APART)))
    _look_inside(found, other, k, labels, seen, random_state)


def strength(table: npt.NDArray[Any]) -> float:
    """Prediction strength (Tibshirani & Walther 2005) of a table of two clusterings of some rows.

    Over the clusters of the rows' own clustering (the table's rows), the smallest share of pairs
    that the other clustering puts together as well. 0 where a cluster has no pair.

    >>> strength(np.array([[4.0, 0.0], [0.0, 2.0]])), strength(np.array([[2.0, 2.0], [0.0, 3.0]]))
    (1.0, 0.333...)
    """
    sizes = table.sum(axis=1)
    pairs = sizes * (sizes - 1)
    together = (table * (table - 1)).sum(axis=1)
    return float((together / np.maximum(pairs, 1)).min())


def jaccard(table: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
    """Of each cluster of the rows, the Jaccard index with the one most like it (Hennig 2007).

    >>> jaccard(np.array([[4.0, 0.0], [1.0, 3.0]])).tolist()
    [0.8, 0.75]
    """
    union = table.sum(axis=1)[:, None] + table.sum(axis=0)[None, :] - table
    return np.asarray((table / np.maximum(union, 1)).max(axis=1))


def _between(centers: Distances, squared: Distances, labels: Labels) -> npt.NDArray[np.float64]:
    """For each cluster, the shallowest valley to one of those beside it."""
    k = len(centers)
    rows = np.arange(len(labels))
    others = squared.copy()
    others[rows, labels] = np.inf
    beside = shared(labels, np.argmin(others, axis=1).astype(np.int32), k)
    apart = Data(centers).squared_distances(centers)
    found = np.ones(k)
    known: dict[tuple[int, int], float] = {}
    for a in range(k):
        nearby = [b for b in np.argsort(-beside[a], kind="stable")[:_NEIGHBORS] if beside[a, b]]
        for b in nearby:
            pair = (min(a, int(b)), max(a, int(b)))
            if pair not in known:
                both = (labels == pair[0]) | (labels == pair[1])
                known[pair] = valley(squared[both][:, pair], float(apart[pair]))
        if nearby:
            found[a] = max(known[min(a, int(b)), max(a, int(b))] for b in nearby)
    return found


def _look_inside(
    found: Half,
    other: Half,
    k: int,
    labels: Labels,
    seen: Seen,
    random_state: np.random.RandomState,
) -> None:
    """Whether clusters of one half are two: each is cut, and the rows of the other half say."""
    depths, sizes, normal = [], [], []
    for cluster in range(k):
        members = np.flatnonzero(found.best[k].labels == cluster)
        asked = np.flatnonzero(labels == cluster)
        if len(members) < _FEWEST or len(asked) < _FEWEST:
            continue
        key = members.tobytes()
        if key not in found.cuts:  # most clusters of one k are clusters of the next
            found.cuts[key] = _cut(found, other, members, random_state)
        parts = found.cuts[key]
        if parts is None:
            continue
        squared = parts.squared[asked]
        depths.append(valley(squared, parts.length))
        normal.append(looks_normal(squared[:, 0] - squared[:, 1]))
        sizes.append(len(asked))
    if depths:
        seen.inside.append(float(np.average(np.minimum(depths, 1.0), weights=sizes)))
        seen.deepest.append(min(*depths, 1.0))
        seen.divided.append(float(np.count_nonzero(np.array(depths) < _DIVIDED)))
        seen.normal.append(float(np.average(normal, weights=sizes)))


def _cut(
    found: Half, other: Half, members: Places, random_state: np.random.RandomState
) -> Cut | None:
    fit = cut(take(found.rows, members), random_state)
    if fit is None:
        return None
    centers = fit.centers.astype(np.float64)
    length = float(Data(centers).squared_distances(centers)[0, 1])
    return Cut(other.data.squared_distances(centers), length)
