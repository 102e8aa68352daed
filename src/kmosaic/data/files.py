"""Items that are image files, in a folder or in an archive."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Literal, Protocol

import numpy as np

from kmosaic.data.ahead import MOST_ITEMS, Allow, ReadAhead
from kmosaic.data.decode import MAX_PIXELS, UnreadableError, check_start, decode, no_limit
from kmosaic.data.items import Batch, Image, OnSkip, Skipped
from kmosaic.data.known_labels import labels_of_parents
from kmosaic.data.named import NamedItems, nobody
from kmosaic.data.names import clean_id

_HASHED_TOGETHER = 64  # files: enough that threads do not wait for each other


Before = Callable[[bytes, int], None]  # hears a file's first bytes and its size; may raise or wait


class Store(Protocol):
    """Where the bytes of image files lie. Read from several threads at once."""

    def read(self, name: str, before: Before) -> bytes:
        """The bytes of one file, unless `before` refuses; UnreadableError if they cannot be had."""

    def path(self, name: str) -> Path | None:
        """The file on disk, or None inside an archive."""


@dataclass(frozen=True, eq=False)
class FileItems(NamedItems):
    """Image files, decoded on several threads when they are asked for."""

    store: Store
    max_pixels: int = MAX_PIXELS
    notes: tuple[str, ...] = ()
    refused: tuple[Skipped, ...] = ()
    kind: Literal["images", "vectors", "documents"] = "images"

    @classmethod
    def of(
        cls,
        source: str,
        store: Store,
        names: Sequence[str],
        *,
        ids: Sequence[str] | None = None,
        max_pixels: int = MAX_PIXELS,
        notes: tuple[str, ...] = (),
        refused: tuple[Skipped, ...] = (),
    ) -> FileItems:
        """Files by name, labeled by their parent folders where those say something."""
        ids = [clean_id(name) for name in names] if ids is None else ids
        labels = labels_of_parents(ids)
        return cls(source, store, names, ids, labels, max_pixels, notes, refused)

    def batches(
        self,
        size: int | None = None,
        *,
        on_skip: OnSkip | None = None,
        max_side: int | None = None,
    ) -> Iterator[Batch]:
        """Decode on all cores, a bounded number of bytes ahead of who reads the batches."""

        def work(position: int, allow: Allow) -> tuple[Image | Skipped, int]:
            try:
                image = self._decode(position, max_side, allow)
            except UnreadableError as error:
                return Skipped(self.ids[position], str(error)), 0
            return image, image.nbytes

        tell = on_skip or nobody
        for skipped in self.refused:
            tell(skipped)
        first = 0
        for results in ReadAhead(work, len(self), most=size or MOST_ITEMS):
            batch = _readable(results, first, tell)
            first += len(results)
            if batch.images:
                yield batch

    def _decode(self, position: int, max_side: int | None, allow: Allow) -> Image:
        data = self._bytes(position, allow)

        def more(size: int) -> None:
            allow(len(data) + size)

        return decode(data, max_pixels=self.max_pixels, max_side=max_side, allow=more)

    def _bytes(self, position: int, allow: Allow = no_limit) -> bytes:
        """The bytes of one file, once it is known to be worth it and there is memory for it."""

        def before(start: bytes, size: int) -> None:
            check_start(start, size, self.max_pixels)
            allow(size)

        return self.store.read(self.names[position], before)

    def content_hash(self) -> str:
        """A hex digest of the files' bytes, in order; names do not count."""
        total = hashlib.blake2b(digest_size=32)
        # The settings that decide which files can be read count as content.
        total.update(repr((self.max_pixels, self.refused)).encode())
        for digests in ReadAhead(self._digests, -(-len(self) // _HASHED_TOGETHER)):
            total.update(b"".join(digests))
        return total.hexdigest()

    def _digests(self, part: int, allow: Allow) -> tuple[bytes, int]:
        start = part * _HASHED_TOGETHER
        some = range(start, min(start + _HASHED_TOGETHER, len(self)))
        digests = b"".join(self._digest(position, allow) for position in some)
        return digests, len(digests)

    def _digest(self, position: int, allow: Allow) -> bytes:
        try:
            data = self._bytes(position, allow)
        except UnreadableError as error:
            return hashlib.blake2b(str(error).encode(), digest_size=32, person=b"unread").digest()
        return hashlib.blake2b(data, digest_size=32).digest()

    def suffix(self, position: int) -> str:
        """The suffix that the file has."""
        return PurePosixPath(self.ids[position]).suffix

    def write(self, position: int, folder: Path, stem: str) -> Path:
        """Write the file's own bytes under a new name."""
        target = folder / f"{stem}{self.suffix(position)}"
        data = self._bytes(position)
        with target.open("xb") as file:
            file.write(data)
        return target


def _readable(results: Sequence[Image | Skipped], first: int, tell: OnSkip) -> Batch:
    index, images = [], []
    for position, result in enumerate(results, start=first):
        if isinstance(result, Skipped):
            tell(result)
        else:
            index.append(position)
            images.append(result)
    return Batch(np.array(index, dtype=np.int64), images)
