"""What the clusters are called."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from kmosaic._errors import InputError
from kmosaic.labels.assignment import Assignment
from kmosaic.labels.truth import Contingency, clean_text, contingency

Source = Literal["labels", "file", "numbers", "terms"]


@dataclass(frozen=True)
class Names:
    """A name for each cluster; several clusters may share one.

    >>> names = Names(("cat", "dog", "cat"), "labels")
    >>> names[2], names.groups()
    ('cat', {'cat': (0, 2), 'dog': (1,)})
    """

    names: tuple[str, ...]  # one a cluster, one line of text each
    source: Source  # where they come from
    named: tuple[bool, ...] = ()  # False: nothing is known of this cluster, its name is its number

    def __post_init__(self) -> None:
        cleaned = tuple(clean_text(name) for name in self.names)
        if not all(cleaned):
            raise InputError(f"Cluster {cleaned.index('')} has an empty name: give it a text.")
        if self.source not in ("labels", "file", "numbers", "terms"):
            raise InputError(
                f"Names come from labels, file, numbers or terms, not {self.source!r}."
            )
        if self.named and len(self.named) != len(cleaned):
            raise InputError(f"There are {len(cleaned)} names and {len(self.named)} marks.")
        object.__setattr__(self, "names", cleaned)
        if not self.named:
            object.__setattr__(self, "named", (self.source != "numbers",) * len(cleaned))

    @classmethod
    def numbered(cls, k: int) -> Names:
        """The clusters by their numbers.

        >>> Names.numbered(3).names
        ('0', '1', '2')
        """
        return cls.given({}, k, "numbers")

    @classmethod
    def given(cls, names: Mapping[int, str], k: int, source: Source) -> Names:
        """Names for some of k clusters; the others keep their numbers.

        A number that reads like a given name becomes "cluster 7", so that it cannot pass for it.

        >>> Names.given({0: "2", 1: "cat"}, 3, "labels").names
        ('2', 'cat', 'cluster 2')
        """
        cleaned = {cluster: clean_text(name) for cluster, name in names.items()}
        taken = set(cleaned.values())
        texts = tuple(cleaned.get(c) or _number(c, taken) for c in range(k))
        return cls(texts, source, tuple(c in cleaned for c in range(k)))

    def __len__(self) -> int:
        """The number of clusters."""
        return len(self.names)

    def __getitem__(self, cluster: int) -> str:
        """The name of a cluster."""
        return self.names[cluster]

    def of(self, labels: npt.NDArray[np.int32]) -> npt.NDArray[np.object_]:
        """The name of each item's cluster, from the items' clusters (n,)."""
        return np.array(self.names, dtype=object)[labels]

    def groups(self) -> dict[str, tuple[int, ...]]:
        """The clusters that share each name, names in the order of their first cluster."""
        found: dict[str, list[int]] = {}
        for cluster, name in enumerate(self.names):
            found.setdefault(name, []).append(cluster)
        return {name: tuple(clusters) for name, clusters in found.items()}

    @property
    def known(self) -> Sequence[str | None]:
        """The names, with None for clusters that only have a number."""
        pairs = zip(self.names, self.named, strict=True)
        return [name if named else None for name, named in pairs]


def _number(cluster: int, taken: set[str]) -> str:
    text = str(cluster)
    while text in taken:
        text = f"cluster {text}"
    return text


def name_by_majority(
    assignment: Assignment, truth: Any, known: npt.ArrayLike | None = None
) -> Names:
    """Call each cluster by the most frequent known label of its items.

    truth: (n,) labels, None for unknown. known: (n,) booleans, the items whose labels may be
    used; None means all. Ties go to the first label in natural order. A cluster without known
    labels keeps its number, and so does one whose most frequent label is neither half of it nor
    more frequent in it than elsewhere: a single cluster of ten kinds of things is none of them.

    >>> a = Assignment.of("abc", [[0.0], [1.0], [9.0]], [[0.0], [10.0]])
    >>> name_by_majority(a, ["10", "9", None]).names
    ('9', '1')
    """
    counts = contingency(assignment, truth, known)
    best = {cluster: counts.dominant(cluster, 1) for cluster in range(assignment.n_clusters)}
    majority = {c: found[0][0] for c, found in best.items() if found and _tells(counts, c)}
    return Names.given(majority, assignment.n_clusters, "labels" if majority else "numbers")


def _tells(counts: Contingency, cluster: int) -> bool:
    """Whether the most frequent label of a cluster says something of it."""
    own, every = counts.table[cluster], counts.table.sum(axis=0)
    first = int(own.argmax())
    most, of = int(own[first]), int(own.sum())
    return 2 * most >= of or most * counts.total > int(every[first]) * of
