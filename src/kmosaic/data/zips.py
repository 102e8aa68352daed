"""A zip archive of image files."""

from __future__ import annotations

import zipfile
from pathlib import Path

from kmosaic.data.archive import DAMAGE, ImageMembers, damage_told
from kmosaic.data.decode import START, UnreadableError
from kmosaic.data.files import Before, FileItems
from kmosaic.data.reader import Reading

ENCRYPTED = 0x1


class ZipStore:
    """The members of a zip, read where they are; `ZipFile` lets several threads read at once."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive  # closes itself when nobody holds it any more

    def read(self, name: str, before: Before) -> bytes:
        """The bytes of one member, unless `before` refuses; UnreadableError if damaged."""
        try:
            size = self._archive.getinfo(name).file_size  # no more than these are ever unpacked
            with self._archive.open(name) as member:
                start = member.read(START)
                before(start, size)
                return start + member.read()
        except RuntimeError as error:  # encrypted, or packed in a way Python does not know
            raise UnreadableError(f"cannot be taken out of the archive ({error})") from None
        except (*DAMAGE, OSError) as error:
            raise UnreadableError(f"damaged in the archive ({error})") from None

    def path(self, name: str) -> None:
        """No member is a file on disk."""
        return


def is_zip(path: Path) -> bool:
    """Tell whether this reader is the one for the path."""
    return path.suffix.lower() in {".zip", ".cbz"}


def read_zip(reading: Reading) -> FileItems:
    """All images in a zip archive, in natural order; nothing is extracted.

    Members with absolute names or with '..' in them, and encrypted ones, are refused.
    """
    with damage_told(reading.source, "zip"):
        archive = zipfile.ZipFile(reading.path)
    members = ImageMembers.of(reading.max_pixels)
    for member in archive.infolist():
        if not member.filename.endswith("/"):
            locked = "it is encrypted" if member.flag_bits & ENCRYPTED else None
            members.wants(member.filename, member.file_size, locked)
    return members.items(reading, ZipStore(archive))
