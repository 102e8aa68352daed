"""Plain arrays, lists and data frames as items."""

from __future__ import annotations

from collections.abc import Sequence
from math import isqrt
from typing import Any

import numpy as np
import numpy.typing as npt
import PIL.Image

from kmosaic._errors import InputError
from kmosaic.data.arrays import ArrayItems
from kmosaic.data.items import Items
from kmosaic.data.known_labels import as_labels
from kmosaic.data.pixels import flat
from kmosaic.data.ranges import Rows, factor_of, is_pixels
from kmosaic.data.vectors import vectors_of

_SMALLEST_SIDE = 4  # of a picture that is given as a row of numbers
_CURE = "Give (n, h, w), (n, h, w, 3), rows of numbers (n, d), or a list of single pictures."


def as_items(X: Any, labels: Any = None, *, source: str | None = None) -> Items:
    """Pictures or vectors that are in memory already, as items with the ids "0", "1", ….

    X: an array (n, h, w) or (n, h, w, 1 to 4 channels), rows of numbers (n, d) (also a data
    frame), a list of arrays or of Pillow pictures of any sizes, or Items, which come back as they
    are. One rule for all pictures: numbers 0..1 are times 255, 0..255 stay, 0..65,535 are divided
    by 257. Rows (n, d) are square pictures if d is a square (16 or more) and all numbers are whole
    from 0 to 255, or from 0 to 1; else they are vectors. labels: n known labels. The array is not
    copied. Raises InputError for anything else, and for NaN or infinity.

    >>> as_items(np.zeros((3, 28, 28), np.uint8), labels=[7, 7, 1]).labels.tolist()
    ['7', '7', '1']
    >>> as_items(np.zeros((3, 784))).read([0])[0].shape
    (28, 28)
    >>> as_items([[0.25, -1.5], [0.5, 2.0]]).kind
    'vectors'
    """
    if isinstance(X, Items):
        return X if labels is None else X.with_labels(as_labels(labels, len(X)))
    if isinstance(X, list | tuple) and X and np.ndim(_first(X)) > 1:
        rows: Rows = [_picture(one, number) for number, one in enumerate(X)]
        return _pictures(rows, labels, source or f"a list of {len(X):,} pictures")
    table = _table(X)
    return items_of(table, labels, source or f"an array of shape {table.shape}")


def items_of(table: npt.NDArray[Any], labels: Any, source: str) -> Items:
    """An array as pictures or vectors, whichever its shape says."""
    if table.dtype.kind not in "biuf":
        raise InputError(f"{source} holds {table.dtype}, not numbers. {_CURE}")
    if 0 in table.shape:
        raise InputError(f"{source} holds nothing (shape {table.shape}).")
    if table.ndim == 2:
        return _flat_rows(table, labels, source)
    if table.ndim not in (3, 4) or (table.ndim == 4 and table.shape[3] > 4):
        first = table.ndim == 4 and table.shape[1] <= 4
        cure = "Move the channels last: np.moveaxis(X, 1, -1)." if first else _CURE
        raise InputError(f"{source} has the shape {table.shape}. {cure}")
    if table.ndim == 3 and table.shape[2] in (3, 4) and table.shape[1] > 4:
        raise InputError(
            f"{source} has the shape {table.shape} of one color picture. Wrap it in a list: [X]."
        )
    return _pictures(table, labels, source)


def _flat_rows(table: npt.NDArray[Any], labels: Any, source: str) -> Items:
    n, d = table.shape
    side = isqrt(d)
    if side * side != d or side < _SMALLEST_SIDE or not is_pixels(table):
        return vectors_of(table, source, labels)
    note = f"Rows of {d} numbers were read as pictures of {side} x {side}."
    return _pictures(table.reshape(n, side, side), labels, source, (note,))


def _pictures(rows: Rows, labels: Any, source: str, notes: tuple[str, ...] = ()) -> ArrayItems:
    n = len(rows)
    return ArrayItems(
        source,
        rows,
        factor_of(rows, source),
        np.arange(n),
        [str(row) for row in range(n)],
        None if labels is None else as_labels(labels, n),
        notes,
    )


def _first(X: Sequence[Any]) -> Any:
    return np.zeros((1, 1)) if isinstance(X[0], PIL.Image.Image) else X[0]


def _table(X: Any) -> npt.NDArray[Any]:
    try:
        return np.asarray(X)
    except (ValueError, TypeError) as error:
        raise InputError(f"Cannot read this as an array ({error}). {_CURE}") from None


def _picture(one: Any, number: int) -> npt.NDArray[Any]:
    pixels = np.asarray(flat(one)) if isinstance(one, PIL.Image.Image) else _table(one)
    good_shape = pixels.ndim == 2 or (pixels.ndim == 3 and 1 <= pixels.shape[2] <= 4)
    if not good_shape or 0 in pixels.shape or pixels.dtype.kind not in "biuf":
        raise InputError(
            f"Picture {number} of the list has the shape {pixels.shape} and the type "
            f"{pixels.dtype}. Give (h, w), or (h, w, 1 to 4 channels), of numbers."
        )
    return pixels
