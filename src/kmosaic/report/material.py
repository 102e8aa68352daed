"""What several parts of the report draw from: the choice of items and their decoded images."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from kmosaic._events import Listener
from kmosaic.data.items import Items
from kmosaic.features.base import Matrix
from kmosaic.labels import Contingency, contingency, known_labels
from kmosaic.labels.truth import Known
from kmosaic.pipeline import Run
from kmosaic.report.choose import Positions, Shown, choose
from kmosaic.report.confusion import Mistaken, mistaken
from kmosaic.report.thumbnails import Decoded, decode, side_for

TILE_SIDE = 64  # pixels, of the small pictures in the rows of tiles and on the map
_LARGE = 256  # pixels a side; larger images take long to decode


@dataclass(frozen=True)
class Material:
    """A run, and what the page shows of it."""

    run: Run
    rows: Matrix  # where k-means ran
    labels: Known | None  # known labels as text
    counts: Contingency | None  # of the known labels per cluster
    chosen: list[Shown]  # of each cluster
    mistakes: list[Mistaken]
    side: int  # of the pictures of members, pixels
    decoded: Decoded

    @classmethod
    def of(cls, run: Run, on_progress: Listener) -> Material:
        """Choose what to show, and decode that and no more."""
        labels, counts = _truth(run)
        are_large = _are_large(run.items)
        chosen = choose(run.assignment, are_large=are_large)
        mistakes = [] if labels is None else mistaken(run.assignment, labels, run.names)
        members = members_of(chosen, mistakes)
        side = side_for(len(members))
        return cls(
            run=run,
            rows=run.features if run.embedding is None else run.embedding,
            labels=labels,
            counts=counts,
            chosen=chosen,
            mistakes=mistakes,
            side=side,
            decoded=_decode(run.items, members, chosen, side, are_large, on_progress),
        )


def members_of(chosen: Sequence[Shown], mistakes: Sequence[Mistaken]) -> Positions:
    """The positions of all items that get a picture of their own."""
    return _joined([s.members for s in chosen] + [mistake.shown for mistake in mistakes])


def _truth(run: Run) -> tuple[Known | None, Contingency | None]:
    if run.items.labels is None:
        return None, None
    labels = known_labels(run.items.labels, len(run.items))
    counts = contingency(run.assignment, labels)
    return (labels, counts) if counts.total else (None, None)


def _are_large(items: Items) -> bool:
    """Whether the first image that can be read is large."""
    if items.kind != "images":
        return False
    few = items.take(np.arange(min(8, len(items))))
    images = (image for batch in few.batches(size=1) for image in batch.images)
    first = next(images, None)
    return first is not None and max(first.shape[:2]) > _LARGE


def _decode(
    items: Items,
    members: Positions,
    chosen: Sequence[Shown],
    side: int,
    are_large: bool,
    on_progress: Listener,
) -> Decoded:
    """Decode what is shown, and samples for the means unless that would take long."""
    small = [shown.tiles for shown in chosen] + [shown.on_map for shown in chosen]
    small += [] if are_large else [shown.averaged for shown in chosen]
    rest = np.setdiff1d(_joined(small), members)
    return Decoded(
        dict(decode(items, members, side, on_progress).images)
        | dict(decode(items, rest, TILE_SIDE, on_progress).images)
    )


def _joined(parts: Sequence[Positions]) -> Positions:
    return np.concatenate([*parts, np.empty(0, dtype=np.int64)])
