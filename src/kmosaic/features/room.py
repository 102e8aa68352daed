"""Whether rows of features fit into this machine's memory."""

from __future__ import annotations

import os

from kmosaic._errors import InputError


def check_fits(n: int, d: int, bytes_each: int = 4) -> None:
    """Raise InputError if n rows of d columns are more than the memory of this machine.

    bytes_each: of a number; 4 for float32, 8 for float64.

    The system would hand the memory out all the same, and end the program later without a word.

    >>> check_fits(7, 20_000_000_000)
    Traceback (most recent call last):
    kmosaic._errors.InputError: Features of 7 items with 20,000,000,000 columns each take 560.0...
    """
    needed, there = bytes_each * n * d, memory()
    if there is None or needed <= there:
        return
    raise InputError(
        f"Features of {n:,} items with {d:,} columns each take {needed / 1e9:,.1f} GB, and this "
        f"machine has {there / 1e9:,.1f} GB of memory. Add components=48 for principal components "
        "(as in 'hog?components=48'), or pool=mean to an ONNX output that is a feature map."
    )


def memory() -> int | None:
    """Bytes of memory that this machine has, or None where the system does not tell."""
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):  # Windows has no sysconf
        return None
