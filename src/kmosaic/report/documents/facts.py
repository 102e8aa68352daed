"""What the page of documents says, before any of it is painted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from kmosaic._percent import percent
from kmosaic.data.decode import UnreadableError
from kmosaic.labels import contingency
from kmosaic.labels.telling import Term
from kmosaic.pipeline import DocumentsRun
from kmosaic.report.confusion import confusion
from kmosaic.report.documents.excerpts import Excerpt, excerpt_of
from kmosaic.report.facts import Confusion

_TYPICAL, _BORDERLINE, _TERMS = 3, 2, 8
_MOST_GROUPS, _MOST_IN_A_GROUP = 25, 6
_FEW_CLUSTERS = 40  # more: each is shown in short


@dataclass(frozen=True)
class Shown:
    """One document."""

    id: str
    excerpt: Excerpt | None  # None: it can no longer be read
    distance: float
    margin: float
    second: int | None  # the next nearest cluster


@dataclass(frozen=True)
class Group:
    """One cluster."""

    number: int
    name: str
    size: int
    share: float  # of all documents
    terms: tuple[Term, ...]
    typical: tuple[Shown, ...]
    borderline: tuple[Shown, ...]
    label: tuple[str, float] | None  # the most frequent known label, and its share


def groups_of(run: DocumentsRun) -> list[Group]:
    """The clusters, the largest first."""
    assignment = run.assignment
    first_of = run.duplicates.first_of(len(run.items))
    sizes = assignment.sizes
    order = np.argsort(-sizes, kind="stable").tolist()
    counts = None if run.items.labels is None else contingency(assignment, run.items.labels)
    few = len(order) <= _FEW_CLUSTERS
    found = []
    for cluster in order:
        size = int(sizes[cluster])
        telling = {term.word for term in run.terms[cluster]}
        near = _different(assignment.typical(cluster, size).tolist(), first_of)
        near = near[: _TYPICAL if few else 1]
        # A document is on the edge only where it is none of the typical ones.
        edge = [at for at in assignment.borderline(cluster, _BORDERLINE).tolist() if at not in near]
        edge = edge if few and assignment.n_clusters > 1 else []
        label = None
        if counts is not None and counts.table[cluster].sum():
            word, many = counts.dominant(cluster, 1)[0]
            label = (word, many / int(counts.table[cluster].sum()))
        found.append(
            Group(
                cluster,
                run.names[cluster],
                size,
                size / len(run.items),
                run.terms[cluster][:_TERMS],
                tuple(_shown(run, at, telling) for at in near),
                tuple(_shown(run, at, telling) for at in edge),
                label,
            )
        )
    return found


def _different(positions: Sequence[int], first_of: Sequence[int | None]) -> list[int]:
    """The positions, of documents that are nearly the same the one that comes first.

    >>> _different([5, 2, 3, 1], [None, None, 1, None, None, 1])
    [5, 3]
    """
    found: dict[int, int] = {}
    for at in positions:
        first = first_of[at]
        found.setdefault(at if first is None else first, at)
    return list(found.values())


def _shown(run: DocumentsRun, at: int, telling: set[str]) -> Shown:
    assignment = run.assignment
    try:
        excerpt = excerpt_of(run.items.text(at), telling)  # type: ignore[attr-defined]
    except UnreadableError:
        excerpt = None
    return Shown(
        run.items.ids[at],
        excerpt,
        float(assignment.distances[at]),
        float(assignment.margins[at]),
        _second(run, at),
    )


def _second(run: DocumentsRun, at: int) -> int | None:
    centers = np.asarray(run.kmeans.cluster_centers_, np.float64)
    if len(centers) < 2:
        return None
    near = np.asarray(run.features[[at]] @ centers.T).ravel()
    near[run.assignment.labels[at]] = -np.inf
    return int(near.argmax())


@dataclass(frozen=True)
class Same:
    """Documents that are nearly the same."""

    ids: tuple[str, ...]
    more: int  # not listed
    clusters: tuple[int, ...]


def same_documents(run: DocumentsRun) -> list[Same]:
    """The largest groups of near-duplicates."""
    ids, labels = run.items.ids, run.assignment.labels
    return [
        Same(
            tuple(ids[at] for at in group[:_MOST_IN_A_GROUP]),
            max(0, len(group) - _MOST_IN_A_GROUP),
            tuple(dict.fromkeys(labels[list(group)].tolist())),
        )
        for group in run.duplicates.groups[:_MOST_GROUPS]
    ]


def labels_table(run: DocumentsRun) -> Confusion | None:
    """Clusters against known labels, or None where there are none."""
    if run.scores is None or run.items.labels is None:
        return None
    return confusion(contingency(run.assignment, run.items.labels), run.names)


def standfirst(groups: Sequence[Group], duplicates: int) -> str:
    """What was found, in a sentence or two."""
    if len(groups) == 1:
        return "They are all of one kind, as far as their words tell."
    large, small = groups[0], groups[-1]
    said = f"The largest group, {percent(large.share)} of them, is about “{large.name}”"
    said += f"; the smallest, {percent(small.share)}, about “{small.name}”."
    if duplicates:
        said += f" {duplicates:,} {'is' if duplicates == 1 else 'are'} nearly the same as an "
        said += "earlier one."
    return said
