"""Items: the things to be grouped, as ordered ids with lazy batches."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt

from kmosaic._errors import InputError

Image = npt.NDArray[np.uint8]  # (height, width) grayscale or (height, width, 3) RGB; read-only


@dataclass(frozen=True)
class Skipped:
    """One item that is left out, and why."""

    id: str
    reason: str
    was_read: bool = False  # True: there is nothing in it to group it by


@dataclass(frozen=True)
class Batch:
    """Some readable items, in order."""

    index: npt.NDArray[np.int64]  # positions in the Items they come from, ascending
    images: list[Image]  # of kind "vectors": rows (d,), float32 or float64; "documents": texts


OnSkip = Callable[[Skipped], None]


class Items(ABC):
    """Ordered things with ids, known labels where there are any, and lazy bounded batches.

    An Items is a frozen description: it holds names, not pixels. Reading happens in `batches`.
    """

    source: str  # what the user gave (~ written out), for messages and the report
    kind: Literal["images", "vectors", "documents"]
    ids: Sequence[str]  # unique, in order; file items: the path relative to the source, "/" between
    labels: (
        npt.NDArray[np.object_] | None
    )  # (n,) str or None each: known labels, never used to cluster
    notes: tuple[str, ...] = ()  # plain sentences on how the source was read
    refused: tuple[Skipped, ...] = ()  # what the source holds beside the ids and cannot be read

    def __len__(self) -> int:
        """The number of items."""
        return len(self.ids)

    @abstractmethod
    def batches(
        self,
        size: int | None = None,
        *,
        on_skip: OnSkip | None = None,
        max_side: int | None = None,
    ) -> Iterator[Batch]:
        """Decode all items in order, a bounded number at a time, skipping what cannot be read.

        size: most items a batch; None picks one that bounds memory. max_side: a hint that smaller
        pictures do (JPEG decodes at reduced scale); a picture may come back reduced by a whole
        factor, its shorter side no shorter than max_side. on_skip hears of every item that is
        skipped, and first of what was `refused`.
        """

    @abstractmethod
    def take(self, index: npt.ArrayLike) -> Items:
        """The items at these positions, in this order, with their labels."""

    @abstractmethod
    def with_labels(self, labels: npt.NDArray[np.object_] | None) -> Items:
        """The same items with other known labels."""

    @abstractmethod
    def content_hash(self) -> str:
        """A hex digest of the items' content and order; equal content gives equal digests."""

    def path(self, position: int) -> Path | None:
        """The file on disk that is this item, where there is one (else None: write it instead)."""
        return None

    @abstractmethod
    def write(self, position: int, folder: Path, stem: str) -> Path:
        """Write the item as an image file `folder/stem.<suffix>` and return its path.

        File and archive items keep their bytes and suffix; array items become PNG. A file that is
        there already is never overwritten (FileExistsError); an item whose file is gone or damaged
        meanwhile is a `kmosaic.data.decode.UnreadableError`.
        """

    def suffix(self, position: int) -> str:
        """The file suffix that `write` gives this item, with its dot."""
        return ".png"

    def read(self, index: npt.ArrayLike, *, max_side: int | None = None) -> list[Image]:
        """Decode the items at these positions, in this order; unreadable ones are an InputError."""
        wanted = self.take(index)
        batches = wanted.batches(max_side=max_side, on_skip=_refuse)
        return [image for batch in batches for image in batch.images]


def _refuse(skipped: Skipped) -> None:
    raise InputError(f"{skipped.id!r} cannot be read: {skipped.reason}.")


def ensure_readable(items: Items, skipped: Sequence[Skipped]) -> None:
    """Raise InputError if every one of the items was skipped.

    >>> from kmosaic.data import bundled_digits
    >>> ensure_readable(bundled_digits().take([0, 1]), [Skipped("0", "it is empty")])
    """
    unreadable = len({one.id for one in skipped}.intersection(items.ids))
    if unreadable == len(items):
        # Files that were refused beforehand are told first, and are none of the items.
        own = set(items.ids)
        one = next((one for one in skipped if one.id in own), None)
        first = f"; the first is {one.id!r}: {one.reason}" if one else ""
        if items.kind == "documents":
            raise InputError(
                f"None of the {len(items):,} documents in {items.source} can be grouped{first}. "
                "Give texts like those that the model was made from."
            )
        raise InputError(
            f"None of the {len(items):,} images in {items.source} can be read{first}. "
            "Check that they are whole image files."
        )
