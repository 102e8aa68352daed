"""What a cluster is called on the page."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from kmosaic.report.facts import Cluster, Facts


@dataclass(frozen=True)
class Titles:
    """The titles of clusters: their names, with the number where that is needed."""

    clusters: dict[int, Cluster]
    sharing: Counter[str]  # how many clusters carry each name

    @classmethod
    def of(cls, facts: Facts) -> Titles:
        """Learn the names."""
        clusters = {cluster.number: cluster for cluster in facts.clusters}
        return cls(clusters, Counter(one.name for one in facts.clusters if one.is_named))

    def short(self, number: int) -> str:
        """The name, or "Cluster 3" where it has none; clusters may share it."""
        cluster = self.clusters[number]
        return cluster.name if cluster.is_named else f"Cluster {number}"

    def is_shared(self, number: int) -> bool:
        """Whether another cluster has the same name."""
        return self.sharing[self.clusters[number].name] > 1

    def full(self, number: int) -> str:
        """A title that no other cluster has, for example "cat (cluster 3)"."""
        short = self.short(number)
        return f"{short} (cluster {number})" if self.is_shared(number) else short

    @property
    def longest(self) -> int:
        """The length of the longest full title, in characters."""
        return max((len(self.full(number)) for number in self.clusters), default=0)
