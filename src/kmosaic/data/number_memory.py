"""Tables that are in memory: data frames and arrays."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from kmosaic._errors import InputError
from kmosaic.data.number_table import Cells


def cells_of(table: Any) -> Cells:
    """The cells of a data frame, or of an array of real numbers, (n, d), as they stand there.

    >>> cells_of([[1.0, 2.0]]).names
    ['column 0', 'column 1']
    """
    if hasattr(table, "columns"):  # of pandas or polars, neither of which is needed otherwise
        return _of_frame(table)
    try:
        rows = np.asarray(table)
    except ValueError:  # rows of unlike lengths
        rows = np.empty(0)
    return cells_of_array(rows, "the array", "a data frame or an array")


def cells_of_array(rows: npt.NDArray[Any], source: str, instead: str) -> Cells:
    """The cells of an array, which must hold real numbers in two axes.

    instead: what to give in place of another one.
    """
    if rows.ndim != 2 or rows.dtype.kind not in "biuf" or not rows.size:
        raise InputError(
            f"{source} has shape {rows.shape} and type {rows.dtype}: give {instead}, of real "
            "numbers with two axes, rows and columns."
        )
    numbers = np.array(rows, dtype=np.float64)
    if not np.isfinite(numbers).all():
        row, column = np.argwhere(~np.isfinite(numbers))[0]
        raise InputError(
            f"{source} holds NaN or infinity, first at row {row}, column {column}: fill it in, or "
            "leave the row out."
        )
    names = [f"column {j}" for j in range(numbers.shape[1])]
    return Cells(source, names, list(numbers.T), range(len(numbers)), "row")


def index_of(table: Any) -> tuple[str, ...] | None:
    """What the index of a data frame calls the rows, (n,); None where it only counts them."""
    index = getattr(table, "index", None)
    if not hasattr(table, "columns") or index is None or type(index).__name__ == "RangeIndex":
        return None
    return tuple(map(str, index))


def _of_frame(frame: Any) -> Cells:
    n, d = frame.shape
    if not n or not d:
        raise InputError(f"The frame is empty, {n} × {d}.")
    columns = [(frame.iloc if hasattr(frame, "iloc") else frame)[:, j].to_list() for j in range(d)]
    return Cells("the frame", [str(name) for name in frame.columns], columns, range(n), "row")
