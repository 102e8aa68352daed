"""Known labels as clean text, counted per cluster."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from natsort import natsorted

from kmosaic._errors import InputError
from kmosaic.labels.assignment import Assignment

Known = npt.NDArray[np.object_]  # (n,) str, or None where no label is known

# Characters that end a line, steer a terminal, or turn the direction of the text around them.
_UNSAFE_KINDS = {"Cc", "Cs", "Zl", "Zp"}
_UNSAFE = {chr(c) for c in (*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF)}


def clean_text(name: object) -> str:
    r"""One line of text that is safe to show: no control characters, composed, trimmed.

    >>> clean_text(" two\nlines \x1b[31m")
    'two lines [31m'
    """
    composed = unicodedata.normalize("NFC", str(name))
    kept = (
        " " if c in _UNSAFE or unicodedata.category(c) in _UNSAFE_KINDS else c for c in composed
    )
    return " ".join("".join(kept).split())


def known_labels(truth: Any, n: int) -> Known:
    """Labels of any kind as text, with None where one is missing (None, NaN, or empty).

    Raises InputError if there are not n of them.

    >>> known_labels([7, "cat", None, float("nan"), ""], 5).tolist()
    ['7', 'cat', None, None, None]
    """
    given = np.asarray(truth, dtype=object).tolist()
    if not isinstance(given, list) or any(isinstance(value, list) for value in given):
        raise InputError("Labels must be one list with one label an item.")
    if len(given) != n:
        raise InputError(
            f"There are {len(given)} labels for {n} items: give one an item, None for unknown."
        )
    seen: dict[Any, str | None] = {}
    result = np.empty(n, dtype=object)
    for i, value in enumerate(given):
        if value not in seen:
            # NaN, NaT and pandas' NA are missing: the first two do not equal themselves.
            missing = value is None or str(value) in ("nan", "NaN", "NaT", "<NA>")
            missing = missing and not isinstance(value, str)
            seen[value] = None if missing else clean_text(value) or None
        result[i] = seen[value]
    return result


@dataclass(frozen=True, eq=False)
class Contingency:
    """How many items of each known label each cluster holds."""

    table: npt.NDArray[np.int64]  # (n_clusters, len(values))
    values: tuple[str, ...]  # the labels in natural order ("2" before "10")

    @property
    def total(self) -> int:
        """The number of items that were counted."""
        return int(self.table.sum())

    def dominant(self, cluster: int, top: int) -> list[tuple[str, int]]:
        """The most frequent labels of a cluster with their counts; ties in natural order."""
        row = self.table[cluster]
        order = np.argsort(-row, kind="stable")[:top]
        return [(self.values[j], int(row[j])) for j in order if row[j] > 0]


def contingency(
    assignment: Assignment, truth: Any, among: npt.ArrayLike | None = None
) -> Contingency:
    """Count the known labels per cluster; items without a label are left out.

    truth: (n,) labels, None for unknown. among: (n,) booleans, the items to count.

    >>> a = Assignment.of("abc", [[0.0], [1.0], [9.0]], [[0.0], [10.0]])
    >>> found = contingency(a, ["cat", "dog", "cat"])
    >>> found.values, found.table.tolist()
    (('cat', 'dog'), [[1, 1], [1, 0]])
    """
    known = known_labels(truth, len(assignment))
    labeled = np.array([label is not None for label in known], dtype=bool)
    if among is not None:
        labeled &= check_mask(among, len(assignment))
    clusters, labels = assignment.labels[labeled], known[labeled].tolist()
    values: tuple[str, ...] = tuple(natsorted(sorted(set(labels))))
    codes = _codes(labels, values)
    table = np.zeros((assignment.n_clusters, len(values)), np.int64)
    np.add.at(table, (clusters, codes), 1)
    return Contingency(table, values)


def dominant_labels(
    assignment: Assignment, truth: Any, top: int = 3
) -> list[list[tuple[str, int]]]:
    """The `top` most frequent known labels of each cluster, with their counts.

    Ties go in natural order; a cluster without known labels gives an empty list.

    >>> a = Assignment.of("abc", [[0.0], [1.0], [9.0]], [[0.0], [10.0]])
    >>> dominant_labels(a, ["dog", "dog", None])
    [[('dog', 2)], []]
    """
    counts = contingency(assignment, truth)
    return [counts.dominant(cluster, top) for cluster in range(assignment.n_clusters)]


def dominant_text(cluster: int, dominant: Sequence[tuple[str, int]]) -> str:
    """One line that says what a cluster holds.

    >>> dominant_text(3, [("7", 171), ("9", 8), ("1", 2)])
    'Cluster 3: 7 (171), 9 (8), 1 (2)'
    """
    listed = ", ".join(f"{label} ({count})" for label, count in dominant)
    return f"Cluster {cluster}: {listed or 'no known label'}"


def check_mask(mask: npt.ArrayLike, n: int) -> npt.NDArray[np.bool_]:
    """A boolean for each of n items, or InputError."""
    flags = np.asarray(mask)
    if flags.shape != (n,) or flags.dtype != np.bool_:
        raise InputError(
            f"The known items must be {n} booleans, one an item, not {flags.dtype} of shape "
            f"{flags.shape}."
        )
    return flags


def _codes(labels: Sequence[str], values: Sequence[str]) -> npt.NDArray[np.int64]:
    place = {value: j for j, value in enumerate(values)}
    return np.array([place[label] for label in labels], dtype=np.int64)
