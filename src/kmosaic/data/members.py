"""The members of an archive: which are read, and which are refused."""

from __future__ import annotations

from dataclasses import dataclass, field

from kmosaic.data.items import Skipped
from kmosaic.data.names import clean_id, is_hidden, natural_key, why_unsafe


@dataclass
class Members:
    """The members of an archive, sorted out as they are met.

    >>> members = Members(most=100, what="a document")
    >>> [members.wants(name, 10) for name in ("cat/1.txt", "../1.txt", ".hidden")]
    [True, False, False]
    >>> members.wants("large.txt", 1000)
    False
    >>> [one.reason for one in members.refused]
    ["its name leads out of the archive ('..')", '1,000 bytes are more than a document can need']
    """

    most: int  # bytes of one member
    what: str  # what a member is, for messages
    name_of: dict[str, str] = field(default_factory=dict)  # id → name
    refused: list[Skipped] = field(default_factory=list)

    def wants(self, name: str, size: int, problem: str | None = None) -> bool:
        """Take note of a member; True if it is to be read later. problem: why it cannot be."""
        slashed = name.replace("\\", "/")
        if is_hidden(slashed) or not self.is_one(slashed):
            return False
        problem = why_unsafe(name) or problem
        if problem is None and size > self.most:
            problem = f"{size:,} bytes are more than {self.what} can need"
        if problem:
            self.refused.append(Skipped(clean_id(name), problem))
            return False
        self._take(clean_id(slashed.removeprefix("./")), name)
        return True

    def is_one(self, slashed: str) -> bool:
        """Whether a member of this name is looked at."""
        return True

    def _take(self, id_: str, name: str) -> None:
        """Of two members that would be one file on disk the later counts, as when unpacked."""
        if id_ in self.name_of:
            # Not the id itself: the later member has that, and may well be readable.
            self.refused.append(Skipped(f"{id_} (the earlier)", "a later member has this name too"))
        self.name_of[id_] = name

    @property
    def ids(self) -> list[str]:
        """Of what is to be read, in natural order."""
        return sorted(self.name_of, key=natural_key)

    @property
    def names(self) -> list[str]:
        """In the archive, one for each id."""
        return [self.name_of[one] for one in self.ids]
