"""What zip and tar readers share: which members are images, and which are refused."""

from __future__ import annotations

import gzip
import lzma
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from kmosaic._errors import InputError
from kmosaic.data.decode import most_bytes
from kmosaic.data.files import FileItems, Store
from kmosaic.data.items import Skipped
from kmosaic.data.names import (
    clean_id,
    ignored_note,
    is_hidden,
    is_image_name,
    natural_key,
    why_unsafe,
)
from kmosaic.data.reader import Reading

# What Python's readers of archives raise, by experiment, where bytes are not what they should be.
DAMAGE = (
    zipfile.BadZipFile,
    tarfile.TarError,
    gzip.BadGzipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    ValueError,  # UnicodeDecodeError too
    LookupError,
    OverflowError,
    NotImplementedError,
)


@contextmanager
def damage_told(source: str, kind: str) -> Iterator[None]:
    """Turn what a damaged archive makes its reader raise into one InputError.

    >>> with damage_told("a.zip", "zip"):
    ...     raise zipfile.BadZipFile("no end")
    Traceback (most recent call last):
    kmosaic._errors.InputError: a.zip is no zip archive, or damaged: no end.
    """
    try:
        yield
    except InputError:
        raise
    except DAMAGE as error:
        raise InputError(f"{source} is no {kind} archive, or damaged: {error}.") from None


@dataclass
class Members:
    """The members of an archive, sorted out as they are met.

    >>> members = Members(max_pixels=100)
    >>> [members.wants(name, 10) for name in ("cat/1.png", "../1.png", "notes.txt")]
    [True, False, False]
    >>> members.refused[0].reason
    "its name leads out of the archive ('..')"
    """

    max_pixels: int
    name_of: dict[str, str] = field(default_factory=dict)  # id → name
    others: list[str] = field(default_factory=list)
    refused: list[Skipped] = field(default_factory=list)

    def wants(self, name: str, size: int, problem: str | None = None) -> bool:
        """Take note of a member; True if it is an image to be read later."""
        slashed = name.replace("\\", "/")
        if is_hidden(slashed):
            return False
        if not is_image_name(slashed):
            self.others.append(slashed)
            return False
        problem = why_unsafe(name) or problem
        if problem is None and size > most_bytes(self.max_pixels):
            problem = f"{size:,} bytes are more than an image can need"
        if problem:
            self.refused.append(Skipped(clean_id(name), problem))
            return False
        self._take(clean_id(slashed.removeprefix("./")), name)
        return True

    def _take(self, id_: str, name: str) -> None:
        """Of two members that would be one file on disk the later counts, as when unpacked."""
        if id_ in self.name_of:
            # Not the id itself: the later member has that, and may well be readable.
            self.refused.append(Skipped(f"{id_} (the earlier)", "a later member has this name too"))
        self.name_of[id_] = name

    def items(self, reading: Reading, store: Store) -> FileItems:
        """The images as items, in natural order; InputError where there is none."""
        if not self.name_of:
            raise InputError(self._why_empty(reading.source))
        ids = sorted(self.name_of, key=natural_key)
        return FileItems.of(
            reading.source,
            store,
            [self.name_of[one] for one in ids],
            ids=ids,
            max_pixels=reading.max_pixels,
            notes=ignored_note(self.others),
            refused=tuple(self.refused),
        )

    def _why_empty(self, source: str) -> str:
        what = " ".join(
            (
                "no image (PNG, JPEG, WebP, GIF, BMP, TIFF) is in it that can be read.",
                *ignored_note(self.others),
                *(f"{one.id!r} was refused: {one.reason}." for one in self.refused[:1]),
            )
        )
        return f"Nothing to group in {source}: {what}"
