"""What a compressed file may unpack to: what fills the memory or the disk is refused before."""

from __future__ import annotations

from pathlib import Path

# Images and numbers hardly shrink, and a file that is made to fill the disk shrinks 1000 times.
MOST_GROWTH = 100
ALWAYS_ALLOWED = 1 << 30  # bytes


def most_unpacked(path: Path) -> int:
    """Most bytes that this compressed file may hold.

    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp()) / "small.gz"
    >>> file.write_bytes(b"1234")
    4
    >>> most_unpacked(file) == ALWAYS_ALLOWED
    True
    """
    return max(ALWAYS_ALLOWED, MOST_GROWTH * path.stat().st_size)
