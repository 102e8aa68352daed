"""What long work tells whoever listens; nothing below the command line prints."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Progress:
    """How far one stage of the work has come.

    >>> Progress("features", done=3, total=10, unit="images").fraction
    0.3
    """

    stage: str  # "images", "features", "embedding", "k-means", "sorting", "report"
    done: int
    total: int | None  # None: not known beforehand
    unit: str = "items"
    note: str = ""  # a short remark, for example "inertia 39.2"

    @property
    def fraction(self) -> float | None:
        """The share that is done, or None where the total is not known."""
        return None if not self.total else self.done / self.total


Listener = Callable[[Progress], None]


def silent(_: Progress) -> None:
    """Listen to nothing (the default everywhere)."""


def counted(
    things: Iterable[T], tell: Listener, stage: str, total: int | None, unit: str = "items"
) -> Iterator[T]:
    """Pass things through and tell how many have come.

    >>> seen = []
    >>> list(counted("ab", seen.append, "letters", total=2))
    ['a', 'b']
    >>> [event.done for event in seen]
    [0, 1, 2]
    """
    tell(Progress(stage, 0, total, unit))
    for number, thing in enumerate(things, start=1):
        yield thing
        tell(Progress(stage, number, total, unit))
