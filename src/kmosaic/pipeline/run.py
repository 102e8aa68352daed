"""What one run found."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from kmosaic._percent import share
from kmosaic._timing import rounded
from kmosaic.data.items import Items, Skipped
from kmosaic.features.base import ImageFeatures, Matrix
from kmosaic.features.text import TextFeatures
from kmosaic.kmeans import KMeans
from kmosaic.labels import Assignment, Names, Scores
from kmosaic.n_clusters import summary_of
from kmosaic.output import Model, TextModel
from kmosaic.pipeline.grouping import HowMany


@dataclass(frozen=True)
class Run:
    """Everything one run found; nothing is written yet (see `kmosaic.save_run`)."""

    items: Items  # the readable ones, in the order of the rows below
    skipped: tuple[Skipped, ...]
    extractor: ImageFeatures | TextFeatures  # fitted
    features: (
        Matrix | Any
    )  # (n, d), what the extractor (with reduction) gives: the space `predict` uses
    embedding: Matrix | None  # (n, m), where k-means ran if not on the features themselves
    kmeans: KMeans  # fitted, on embedding or features
    model: Model | TextModel  # extractor + centers + owner of each center + names
    assignment: Assignment
    names: Names
    scores: Scores | None  # None where no true labels are known
    why: tuple[str, ...]  # plain sentences: what was chosen and why
    seconds: dict[str, float]  # time per stage
    settings: dict[str, Any]  # all that is needed to do it again
    how_many: HowMany | None = None  # where the number of clusters was chosen
    saved: Any = None  # kmosaic.save.Saved, once it is written

    @property
    def columns(self) -> dict[str, list[str | None]]:
        """Columns of the table of items beside those that all runs have."""
        return {}

    def __repr__(self) -> str:
        """The answer in a line; the arrays would fill many screens."""
        accuracy = f", accuracy {share(self.scores.accuracy_majority)}" if self.scores else ""
        return (
            f"<Run: {len(self.items):,} items of {self.items.source} in "
            f"{self.assignment.n_clusters} clusters, inertia {self.kmeans.inertia_:.6g}{accuracy}>"
        )

    def summary(self) -> dict[str, Any]:
        """The run in numbers and text, ready for JSON."""
        answer = {
            "source": self.items.source,
            "n": len(self.items),
            "d": int(self.features.shape[1]),
            "k": self.assignment.n_clusters,
            "inertia": float(self.kmeans.inertia_),
            "n_iter": int(self.kmeans.n_iter_),
            "sizes": [int(size) for size in self.assignment.sizes],
            "names": list(self.names.names),
            "scores": None if self.scores is None else asdict(self.scores),
            "skipped": len(self.skipped),
            "why": list(self.why),
            "seconds": rounded(self.seconds),
            "settings": self.settings,
        }
        if self.how_many is not None:
            answer["how_many"] = summary_of(self.how_many.choice)
        return answer if self.saved is None else answer | self.saved.summary()
