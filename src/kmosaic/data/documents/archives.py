"""Documents that are files in a zip or a tar."""

from __future__ import annotations

import zipfile
from pathlib import Path

from kmosaic._errors import InputError
from kmosaic._events import Listener
from kmosaic.data.archive import damage_told
from kmosaic.data.documents.files import MOST_BYTES, FileTexts, text_items
from kmosaic.data.documents.items import TextItems
from kmosaic.data.growth import most_unpacked
from kmosaic.data.members import Members
from kmosaic.data.tars import tar_store
from kmosaic.data.zips import ENCRYPTED, ZipStore


def read_zip(path: Path, source: str, encoding: str | None, tell: Listener) -> TextItems:
    """All text files in a zip, in natural order; nothing is extracted.

    Members whose names lead out of the archive, and encrypted ones, are refused; so is an archive
    that would unpack to more than it can honestly hold.
    """
    with damage_told(source, "zip"):
        archive = zipfile.ZipFile(path)
    members = Members(MOST_BYTES, "a document")
    total = 0
    for member in archive.infolist():
        if not member.filename.replace("\\", "/").endswith("/"):
            locked = "it is encrypted" if member.flag_bits & ENCRYPTED else None
            if members.wants(member.filename, member.file_size, locked):
                total += member.file_size
    if total > most_unpacked(path):
        raise InputError(
            f"{source} would unpack to {total:,} bytes, which is more than texts shrink: it may be "
            "made to fill the memory. Unpack it yourself and give the folder."
        )
    texts = FileTexts(ZipStore(archive), encoding)
    return text_items(source, texts, members.names, members.ids, members.refused, tell)


def read_tar(path: Path, source: str, encoding: str | None, tell: Listener) -> TextItems:
    """All text files in a tar, compressed or not, in natural order; no member becomes a file.

    Members whose names lead out of the archive, and links, are refused.
    """
    members = Members(MOST_BYTES, "a document")
    texts = FileTexts(tar_store(path, source, members.wants, "documents", tell), encoding)
    return text_items(source, texts, members.names, members.ids, members.refused, tell)
