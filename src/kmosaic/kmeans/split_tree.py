"""Clusters as a tree of splits, while they are found."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from kmosaic._values import Rows


class Node:
    """One cluster, or two where it was split."""

    def __init__(
        self, center: Rows, members: npt.NDArray[np.int64], weight: float, inertia: float
    ) -> None:
        self.center = center
        self.members = members  # which rows of X
        self.weight = weight
        self.inertia = inertia
        self.halves: tuple[Node, Node] | None = None
        self.label = -1

    def leaves(self) -> Iterator[Node]:
        """The clusters, in the order of their labels."""
        waiting = [self]  # not by recursion: a tree may be deeper than Python lets it go
        while waiting:
            node = waiting.pop()
            if node.halves is None:
                yield node
            else:
                waiting += reversed(node.halves)

    def number_leaves(self, n: int, n_clusters: int) -> dict[str, Any]:
        """Give the clusters of n rows their labels; the attributes of the estimator.

        Where there are fewer than n_clusters, the last center stands for the others too.
        """
        leaves = list(self.leaves())
        missing = n_clusters - len(leaves)
        labels = np.empty(n, np.int32)
        for label, leaf in enumerate(leaves):
            leaf.label = label
            labels[leaf.members] = label
        return {
            "cluster_centers_": np.array([leaf.center for leaf in leaves + leaves[-1:] * missing]),
            "labels_": labels,
            "inertia_": math.fsum(leaf.inertia for leaf in leaves),
        }

    def count_filled(self) -> int:
        """How many clusters have a row."""
        return sum(len(leaf.members) > 0 for leaf in self.leaves())
