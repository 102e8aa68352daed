"""A tar archive of image files or documents, compressed or not."""

from __future__ import annotations

import bz2
import gzip
import lzma
import os
import tarfile
import tempfile
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any, Literal, NamedTuple

from kmosaic._errors import InputError
from kmosaic._events import Listener, Progress
from kmosaic.data.archive import ImageMembers, damage_told
from kmosaic.data.decode import START, UnreadableError
from kmosaic.data.files import Before, FileItems
from kmosaic.data.growth import most_unpacked
from kmosaic.data.reader import Reading

_SUFFIXES = (".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tbz", ".tar.xz", ".txz")
_TELL_EVERY = 1000  # members
_COPIED_TOGETHER = 1 << 20  # bytes


class TarStore:
    """Slices of one open file, read from any thread."""

    def __init__(self, file: IO[bytes], slices: dict[str, tuple[int, int]]) -> None:
        self._file, self._slices = file, slices
        weakref.finalize(self, file.close)

    def read(self, name: str, before: Before) -> bytes:
        """The bytes of one member, unless `before` refuses; UnreadableError if they are gone."""
        start, size = self._slices[name]
        try:
            before(os.pread(self._file.fileno(), min(size, START), start), size)
            data = os.pread(self._file.fileno(), size, start)
        except OSError as error:
            raise UnreadableError(f"damaged in the archive ({error.strerror})") from None
        if len(data) < size:
            raise UnreadableError("the archive ends in the middle of it")
        return data

    def path(self, name: str) -> None:
        """No member is a file on disk."""
        return


def is_tar(path: Path) -> bool:
    """Tell whether this reader is the one for the path."""
    return path.name.lower().endswith(_SUFFIXES)


def read_tar(reading: Reading) -> FileItems:
    """All images in a tar archive, in natural order; no member becomes a file.

    Members with absolute names or with '..' in them, and links, are refused.
    """
    members = ImageMembers.of(reading.max_pixels)
    store = tar_store(reading.path, reading.source, members.wants, "images", reading.on_progress)
    return members.items(reading, store)


Wants = Callable[[str, int, str | None], bool]  # (name, bytes, why it cannot be read) -> read it?


def tar_store(path: Path, source: str, wants: Wants, what: str, tell: Listener) -> TarStore:
    """The members of a tar archive that are wanted.

    A plain tar is read in place. A compressed one can only be read from front to back, so the
    bytes of these members are kept in one nameless temporary file, which goes when the store goes.
    what: the members, for messages.
    """
    unpack = _unpacker(path)
    with damage_told(source, "tar"), unpack(path) as stream:
        # "r:" jumps from header to header, "r|" takes the members as they come.
        mode: Literal["r:", "r|"] = "r:" if unpack is _plain else "r|"
        with tarfile.open(fileobj=stream, mode=mode) as archive:
            store = _read(archive, _Reading(path, source, what, wants, tell), unpack is _plain)
            _check_end(archive, stream, in_place=unpack is _plain)
    return store


class _Reading(NamedTuple):
    path: Path
    source: str
    what: str
    wants: Wants
    tell: Listener


def _plain(path: Path) -> IO[bytes]:
    return path.open("rb")


_UNPACKERS: dict[bytes, Callable[[Path], Any]] = {  # by the first bytes of the file
    b"\x1f\x8b": gzip.open,
    b"BZh": bz2.open,
    b"\xfd7zXZ": lzma.open,
}


def _unpacker(path: Path) -> Callable[[Path], Any]:
    with path.open("rb") as file:
        magic = file.read(6)
    return next((one for start, one in _UNPACKERS.items() if magic.startswith(start)), _plain)


def _check_end(archive: tarfile.TarFile, stream: IO[bytes], *, in_place: bool) -> None:
    """Raise if damage ended the members: tarfile takes that for the end and is silent."""
    if in_place:
        stream.seek(archive.offset)
        if stream.read(tarfile.BLOCKSIZE).strip(b"\0"):
            raise tarfile.ReadError(f"no member begins at byte {archive.offset:,}")
        return
    while stream.read(_COPIED_TOGETHER):
        pass  # to the end, where the checksum is


def _read(archive: tarfile.TarFile, reading: _Reading, in_place: bool) -> TarStore:
    slices: dict[str, tuple[int, int]] = {}
    file: IO[bytes] = reading.path.open("rb") if in_place else tempfile.TemporaryFile()  # noqa: SIM115
    store = TarStore(file, slices)
    most = most_unpacked(reading.path)
    for count, member in enumerate(archive, start=1):
        if count % _TELL_EVERY == 0:
            reading.tell(Progress(reading.what, len(slices), None, "files"))
        if not member.isdir() and reading.wants(member.name, member.size, _problem(member)):
            if not in_place and file.tell() + member.size > most:
                raise InputError(_too_much(reading, most))
            start = member.offset_data if in_place else _keep(archive, member, file, reading)
            slices[member.name] = (start, member.size)
    file.flush()
    return store


def _problem(member: tarfile.TarInfo) -> str | None:
    if member.issym() or member.islnk():
        return "it is a link inside the archive"
    if not member.isfile() or member.issparse():
        return "it is no plain file in the archive"
    return None


def _too_much(reading: _Reading, most: int) -> str:
    return (
        f"{reading.source} unpacks to more than {most:,} bytes of {reading.what}, as only an "
        "archive made to fill the disk does. If yours is not, unpack it and give the folder."
    )


def _keep(
    archive: tarfile.TarFile, member: tarfile.TarInfo, file: IO[bytes], reading: _Reading
) -> int:
    """Copy a member's bytes to the temporary file and say where they begin."""
    start = file.tell()
    source = archive.extractfile(member)
    assert source is not None  # a plain file
    while block := source.read(_COPIED_TOGETHER):
        try:
            file.write(block)
        except OSError as error:
            raise InputError(
                f"No room in {tempfile.gettempdir()} for the {reading.what} of {reading.source} "
                f"({error.strerror}): unpack it and give the folder, or set TMPDIR."
            ) from None
    return start
