"""Which color and shape stands for which cluster: the same everywhere on the page."""

from __future__ import annotations

from dataclasses import dataclass

from natsort import natsorted

from kmosaic.report.facts import Facts

HUES = 10  # the stylesheet has so many; every pair differs to color-blind eyes as well
SHAPES = 5  # circle, square, triangle, diamond, plus: told apart when the hues begin again


@dataclass(frozen=True)
class Palette:
    """A mark (a whole number) for each cluster and each known label.

    Clusters of the same name get the same mark, and a label gets the mark of its name, so that
    the colors of the map by cluster and by label can be compared.
    """

    of_cluster: tuple[int, ...]  # by number
    of_label: dict[str, int]

    @classmethod
    def of(cls, facts: Facts) -> Palette:
        """Give out the marks."""
        clusters = sorted(facts.clusters, key=lambda cluster: cluster.number)
        if facts.named_by == "numbers":
            labels = facts.confusion.labels if facts.confusion else ()
            return cls(tuple(c.number for c in clusters), {one: i for i, one in enumerate(labels)})
        words = {cluster.name for cluster in clusters}
        words |= set(facts.confusion.labels if facts.confusion else ())
        marks = {word: mark for mark, word in enumerate(natsorted(words))}
        return cls(tuple(marks[cluster.name] for cluster in clusters), marks)

    def css(self, number: int) -> str:
        """The classes that color the mark of a cluster."""
        mark = self.of_cluster[number]
        return f"hue-{mark % HUES} shape-{mark // HUES % SHAPES}"
