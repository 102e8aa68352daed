"""Clusters against known labels: the table and the most common mix-ups."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from natsort import natsorted

from kmosaic.labels import Assignment, Contingency, Names
from kmosaic.report.facts import Confusion, LabelCount

_MOST_ROWS = 40
_MOST_COLUMNS = 30
_MOST_MIXUPS = 6
_MEMBERS_OF_A_MIXUP = 8


def dominant(counts: Contingency, cluster: int, top: int = 3) -> tuple[LabelCount, ...]:
    """The most common known labels of a cluster and their shares."""
    known = max(1, int(counts.table[cluster].sum()))
    common = counts.dominant(cluster, top)
    return tuple(LabelCount(label, count, count / known) for label, count in common)


def confusion(counts: Contingency, names: Names) -> Confusion:
    """The table of known labels per cluster, or per name where clusters are many and share names.

    Only the 40 largest rows and the 30 most common labels are kept; the rest is counted.
    """
    groups = names.groups()
    by_name = len(names) > _MOST_ROWS and len(groups) < len(names)
    titles = list(groups) if by_name else list(names.names)
    table = np.array([counts.table[list(c)].sum(axis=0) for c in groups.values()])
    table = table if by_name else counts.table
    lines = _largest(table.sum(axis=1), _MOST_ROWS)
    lines = natsorted(lines, key=lambda line: (titles[line], line))
    columns = _largest(table.sum(axis=0), _MOST_COLUMNS)
    return Confusion(
        rows_are="names" if by_name else "clusters",
        rows=tuple(titles[line] for line in lines),
        numbers=tuple(None if by_name else line for line in lines),
        labels=tuple(counts.values[column] for column in columns),
        counts=tuple(tuple(int(table[line, column]) for column in columns) for line in lines),
        n_other=len(counts.values) - len(columns),
        n_other_rows=len(titles) - len(lines),
    )


def _largest(totals: npt.NDArray[np.int64], most: int) -> list[int]:
    """The positions of the largest totals, in their own order."""
    return sorted(np.argsort(-totals, kind="stable")[:most].tolist())


@dataclass(frozen=True)
class Mistaken:
    """Positions of items of one label that ended in clusters of another name."""

    label: str
    name: str
    count: int
    share: float  # of all items with this label
    shown: npt.NDArray[np.int64]  # those nearest to their center: the most convincing mistakes


def mistaken(
    assignment: Assignment, labels: npt.NDArray[np.object_], names: Names
) -> list[Mistaken]:
    """The most common pairs of a known label and another name.

    labels: (n,) known labels as text, None for unknown.
    """
    called = names.of(assignment.labels)
    told = np.array([label is not None for label in labels], dtype=bool)
    totals = Counter(labels[told].tolist())
    told &= np.array(names.named)[assignment.labels]
    told &= np.isin(called, list(totals))  # a name that is no label cannot be the wrong one
    pairs = Counter(zip(labels[told].tolist(), called[told].tolist(), strict=True))
    wrong = ((pair, count) for pair, count in pairs.items() if pair[0] != pair[1])
    common = sorted(wrong, key=lambda pair: (-pair[1], pair[0]))[:_MOST_MIXUPS]
    return [
        Mistaken(label, name, count, count / totals[label], _nearest(assignment, here))
        for (label, name), count in common
        for here in [np.flatnonzero(told & (labels == label) & (called == name))]
    ]


def _nearest(assignment: Assignment, positions: npt.NDArray[np.intp]) -> npt.NDArray[np.int64]:
    order = np.argsort(assignment.distances[positions], kind="stable")
    return positions.astype(np.int64)[order[:_MEMBERS_OF_A_MIXUP]]
