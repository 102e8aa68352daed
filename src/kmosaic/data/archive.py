"""What zip and tar readers share: which members are images, and which are refused."""

from __future__ import annotations

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
    name_of: dict[str, str] = field(
        default_factory=dict
    )  # id → name; of two alike the later counts
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
        self.name_of[clean_id(slashed.removeprefix("./"))] = name
        return True

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
