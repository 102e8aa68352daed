"""A folder tree of image files."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import FileIO
from pathlib import Path

from kmosaic._errors import InputError
from kmosaic._events import Progress
from kmosaic.data.decode import START, UnreadableError
from kmosaic.data.files import Before, FileItems
from kmosaic.data.items import Skipped
from kmosaic.data.names import clean_id, ignored_note, is_hidden, is_image_name, natural_key
from kmosaic.data.reader import Reading

_TELL_EVERY = 1000  # files
_TEXTS = (".txt", ".md", ".rst", ".html", ".htm")


@dataclass(frozen=True)
class FolderStore:
    """The files below one folder."""

    root: Path

    def read(self, name: str, before: Before) -> bytes:
        """The bytes of one file, unless `before` refuses; UnreadableError if they cannot be had."""
        try:
            # Strings and no buffer: for small files, pathlib and buffering take most of the time.
            with FileIO(f"{self.root}/{name}") as file:
                start = file.read(START)
                before(start, os.fstat(file.fileno()).st_size)
                file.seek(0)
                return file.readall()
        except OSError as error:
            raise UnreadableError(_plain(error)) from None

    def path(self, name: str) -> Path:
        """The file on disk."""
        return self.root / name


def _plain(error: OSError) -> str:
    if isinstance(error, PermissionError):
        return "no permission to read it"
    if isinstance(error, FileNotFoundError):
        return "it is gone, or a link that leads nowhere"
    return error.strerror or str(error)


def is_folder(path: Path) -> bool:
    """Tell whether this reader is the one for the path."""
    return path.is_dir()


def read_folder(reading: Reading) -> FileItems:
    """All images in a folder and its sub-folders, in natural order.

    Hidden files and folders are passed over, other files are counted. Links to folders are
    followed, each folder once. Raises InputError where there is no image.
    """
    walk = Walk(reading.path)
    names: list[str] = []
    others: list[str] = []
    for count, name in enumerate(walk.names(), start=1):
        (names if is_image_name(name) else others).append(name)
        if count % _TELL_EVERY == 0:
            reading.on_progress(Progress("images", len(names), None, "files"))
    names.sort(key=natural_key)
    notes = ignored_note(others)
    if not names:
        if any(name.lower().endswith(_TEXTS) for name in others):
            notes = (*notes, f"Texts are for kmosaic documents {reading.source}.")
        raise InputError(_why_empty(reading, notes, walk.refused))
    return FileItems.of(
        reading.source,
        FolderStore(reading.path.absolute()),
        names,
        max_pixels=reading.max_pixels,
        notes=notes,
        refused=tuple(walk.refused),
    )


def _why_empty(reading: Reading, notes: tuple[str, ...], refused: list[Skipped]) -> str:
    if refused:
        return f"{reading.source} cannot be listed: {refused[0].reason} ({refused[0].id})."
    what = " ".join(("no image (PNG, JPEG, WebP, GIF, BMP, TIFF) is in it.", *notes))
    return f"Nothing to group in the folder {reading.source}: {what}"


class Walk:
    """Names of the files below a folder, every folder visited once however links lead to it."""

    def __init__(self, root: Path) -> None:
        self.refused: list[Skipped] = []
        self._root = root
        self._seen: set[tuple[int, int]] = set()
        self._links: list[str] = []  # links to folders: after the real folders, so these keep names

    def names(self) -> Iterator[str]:
        """Names relative to the folder, in no order."""
        yield from self._below("")
        while self._links:
            self._links.sort(key=natural_key)
            yield from self._below(self._links.pop(0))

    def _below(self, start: str) -> Iterator[str]:
        folders = [start]
        while folders:
            folder = folders.pop()
            for entry in self._entries(folder):
                name = f"{folder}/{entry.name}" if folder else entry.name
                if is_hidden(entry.name):
                    continue
                if _leads_to(entry.is_dir):
                    (self._links if entry.is_symlink() else folders).append(name)
                elif _leads_to(entry.is_file) or not os.path.exists(entry):  # noqa: PTH110
                    yield name  # a link to nowhere is reported later; no pipe, socket or device

    def _entries(self, folder: str) -> list[os.DirEntry[str]]:
        path = self._root / folder
        try:
            here = path.stat()
            if (here.st_dev, here.st_ino) in self._seen:
                return []
            self._seen.add((here.st_dev, here.st_ino))
            with os.scandir(path) as entries:
                return list(entries)
        except OSError as error:
            reason = (
                "no permission to list it" if isinstance(error, PermissionError) else str(error)
            )
            name = clean_id(folder or str(self._root))
            self.refused.append(Skipped(f"{name}/", f"a folder: {reason}"))
            return []


def _leads_to(kind: Callable[[], bool]) -> bool:
    """Ask what an entry is; a link that leads to itself is nothing."""
    try:
        return kind()
    except OSError:
        return False
