"""Documents that are files, in a folder or in a zip."""

from __future__ import annotations

import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from kmosaic._errors import InputError
from kmosaic._events import Listener, counted
from kmosaic.data.archive import damage_told
from kmosaic.data.decode import UnreadableError
from kmosaic.data.documents.encoding import NotTextError, decode
from kmosaic.data.documents.items import TextItems
from kmosaic.data.files import Before
from kmosaic.data.folder import FolderStore, Walk
from kmosaic.data.growth import most_unpacked
from kmosaic.data.items import Skipped
from kmosaic.data.known_labels import labels_of_parents
from kmosaic.data.names import clean_id, is_hidden, natural_key, why_unsafe
from kmosaic.data.zips import ENCRYPTED, ZipStore

MOST_BYTES = 64 << 20  # of one document: what is larger is something else
_MOST_EXAMPLES = 3


@dataclass(frozen=True)
class FileTexts:
    """Text files of a folder or a zip, decoded when they are read."""

    store: FolderStore | ZipStore
    encoding: str | None

    def text(self, name: str) -> str:
        """One document; UnreadableError if it cannot be had or is no text."""
        return self.decoded(name)[0]

    def decoded(self, name: str) -> tuple[str, str, bool]:
        """One document, its encoding, and whether that is sure."""
        data = self.data(name)
        try:
            found = decode(data, self.encoding)
        except NotTextError as error:
            raise UnreadableError(str(error)) from None
        return found.text, found.encoding, found.is_sure

    def data(self, name: str) -> bytes:
        """The bytes of one file; UnreadableError if they cannot be had or are too many."""
        before: Before = _check_size
        return self.store.read(name, before)

    def path(self, name: str) -> Path | None:
        """The file on disk, or None in a zip."""
        return self.store.path(name)


def _check_size(_: bytes, size: int) -> None:
    if size > MOST_BYTES:
        raise UnreadableError(f"{size:,} bytes are more than a document has")


def read_folder(path: Path, source: str, encoding: str | None, tell: Listener) -> TextItems:
    """All text files in a folder and its sub-folders, in natural order; hidden ones are left."""
    walk = Walk(path)
    names = sorted(walk.names(), key=natural_key)
    store = FileTexts(FolderStore(path.absolute()), encoding)
    return _items(source, store, names, [clean_id(name) for name in names], walk.refused, tell)


def read_zip(path: Path, source: str, encoding: str | None, tell: Listener) -> TextItems:
    """All text files in a zip, in natural order; nothing is extracted.

    Members whose names lead out of the archive, and encrypted ones, are refused; so is an archive
    that would unpack to more than it can honestly hold.
    """
    with damage_told(source, "zip"):
        archive = zipfile.ZipFile(path)
    members: dict[str, str] = {}  # id → name
    refused: list[Skipped] = []
    total = 0
    for member in archive.infolist():
        slashed = member.filename.replace("\\", "/")
        if slashed.endswith("/") or is_hidden(slashed):
            continue
        locked = "it is encrypted" if member.flag_bits & ENCRYPTED else None
        problem = why_unsafe(member.filename) or locked
        id_ = clean_id(slashed.removeprefix("./"))
        if problem:
            refused.append(Skipped(id_, problem))
            continue
        if id_ in members:
            refused.append(Skipped(f"{id_} (the earlier)", "a later member has this name too"))
        total += member.file_size
        members[id_] = member.filename
    if total > most_unpacked(path):
        raise InputError(
            f"{source} would unpack to {total:,} bytes, which is more than texts shrink: it may be "
            "made to fill the memory. Unpack it yourself and give the folder."
        )
    ids = sorted(members, key=natural_key)
    store = FileTexts(ZipStore(archive), encoding)
    return _items(source, store, [members[one] for one in ids], ids, refused, tell)


def _items(
    source: str,
    store: FileTexts,
    names: Sequence[str],
    ids: Sequence[str],
    refused: list[Skipped],
    tell: Listener,
) -> TextItems:
    """The files that are text; each is looked at once, so that encodings are told beforehand."""
    kept: list[int] = []
    encodings: Counter[str] = Counter()
    unsure: dict[str, list[str]] = {}
    for position in counted(range(len(names)), tell, "documents", len(names), "files"):
        try:
            text, encoding, is_sure = store.decoded(names[position])
        except UnreadableError as error:
            refused.append(Skipped(ids[position], str(error)))
            continue
        if not text.strip():
            refused.append(Skipped(ids[position], "it is empty"))
            continue
        kept.append(position)
        encodings[encoding] += 1
        if not is_sure:
            unsure.setdefault(encoding, []).append(ids[position])
    if not kept:
        raise InputError(_why_none(source, refused))
    own = [ids[position] for position in kept]
    return TextItems(
        source,
        store,
        [names[position] for position in kept],
        own,
        labels_of_parents(own),
        tuple(encoding_notes(encodings, unsure)),
        tuple(refused),
    )


def _why_none(source: str, refused: Sequence[Skipped]) -> str:
    if not refused:
        return f"There is no file in {source}: give a folder or a zip of text files."
    first = refused[0]
    return (
        f"There is no text in {source}: of {len(refused):,} files none can be read, the first is "
        f"{first.id!r}: {first.reason}. Give text files, or a column of a table."
    )


def encoding_notes(encodings: Counter[str], unsure: dict[str, list[str]]) -> Iterator[str]:
    """Sentences on encodings: those that were told by the bytes, and those found by looks.

    >>> list(encoding_notes(Counter({"utf-8": 2, "cp1252": 1}), {"cp1252": ["a.txt"]}))
    ['2 documents are UTF-8.', '1 was read as CP1252, by its looks (a.txt): --encoding says ...']
    """
    for encoding, count in encodings.most_common():
        found = unsure.get(encoding, [])
        if count > len(found):
            yield f"{_documents(count - len(found))} {encoding.upper()}."
        if found:
            shown = ", ".join(found[:_MOST_EXAMPLES])
            more = f" and {len(found) - _MOST_EXAMPLES:,} more" if len(found) > 3 else ""
            verb, whose = ("was", "its") if len(found) == 1 else ("were", "their")
            yield (
                f"{len(found):,} {verb} read as {encoding.upper()}, by {whose} looks "
                f"({shown}{more}): --encoding says it for sure."
            )


def _documents(count: int) -> str:
    return "1 document is" if count == 1 else f"{count:,} documents are"


Read = Callable[[Path, str, str | None, Listener], TextItems]
