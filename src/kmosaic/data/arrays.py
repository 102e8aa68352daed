"""Items that are pictures in memory: arrays, lists of arrays, data frames."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt
import PIL.Image

from kmosaic.data.ahead import BATCH_BYTES, MOST_ITEMS
from kmosaic.data.items import Batch, Image, Items, OnSkip
from kmosaic.data.known_labels import checked_labels
from kmosaic.data.picking import positions
from kmosaic.data.pixels import flat, smaller, to_bytes
from kmosaic.data.ranges import Rows


@dataclass(frozen=True, eq=False)
class ArrayItems(Items):
    """Pictures in an array (may be memory mapped) or in a list of arrays of any sizes.

    The array is not copied; a batch at a time is turned into 8 bits.
    """

    source: str
    rows: Rows  # each (h, w) or (h, w, channels)
    factor: float  # what the numbers are multiplied by to become 0..255
    order: npt.NDArray[np.int64]  # (n,) which row each item is
    ids: Sequence[str]  # the number of each row, counted from 0
    labels: npt.NDArray[np.object_] | None = None
    notes: tuple[str, ...] = ()
    kind: Literal["images", "vectors", "documents"] = "images"

    def batches(
        self,
        size: int | None = None,
        *,
        on_skip: OnSkip | None = None,
        max_side: int | None = None,
    ) -> Iterator[Batch]:
        """The pictures as 8 bits, a bounded number at a time; nothing is ever skipped."""
        for first, end in self._spans(size or MOST_ITEMS):
            images = [_reduced(image, max_side) for image in self._images(self.order[first:end])]
            yield Batch(np.arange(first, end), images)

    def _spans(self, most: int) -> Iterator[tuple[int, int]]:
        """Where batches begin and end: no more items than most, no more bytes than the bound."""
        if isinstance(self.rows, np.ndarray):
            sizes = np.full(len(self), self.rows[0].size)
        else:
            sizes = np.array([self.rows[row].size for row in self.order])
        total = np.concatenate([[0], np.cumsum(sizes)])
        first = 0
        while first < len(self):
            fitting = int(np.searchsorted(total, total[first] + BATCH_BYTES, side="right")) - 1
            end = max(first + 1, min(first + most, fitting, len(self)))
            yield first, end
            first = end

    def _images(self, wanted: npt.NDArray[np.int64]) -> list[Image]:
        if not isinstance(self.rows, np.ndarray):
            return [_as_image(to_bytes(self.rows[row], self.factor)) for row in wanted]
        in_a_row = wanted[-1] - wanted[0] == len(wanted) - 1 and bool((np.diff(wanted) == 1).all())
        part = self.rows[wanted[0] : wanted[-1] + 1] if in_a_row else self.rows[wanted]
        block = np.ascontiguousarray(to_bytes(part, self.factor))
        return [_as_image(image) for image in block]

    def take(self, index: npt.ArrayLike) -> ArrayItems:
        """The pictures at these positions, in this order."""
        picked = positions(index, len(self))
        return replace(
            self,
            order=self.order[picked],
            ids=[self.ids[one] for one in picked],
            labels=None if self.labels is None else self.labels[picked],
        )

    def with_labels(self, labels: npt.NDArray[np.object_] | None) -> ArrayItems:
        """The same pictures with other known labels."""
        return replace(self, labels=checked_labels(labels, len(self)))

    def content_hash(self) -> str:
        """A hex digest of the 8-bit pixels and shapes: the type of the numbers does not matter."""
        total = hashlib.blake2b(digest_size=32)
        for batch in self.batches():
            for image in batch.images:
                total.update(repr(image.shape).encode())
                total.update(np.ascontiguousarray(image).data)
        return total.hexdigest()

    def write(self, position: int, folder: Path, stem: str) -> Path:
        """Write the picture as a PNG."""
        target = folder / f"{stem}.png"
        (image,) = self._images(self.order[[position]])
        with target.open("xb") as file:
            PIL.Image.fromarray(image).save(file, "PNG")
        return target


def _as_image(pixels: Image) -> Image:
    """Gray as (h, w), color as (h, w, 3), transparent parts over white; never to be written to."""
    pixels = pixels.view()
    pixels.flags.writeable = False  # it may be the caller's own memory
    if pixels.ndim == 2 or pixels.shape[2] == 3:
        return pixels
    if pixels.shape[2] == 1:
        return pixels[:, :, 0]
    return np.asarray(flat(PIL.Image.fromarray(np.ascontiguousarray(pixels))))


def _reduced(image: Image, max_side: int | None) -> Image:
    if not max_side or min(image.shape[:2]) < 2 * max_side:
        return image
    return np.asarray(smaller(PIL.Image.fromarray(np.ascontiguousarray(image)), max_side))
