"""Rows of numbers from a file, a table or an array, and what its rows are called."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from kmosaic._errors import InputError
from kmosaic.data.number_table import Cells, NumberTable, is_table, numbers_of, read_cells
from kmosaic.data.numpy_files import is_npy, is_npz, load_arrays


@dataclass(frozen=True)
class NumberFile(NumberTable):
    """The columns of numbers of a file, with what its rows are called."""

    ids: tuple[str, ...] | None = None  # (n,) the column that names the rows, where one was given


def read_number_file(
    path: Path,
    columns: Sequence[str] | None = None,
    *,
    id_column: str | None = None,
    schema: Sequence[str] | None = None,
) -> NumberFile:
    """The numbers of a CSV, TSV, Parquet, .npy or .npz file.

    columns: those to look at; None for all that hold numbers. The columns of an array are called
    "column 0", "column 1" and so on. id_column: of a table, the column that names the rows and is
    not looked at. schema: the columns that a model was made from, which the file must have; others
    are left out. Raises InputError for all that cannot be read or is no number.
    """
    if path.is_dir():
        raise InputError(f"{path} is a folder: give a CSV, Parquet, .npy or .npz file.")
    if is_npy(path) or is_npz(path):
        cells = _of_array(path)
    elif is_table(path):
        cells = read_cells(path)
    else:
        raise InputError(f"{path} is no table: give a CSV, TSV, Parquet, .npy or .npz file.")
    return _chosen(cells, columns, id_column, schema)


def _of_array(path: Path) -> Cells:
    rows = load_arrays(path, str(path)).rows
    if rows.ndim != 2 or rows.dtype.kind not in "biuf" or not rows.size:
        raise InputError(
            f"{path} holds an array of shape {rows.shape} and type {rows.dtype}: give one of real "
            "numbers with two axes, rows and columns."
        )
    numbers = np.array(rows, dtype=np.float64)
    if not np.isfinite(numbers).all():
        row, column = np.argwhere(~np.isfinite(numbers))[0]
        raise InputError(
            f"{path} holds NaN or infinity, first at row {row}, column {column}: fill it in, or "
            "leave the row out."
        )
    names = [f"column {j}" for j in range(numbers.shape[1])]
    return Cells(str(path), names, list(numbers.T), 1)


def _chosen(
    cells: Cells,
    columns: Sequence[str] | None,
    id_column: str | None,
    schema: Sequence[str] | None,
) -> NumberFile:
    twice = [name for name, times in Counter(cells.names).items() if times > 1]
    if twice:
        raise InputError(f"{cells.source} has more than one column named {twice[0]!r}: rename one.")
    ids = None if id_column is None else cells.texts(id_column)
    if columns is not None and id_column in columns:
        raise InputError(f"{id_column!r} names the rows, so it is no column to look at.")
    if schema is not None:
        _check_schema(cells, schema)
        rows = _ordered(numbers_of(cells, schema), schema)
        left_out = [name for name in cells.names if name not in (*schema, id_column)]
        return NumberFile(rows, tuple(schema), tuple(left_out), ids)
    table = numbers_of(_without(cells, id_column), columns)
    return NumberFile(table.rows, table.columns, table.left_out, ids)


def _without(cells: Cells, name: str | None) -> Cells:
    kept = [j for j, other in enumerate(cells.names) if other != name]
    return Cells(
        cells.source,
        [cells.names[j] for j in kept],
        [cells.columns[j] for j in kept],
        cells.first_line,
    )


def _check_schema(cells: Cells, schema: Sequence[str]) -> None:
    """Raise InputError that tells which columns differ from those of the model."""
    missing = [name for name in schema if name not in cells.names]
    if missing:
        others = [name for name in cells.names if name not in schema]
        also = f", and has {_listed(others)} that the model does not know" if others else ""
        raise InputError(
            f"{cells.source} is no table for this model: it lacks {_listed(missing)}{also}. "
            "Rename or add columns so that they are those that the model was made from."
        )


def _listed(names: Sequence[str], most: int = 10) -> str:
    rest = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(map(repr, names[:most])) + rest


def _ordered(table: NumberTable, schema: Sequence[str]) -> npt.NDArray[np.float64]:
    return np.ascontiguousarray(table.rows[:, [table.columns.index(name) for name in schema]])
