"""Which item belongs to which cluster, how close, and how surely."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from kmosaic._errors import InputError
from kmosaic.labels.nearest import check_owners, check_rows, nearest_and_rival

Index = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Assignment:
    """The cluster of every item.

    >>> X, centers = np.array([[0.0], [1.0], [9.0]]), np.array([[0.0], [10.0]])
    >>> assignment = Assignment.of(["a", "b", "c"], X, centers)
    >>> assignment.labels.tolist(), assignment.sizes.tolist()
    ([0, 0, 1], [2, 1])
    >>> assignment.distances.tolist(), assignment.margins.round(2).tolist()
    ([0.0, 1.0, 1.0], [0.0, 0.11, 0.11])
    """

    ids: Sequence[str]  # (n,)
    labels: npt.NDArray[np.int32]  # (n,) cluster of each item, 0..n_clusters-1
    distances: npt.NDArray[np.float64]  # (n,) to the nearest center, in the features' unit
    margins: npt.NDArray[np.float64]  # (n,) nearest / second nearest, 0 (sure) to 1 (a tie)
    n_clusters: int

    def __len__(self) -> int:
        """The number of items."""
        return len(self.labels)

    @classmethod
    def of(
        cls,
        ids: Sequence[str],
        X: npt.ArrayLike,
        centers: npt.ArrayLike,
        owners: npt.ArrayLike | None = None,
        n_clusters: int | None = None,
    ) -> Assignment:
        """Assign every row of X (n, d) to the cluster that owns its nearest center.

        centers: (P, d). owners: (P,) the cluster of each center; None means one center a cluster.
        n_clusters: by default the largest owner plus one. A margin is the distance to the nearest
        center over the distance to the nearest center of another cluster: 1 where both are 0, and
        0 where there is no other cluster. Raises InputError if shapes do not fit or a number is
        NaN or infinite.
        """
        rows, means = check_rows(X, centers, len(ids))
        owner_of, k = check_owners(owners, len(means), n_clusters)
        labels, distances, rivals = nearest_and_rival(rows, means, owner_of)
        margins = np.ones_like(distances)
        np.divide(distances, rivals, out=margins, where=rivals > 0)
        return cls(ids, labels, distances, margins, k)

    @cached_property
    def sizes(self) -> Index:
        """The number of items in each cluster, shape (n_clusters,)."""
        return np.bincount(self.labels, minlength=self.n_clusters).astype(np.int64)

    @cached_property
    def spreads(self) -> npt.NDArray[np.float64]:
        """The root mean square distance of each cluster's items to their centers (0 if empty)."""
        squares = np.bincount(self.labels, self.distances**2, minlength=self.n_clusters)
        return np.asarray(np.sqrt(squares / np.maximum(self.sizes, 1)))

    @cached_property
    def oddness(self) -> npt.NDArray[np.float64]:
        """Each item's distance over the spread of its cluster: 1 is usual, 3 is far out.

        Unlike a distance it compares items of a tight cluster with those of a wide one.
        """
        spread = self.spreads[self.labels]
        return np.divide(self.distances, spread, out=np.zeros_like(spread), where=spread > 0)

    def members(self, cluster: int) -> Index:
        """The positions of the cluster's items, ascending."""
        cluster = self._check(cluster)
        end = int(self._ends[cluster])
        return self._by_cluster[end - int(self.sizes[cluster]) : end]

    def typical(self, cluster: int, count: int) -> Index:
        """The items nearest to their center, nearest first; ties go to the earlier item."""
        return self._lowest(self.distances, cluster, count)

    def borderline(self, cluster: int, count: int) -> Index:
        """The items nearest to belonging elsewhere (largest margin), least sure first."""
        return self._lowest(-self.margins, cluster, count)

    def odd(self, cluster: int, count: int) -> Index:
        """The items farthest out for their cluster (largest `oddness`), farthest first."""
        return self._lowest(-self.oddness, cluster, count)

    def _lowest(self, key: npt.NDArray[np.float64], cluster: int, count: int) -> Index:
        if count < 0:
            raise InputError(f"count must be 0 or more, not {count}.")
        members = self.members(cluster)
        return members[np.argsort(key[members], kind="stable")[:count]]

    def _check(self, cluster: int) -> int:
        if not 0 <= cluster < self.n_clusters:
            raise InputError(
                f"There is no cluster {cluster}: the {self.n_clusters} clusters count from 0."
            )
        return int(cluster)

    @cached_property
    def _by_cluster(self) -> Index:
        # Sorted once: with many clusters, looking through all labels for each would be slow.
        return np.argsort(self.labels, kind="stable").astype(np.int64)

    @cached_property
    def _ends(self) -> Index:
        return np.cumsum(self.sizes)
