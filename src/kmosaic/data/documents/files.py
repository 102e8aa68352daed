"""Documents that are files, in a folder or in an archive."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from kmosaic._arguments import argument
from kmosaic._errors import InputError
from kmosaic._events import Listener, counted
from kmosaic.data.decode import UnreadableError
from kmosaic.data.documents.encoding import Decoded, NotTextError, check_encoding, decode
from kmosaic.data.documents.html_text import charset_of, is_html, text_of
from kmosaic.data.documents.items import TextItems
from kmosaic.data.files import Before, Store
from kmosaic.data.folder import FolderStore, Walk
from kmosaic.data.items import Skipped
from kmosaic.data.known_labels import labels_of_parents
from kmosaic.data.names import clean_id, natural_key

MOST_BYTES = 64 << 20  # of one document: what is larger is something else
_MOST_EXAMPLES = 3
_START = 2048  # bytes that tell whether a file is HTML


@dataclass(frozen=True)
class FileTexts:
    """Text files of a folder or an archive, decoded when they are read."""

    store: Store
    encoding: str | None

    def text(self, name: str) -> str:
        """One document; UnreadableError if it cannot be had or is no text."""
        found = self.decoded(name)
        return text_of(found.text) if is_html(name, found.text) else found.text

    def decoded(self, name: str) -> Decoded:
        """One file as it is, its encoding, and whether that is sure."""
        data = self.data(name)
        told = None if self.encoding else _told_by_html(name, data)
        if told:
            with suppress(NotTextError):  # HTML may be wrong about itself
                return decode(data, told)
        try:
            return decode(data, self.encoding)
        except NotTextError as error:
            raise UnreadableError(str(error)) from None

    def data(self, name: str) -> bytes:
        """The bytes of one file; UnreadableError if they cannot be had or are too many."""
        before: Before = _check_size
        return self.store.read(name, before)

    def path(self, name: str) -> Path | None:
        """The file on disk, or None in an archive."""
        return self.store.path(name)


def _told_by_html(name: str, data: bytes) -> str | None:
    """The encoding that HTML names, if it is one."""
    told = charset_of(data) if is_html(name, data[:_START].decode("latin-1")) else None
    try:
        check_encoding(told)
    except InputError:
        return None
    return told


def _check_size(_: bytes, size: int) -> None:
    if size > MOST_BYTES:
        raise UnreadableError(f"{size:,} bytes are more than a document can need")


def read_folder(path: Path, source: str, encoding: str | None, tell: Listener) -> TextItems:
    """All text files in a folder and its sub-folders, in natural order; hidden ones are left."""
    walk = Walk(path)
    names = sorted(walk.names(), key=natural_key)
    store = FileTexts(FolderStore(path.absolute()), encoding)
    return text_items(source, store, names, [clean_id(name) for name in names], walk.refused, tell)


def text_items(
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
    of_html = 0
    for position in counted(range(len(names)), tell, "documents", len(names), "files"):
        try:
            found = store.decoded(names[position])
        except UnreadableError as error:
            refused.append(Skipped(ids[position], str(error)))
            continue
        html = is_html(names[position], found.text)
        if not (text_of(found.text) if html else found.text).strip():
            refused.append(Skipped(ids[position], "it is empty"))
            continue
        kept.append(position)
        encodings[found.encoding] += 1
        of_html += html
        if not found.is_sure:
            unsure.setdefault(found.encoding, []).append(ids[position])
    if not kept:
        raise InputError(_why_none(source, refused))
    own = [ids[position] for position in kept]
    return TextItems(
        source,
        store,
        [names[position] for position in kept],
        own,
        labels_of_parents(own),
        (*encoding_notes(encodings, unsure), *_html_note(of_html)),
        tuple(refused),
    )


def _why_none(source: str, refused: Sequence[Skipped]) -> str:
    if not refused:
        return f"There is no file in {source}: give a folder, zip or tar of text files."
    first = refused[0]
    return (
        f"There is no text in {source}: of {len(refused):,} file{'' if len(refused) == 1 else 's'} "
        f"none can be read, the first is {first.id!r}: {first.reason}. Give text files, or a "
        "column of a table."
    )


def encoding_notes(encodings: Counter[str], unsure: dict[str, list[str]]) -> Iterator[str]:
    """Sentences on encodings: those that were told by the bytes, and those found by looks.

    >>> list(encoding_notes(Counter({"utf-8": 2, "cp1252": 1}), {"cp1252": ["a.txt"]}))
    ['2 documents are UTF-8.', '1 was read as CP1252, by its looks (a.txt): encoding says ...']
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
                f"({shown}{more}): {argument('encoding')} says it for sure."
            )


def _html_note(count: int) -> Iterator[str]:
    if count:
        yield f"{_documents(count)} HTML: read without {'its' if count == 1 else 'their'} tags."


def _documents(count: int) -> str:
    return "1 document is" if count == 1 else f"{count:,} documents are"
