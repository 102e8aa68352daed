"""Arrays as tables, in memory and in .npy and .npz files: their columns are "column 0" and on."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from kmosaic._errors import InputError
from kmosaic._paths import expanded
from kmosaic.data.mixed.queried import column_of
from kmosaic.data.mixed.table import MixedTable, table_of
from kmosaic.data.numpy_files import is_npy, is_npz, load_arrays


def is_array(source: Any) -> bool:
    """Tell whether a source is an array, in a file (by its name) or in memory."""
    if isinstance(source, str | os.PathLike):
        return is_npy(Path(source)) or is_npz(Path(source))
    return not isinstance(source, Mapping) and not hasattr(source, "columns")


def array_of(source: Any) -> tuple[str, npt.NDArray[Any]]:
    """What to call an array, and its rows, (n, d); memory mapped where it is a .npy file.

    Raises InputError for a file that cannot be read, and what is not real numbers in two axes.
    """
    if isinstance(source, str | os.PathLike):
        name = str(source)
        rows = load_arrays(Path(expanded(source)), name).rows
    else:
        name = "the array"
        try:
            rows = np.asarray(source)
        except ValueError:  # rows of unlike lengths
            rows = np.empty(0)
    if rows.ndim != 2 or rows.dtype.kind not in "biuf" or not rows.size:
        raise InputError(
            f"{name} is no table, with the shape {rows.shape} and the type {rows.dtype}: give real "
            "numbers with two axes, rows and columns, or a table."
        )
    return name, rows


def names_of(rows: npt.NDArray[Any]) -> list[str]:
    """What the columns of an array are called.

    >>> names_of(np.zeros((3, 2)))
    ['column 0', 'column 1']
    """
    return [f"column {j}" for j in range(rows.shape[1])]


def read_array(source: Any, as_words: Collection[str]) -> MixedTable:
    """An array as a table of numbers and words."""
    name, rows = array_of(source)
    columns = {
        column: column_of(rows[:, j], column in as_words) for j, column in enumerate(names_of(rows))
    }
    return table_of(name, columns)
