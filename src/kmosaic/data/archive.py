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
from kmosaic.data.members import Members
from kmosaic.data.names import ignored_note, is_image_name
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
class ImageMembers(Members):
    """The members that are images; what else is there is counted.

    >>> members = ImageMembers.of(max_pixels=100)
    >>> [members.wants(name, 10) for name in ("cat/1.png", "../1.png", "notes.txt")]
    [True, False, False]
    >>> members.others
    ['notes.txt']
    """

    others: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, max_pixels: int) -> ImageMembers:
        """For images of at most so many pixels."""
        return cls(most_bytes(max_pixels), "an image")

    def is_one(self, slashed: str) -> bool:
        """Whether it is called as images are."""
        found = is_image_name(slashed)
        if not found:
            self.others.append(slashed)
        return found

    def items(self, reading: Reading, store: Store) -> FileItems:
        """The images as items, in natural order; InputError where there is none."""
        if not self.name_of:
            raise InputError(self._why_empty(reading.source))
        return FileItems.of(
            reading.source,
            store,
            self.names,
            ids=self.ids,
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
