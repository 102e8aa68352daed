"""A tree of clusters that were split in two, again and again, as flat arrays."""

from __future__ import annotations

from typing import Any, NamedTuple, Self

import numpy as np
import numpy.typing as npt

from kmosaic._values import Labels, Rows
from kmosaic.kmeans import kinds
from kmosaic.kmeans.split_tree import Node

_CENTERS, _HALVES, _LABELS = (
    kinds.array(2, *kinds.FLOATS),
    kinds.array(2, "int32"),
    kinds.array(1, "int32"),
)


class Tree(NamedTuple):
    """Nodes from the root, number 0: each a cluster, or one that was split in two."""

    centers: Rows  # (m, d)
    halves: npt.NDArray[np.int32]  # (m, 2) the numbers of its two halves; 0, 0 where not split
    labels: Labels  # (m,) the cluster; -1 where split

    @classmethod
    def of_arrays(cls, value: Any) -> Self:
        """The tree of a saved model; raises ValueError or TypeError if these are not its arrays."""
        centers, halves, labels = value
        return cls(_CENTERS(centers), _HALVES(halves), _LABELS(labels))

    @property
    def depth(self) -> int:
        """How many splits lie between the root and the cluster farthest from it.

        >>> halves = np.array([[1, 2], [0, 0], [3, 4], [0, 0], [0, 0]], np.int32)
        >>> Tree(np.zeros((5, 1)), halves, np.array([-1, 0, -1, 1, 2], np.int32)).depth
        2
        """
        depths = np.zeros(len(self.labels), np.int64)
        for node in np.flatnonzero(self.labels < 0):  # halves come after what they are halves of
            depths[self.halves[node]] = depths[node] + 1
        return int(depths.max())

    def check(self, n_clusters: int, n_columns: int) -> Self:
        """The tree itself; raises ValueError if it could lead nowhere or round in circles."""
        m = len(self.labels)
        same_length = self.centers.shape == (m, n_columns) and self.halves.shape == (m, 2)
        if not (m and same_length and self._leads_to(n_clusters)):
            raise ValueError("the tree of splits is damaged")
        return self

    def _leads_to(self, n_clusters: int) -> bool:
        """Whether each split leads to later nodes, and the others are clusters, each once."""
        split = self.labels < 0
        later = self.halves[split] > np.flatnonzero(split)[:, None]
        clusters = np.sort(self.labels[~split])
        return (
            bool(later.all())
            and bool((self.halves < len(self.labels)).all())
            and not self.halves[~split].any()
            and len(clusters) <= n_clusters
            and np.array_equal(clusters, np.arange(len(clusters)))
        )


def flat(root: Node) -> Tree:
    """The tree below a node, the halves of each right after one another.

    >>> root = Node(np.zeros(1), np.arange(2), 2.0, 0.5)
    >>> root.halves = tuple(Node(np.ones(1), np.array([row]), 1.0, 0.0) for row in (0, 1))
    >>> _ = root.number_leaves(n=2, n_clusters=2)
    >>> flat(root).halves.tolist(), flat(root).labels.tolist()
    ([[1, 2], [0, 0], [0, 0]], [-1, 0, 1])
    """
    nodes, halves = [root], []
    for node in nodes:  # which grow meanwhile
        halves.append((len(nodes), len(nodes) + 1) if node.halves else (0, 0))
        nodes += node.halves or ()
    return Tree(
        np.array([node.center for node in nodes]),
        np.array(halves, np.int32),
        np.array([-1 if node.halves else node.label for node in nodes], np.int32),
    )
