"""Items that are documents."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Literal, Protocol

import numpy as np

from kmosaic.data.decode import UnreadableError
from kmosaic.data.items import Batch, OnSkip, Skipped
from kmosaic.data.named import NamedItems, nobody

_TOGETHER = 256  # documents
EMPTY = "it is empty"


class TextStore(Protocol):
    """Where documents lie."""

    def text(self, name: str) -> str:
        """One document; UnreadableError if it cannot be had or is no text."""

    def data(self, name: str) -> bytes:
        """Its bytes; UnreadableError if they cannot be had."""

    def path(self, name: str) -> Path | None:
        """The file on disk that is this document and nothing else, or None."""


@dataclass(frozen=True)
class Memory:
    """Documents that are in memory already."""

    texts: Sequence[str]

    def text(self, name: str) -> str:
        """One document."""
        return self.texts[int(name)]

    def data(self, name: str) -> bytes:
        """The same as UTF-8."""
        return self.text(name).encode("utf-8", "backslashreplace")

    def path(self, name: str) -> None:
        """None of them is a file."""


@dataclass(frozen=True, eq=False)
class TextItems(NamedItems):
    """Documents, read when they are asked for; batches hold their texts."""

    store: TextStore
    notes: tuple[str, ...] = ()
    refused: tuple[Skipped, ...] = ()
    kind: Literal["images", "vectors", "documents"] = "documents"
    id_column: str | None = None  # of the table that they are the cells of

    @property
    def ids_are(self) -> str:
        """What the ids are: paths of files, names of rows, or those of a column."""
        return self.id_column or ("row" if isinstance(self.store, Memory) else "path")

    def batches(
        self,
        size: int | None = None,
        *,
        on_skip: OnSkip | None = None,
        max_side: int | None = None,
    ) -> Iterator[Batch]:
        """Texts in order; what is empty or no text is skipped."""
        tell = on_skip or nobody
        for skipped in self.refused:
            tell(skipped)
        most = size or _TOGETHER
        for first in range(0, len(self), most):
            index, texts = [], []
            for position in range(first, min(first + most, len(self))):
                try:
                    texts.append(self.text(position))
                    index.append(position)
                except UnreadableError as error:
                    tell(Skipped(self.ids[position], str(error)))
            if index:
                found: Any = texts
                yield Batch(np.array(index, dtype=np.int64), found)

    def text(self, position: int) -> str:
        """One document; UnreadableError if it is empty or no text."""
        text = self.store.text(self.names[position])
        if not text.strip():
            raise UnreadableError(EMPTY)
        return text

    def content_hash(self) -> str:
        """A hex digest of the texts, in order; names do not count."""
        total = hashlib.blake2b(repr(self.refused).encode(), digest_size=32)
        for position in range(len(self)):
            try:
                text = self.text(position).encode("utf-8", "surrogatepass")
            except UnreadableError as error:
                text = f"unread {error}".encode()
            total.update(hashlib.blake2b(text, digest_size=32).digest())
        return total.hexdigest()

    def suffix(self, position: int) -> str:
        """The suffix that the file has; .txt where there is no file."""
        if isinstance(self.store, Memory):
            return ".txt"
        return PurePosixPath(self.ids[position]).suffix

    def write(self, position: int, folder: Path, stem: str) -> Path:
        """Write the file's own bytes, or the text as UTF-8, under a new name."""
        target = folder / f"{stem}{self.suffix(position)}"
        data = self.store.data(self.names[position])
        with target.open("xb") as file:
            file.write(data)
        return target
