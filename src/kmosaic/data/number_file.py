"""Rows of numbers from a file, a frame or an array, and what its rows are called."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from kmosaic._errors import InputError
from kmosaic.data.number_memory import cells_of, cells_of_array, index_of
from kmosaic.data.number_table import Cells, NumberTable, is_table, numbers_of, read_cells
from kmosaic.data.numpy_files import is_npy, is_npz, load_arrays


@dataclass(frozen=True)
class NumberFile(NumberTable):
    """The columns of numbers of a file, with what its rows are called."""

    ids: tuple[str, ...] | None = None  # (n,) of the rows, where a column or an index names them


def read_number_file(
    source: Any,
    columns: Sequence[str] | None = None,
    *,
    id_column: str | None = None,
    schema: Sequence[str] | None = None,
) -> NumberFile:
    """The numbers of a CSV, TSV, Parquet, .npy or .npz file, of a data frame or of an array.

    source: a Path, or the table itself. columns: those to look at; None for all that hold numbers.
    The columns of an array are called "column 0", "column 1" and so on. id_column: of a table, the
    column that names the rows and is not looked at; else the index of a frame does, where it does
    not merely count. schema: the columns that a model was made from, which the table must have;
    others are left out. Raises InputError for all that cannot be read or is no number.
    """
    if not isinstance(source, Path):
        cells, index = cells_of(source), index_of(source)
    else:
        cells, index = _of_file(source), None
    return _chosen(cells, columns, id_column, schema, index)


def _of_file(path: Path) -> Cells:
    if path.is_dir():
        raise InputError(f"{path} is a folder: give a CSV, Parquet, .npy or .npz file.")
    if is_npy(path) or is_npz(path):
        return cells_of_array(load_arrays(path, str(path)).rows, str(path), "an array")
    if is_table(path):
        return read_cells(path)
    raise InputError(f"{path} is no table: give a CSV, TSV, Parquet, .npy or .npz file.")


def _chosen(
    cells: Cells,
    columns: Sequence[str] | None,
    id_column: str | None,
    schema: Sequence[str] | None,
    index: tuple[str, ...] | None,
) -> NumberFile:
    twice = [name for name, times in Counter(cells.names).items() if times > 1]
    if twice:
        raise InputError(f"{cells.source} has more than one column named {twice[0]!r}: rename one.")
    ids = index if id_column is None else cells.texts(id_column)
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
        cells.lines,
        cells.counted,
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
