"""The whole flow as one short function: items, features, k-means, assignment, names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from kmosaic.data.items import Items, Skipped
from kmosaic.features.base import ImageFeatures, Matrix
from kmosaic.labels.assignment import Assignment


@dataclass(frozen=True)
class Run:
    """Everything one run found; nothing is written yet (see `kmosaic.save`)."""

    items: Items  # the readable ones, in the order of the rows below
    skipped: tuple[Skipped, ...]
    extractor: ImageFeatures  # fitted
    features: Matrix  # (n, d), what the extractor (with reduction) gives: the space `predict` uses
    embedding: Matrix | None  # (n, m), where k-means ran if not on the features themselves
    kmeans: Any  # the fitted kmosaic.KMeans, on embedding or features
    model: Any  # kmosaic.output.Model: extractor + centers + owner of each center + names
    assignment: Assignment
    names: Any  # kmosaic.labels.Names
    scores: Any  # kmosaic.labels.Scores | None
    why: tuple[str, ...]  # plain sentences: what was chosen and why
    seconds: dict[str, float]  # time per stage
    settings: dict[str, Any]  # all that is needed to do it again
    written: tuple[str, ...] = ()  # the files, once it is saved
