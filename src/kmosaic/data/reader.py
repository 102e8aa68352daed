"""What every reader of a source is: a test whether a path is its kind, and the reading itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from kmosaic._events import Listener, silent
from kmosaic.data.decode import MAX_PIXELS
from kmosaic.data.items import Items


@dataclass(frozen=True)
class Reading:
    """What a reader is asked to read."""

    path: Path
    source: str  # the path as the user gave it (~ written out), for messages
    max_pixels: int = MAX_PIXELS
    on_progress: Listener = silent


@dataclass(frozen=True)
class Reader:
    """One kind of source."""

    matches: Callable[[Path], bool]
    read: Callable[[Reading], Items]
