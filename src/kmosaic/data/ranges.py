"""Which range the numbers of an array have, and so how they are read as pictures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from kmosaic._errors import InputError
from kmosaic.data.pixels import factor_for

_LOOKED_AT_TOGETHER = 32 << 20  # bytes, so that a memory-mapped file is not read all at once

Rows = npt.NDArray[Any] | Sequence[npt.NDArray[Any]]


def blocks(rows: Rows) -> Iterator[tuple[int, npt.NDArray[Any]]]:
    """The rows a bounded part at a time, with the number of each part's first row.

    >>> [(first, part.tolist()) for first, part in blocks([np.zeros(1), np.ones(2)])]
    [(0, [[0.0]]), (1, [[1.0, 1.0]])]
    """
    if isinstance(rows, np.ndarray):
        step = max(1, _LOOKED_AT_TOGETHER // max(1, rows[0].nbytes))
        yield from ((first, rows[first : first + step]) for first in range(0, len(rows), step))
    else:
        yield from ((first, row[np.newaxis]) for first, row in enumerate(rows))


def check_finite(rows: Rows, name: str) -> None:
    """Raise InputError naming the first number that is NaN or infinite.

    >>> check_finite(np.array([[1.0, np.nan]]), "X")
    Traceback (most recent call last):
    kmosaic._errors.InputError: X holds nan in row 0, column 1. Remove that row or fill it in.
    """
    for first, block in blocks(rows):
        if block.dtype.kind != "f" or np.isfinite(block).all():
            continue
        at = np.argwhere(~np.isfinite(block))[0]
        where = ", ".join(
            f"{axis} {place}"
            for axis, place in zip(("row", "column", "third axis", "channel"), at, strict=False)
            if axis != "row"
        )
        raise InputError(
            f"{name} holds {block[tuple(at)]} in row {first + at[0]}, {where}. "
            "Remove that row or fill it in."
        )


def factor_of(rows: Rows, name: str) -> float:
    """What the numbers of pictures are multiplied by to become 0..255; one rule for all of them.

    0..1 is times 255, 0..255 stays, 0..65,535 is divided by 257; anything else is an InputError.

    >>> factor_of(np.array([[[0.0, 0.5]]]), "X"), factor_of(np.array([[[0, 128]]]), "X")
    (255.0, 1.0)
    """
    check_finite(rows, name)
    low, high = _range(rows)
    factor = factor_for(low, high)
    if factor is None:
        raise InputError(
            f"{name} has numbers from {low:g} to {high:g}, which are no pixels: give 0..1, 0..255 "
            "or 0..65535 (or, if they are vectors and not pictures, use open_vectors)."
        )
    return factor


def is_pixels(rows: npt.NDArray[Any]) -> bool:
    """Tell whether rows of numbers can be pixels: whole numbers 0..255, or fractions 0..1.

    >>> is_pixels(np.array([[0, 255.0]])), is_pixels(np.array([[0.5, 3.25]]))
    (True, False)
    """
    low, high = _range(rows)
    if not (low >= 0 and high <= 255):
        return False
    return high <= 1 or rows.dtype.kind in "biu" or _all_whole(rows)


def _all_whole(rows: npt.NDArray[Any]) -> bool:
    return all((part == np.rint(part)).all() for _, part in blocks(rows))


def _range(rows: Rows) -> tuple[float, float]:
    low, high = np.inf, -np.inf
    for _, part in blocks(rows):
        low, high = min(low, float(part.min())), max(high, float(part.max()))
        if part.dtype == np.uint8 and high > 1 and isinstance(rows, np.ndarray):
            break  # 8 bits and not black and white: the rest cannot change the rule
    return low, high
