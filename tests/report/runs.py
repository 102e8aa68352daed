"""Runs to report on, built without the pipeline, and items that count what is decoded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import PIL.Image
from sklearn.base import BaseEstimator

from kmosaic.data.items import Batch, Image, Items, OnSkip
from kmosaic.features.base import Matrix
from kmosaic.kmeans import KMeans
from kmosaic.labels import Assignment, Names, name_by_majority, score
from kmosaic.pipeline import Run

Positions = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class SomeItems(Items):
    """Items in memory that count how many of them are decoded."""

    images: Sequence[Image]
    ids: Sequence[str]
    labels: npt.NDArray[np.object_] | None = None
    source: str = "test/images"
    kind: Literal["images", "vectors"] = "images"
    decoded: list[int] = field(default_factory=list)  # shared with what is taken
    unreadable: frozenset[str] = frozenset()

    def batches(
        self,
        size: int | None = None,
        *,
        on_skip: OnSkip | None = None,
        max_side: int | None = None,
    ) -> Iterator[Batch]:
        assert self.kind == "images"
        for at in range(len(self)):
            if self.ids[at] in self.unreadable:
                continue
            self.decoded.append(at)
            yield Batch(np.array([at]), [self.images[at]])

    def take(self, index: npt.ArrayLike) -> SomeItems:
        at = np.asarray(index, dtype=np.int64)
        return replace(
            self,
            images=[self.images[i] for i in at] if len(self.images) else (),
            ids=[self.ids[i] for i in at],
            labels=None if self.labels is None else self.labels[at],
        )

    def with_labels(self, labels: npt.NDArray[np.object_] | None) -> SomeItems:
        return replace(self, labels=labels)

    def content_hash(self) -> str:
        return "0"

    def write(self, position: int, folder: Path, stem: str) -> Path:
        target = folder / f"{stem}.png"
        PIL.Image.fromarray(self.images[position]).save(target)
        return target


class Flat(BaseEstimator):  # type: ignore[misc]
    """The pixels as they are."""

    def rows(self, images: Sequence[Image]) -> Matrix:
        return np.stack([image.ravel() for image in images]).astype(np.float32)


def cluster(items: Items, X: Matrix, k: int, *, named: bool = True, **more: Any) -> Run:
    """A run of k-means on these rows, as the pipeline gives it."""
    model = KMeans(k, n_init=3, random_state=0).fit(X)
    assignment = Assignment.of(items.ids, X, model.cluster_centers_, n_clusters=k)
    named = named and items.labels is not None
    run = Run(
        items=items,
        skipped=(),
        extractor=Flat(),  # type: ignore[arg-type]
        features=X,
        embedding=None,
        kmeans=model,
        model=None,
        assignment=assignment,
        names=name_by_majority(assignment, items.labels) if named else Names.numbered(k),
        scores=None if items.labels is None else score(assignment, items.labels),
        why=("Small gray images of one size: their pixels are compared as they are.",),
        seconds={
            "images": 0.021,
            "features": 0.34,
            "k-means": 0.083,
            "names": 0.002,
            "report": 0.0,
        },
        settings={"n_clusters": k, "features": "pixels", "embed": "none", "seed": 0, "n_init": 3},
    )
    return replace(run, **more)
