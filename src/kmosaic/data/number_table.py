"""Tables of numbers in CSV and Parquet files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from kmosaic._errors import InputError
from kmosaic._optional import need
from kmosaic.data.mixed.csv_file import csv_lines, csv_names, even_rows

_MOST_LINES = 5  # told, of those that hold no number


@dataclass(frozen=True)
class NumberTable:
    """The columns of a table that hold numbers."""

    rows: npt.NDArray[np.float64]  # (n, d)
    columns: tuple[str, ...]  # (d,)
    left_out: tuple[str, ...]  # columns of words


@dataclass(frozen=True)
class Cells:
    """A table as it stands in its file."""

    source: str
    names: list[str]
    columns: list[Sequence[Any]]
    lines: Sequence[int]  # (n,) where each row stands
    counted: str = "line"  # what lines are numbers of

    def texts(self, name: str) -> tuple[str, ...]:
        """The cells of a column as texts, (n,). Raises InputError for an unknown name."""
        self.check_name(name)
        column = self.columns[self.names.index(name)]
        return tuple("" if cell is None else str(cell) for cell in column)

    def check_name(self, name: str) -> None:
        """Raise InputError for a name that the table does not have."""
        if name not in self.names:
            known = ", ".join(self.names)
            raise InputError(f"{self.source} has no column {name!r}; it has {known}.")


def is_table(path: Path) -> bool:
    """Tell whether a file is a table, by its name."""
    return path.suffix.lower() in (".csv", ".tsv", ".parquet", ".pq")


def read_numbers(path: Path, columns: Sequence[str] | None = None) -> NumberTable:
    """The columns that hold numbers, or the columns named; others are left out.

    A first line without any number names the columns of a CSV. Raises InputError for a file that
    is no table, a line with another number of cells, an empty or a non-numeric cell among numbers,
    and for a name that the table does not have.
    """
    return numbers_of(read_cells(path), columns)


def read_cells(path: Path) -> Cells:
    """All cells of a CSV or Parquet file. Raises InputError for a file that is no table."""
    if not path.is_file():
        raise InputError(f"There is no file {str(path)!r}.")
    parquet = path.suffix.lower() in (".parquet", ".pq")
    return _from_parquet(path) if parquet else _from_csv(path)


def _from_parquet(path: Path) -> Cells:
    parquet = need("pyarrow.parquet", extra="parquet")
    try:
        table = parquet.read_table(path)
    except Exception as error:  # what damaged bytes raise has no end
        raise InputError(f"{path} cannot be read as a Parquet table: {error}.") from None
    columns: list[Sequence[Any]] = [column.to_pylist() for column in table.columns]
    rows = range(1, table.num_rows + 1)
    return Cells(str(path), list(table.column_names), columns, rows, "row")


def _from_csv(path: Path) -> Cells:
    with csv_lines(path) as (lines, delimiter):
        header = next(lines, None)
        if header is None:
            raise InputError(f"{path} is empty.")
        names, is_named = csv_names(path, header[1])
        rows = list(even_rows(path, lines if is_named else chain([header], lines), len(names)))
    if not rows:
        raise InputError(f"{path} holds the names of columns and nothing else.")
    numbers, cells = zip(*rows, strict=True)
    columns = [
        _pointed(column) if delimiter == ";" else column for column in zip(*cells, strict=True)
    ]
    return Cells(str(path), names, columns, numbers)


def _pointed(column: Sequence[str]) -> Sequence[str]:
    """A column of a file that writes 1,5 for one and a half, with points if it is of numbers."""
    pointed = [cell.replace(",", ".") for cell in column]
    return pointed if any(map(_is_number, pointed)) else column


def numbers_of(cells: Cells, wanted: Sequence[str] | None = None) -> NumberTable:
    """The columns of a table that hold numbers, or those that are wanted, as `read_numbers`."""
    for name in wanted or ():
        cells.check_name(name)
    kept, left_out = [], []
    for name, column in zip(cells.names, cells.columns, strict=True):
        if wanted is not None and name not in wanted:
            continue
        if wanted is None and not any(map(_is_number, column)):
            left_out.append(name)
        else:
            kept.append((name, _column(cells, name, column)))
    if not kept:
        known = ", ".join(cells.names)
        raise InputError(f"{cells.source} has no column of numbers; it has {known}.")
    rows = np.stack([column for _, column in kept], axis=1)
    return NumberTable(rows, tuple(name for name, _ in kept), tuple(left_out))


def _column(cells: Cells, name: str, column: Sequence[Any]) -> npt.NDArray[np.float64]:
    try:
        found = np.array(column, dtype=np.float64)
    except (TypeError, ValueError):
        found = np.array([float(c) if _is_number(c) else np.nan for c in column])
    bad = np.flatnonzero(~np.isfinite(found)).tolist()
    if bad:
        cell, lines = column[bad[0]], [cells.lines[row] for row in bad]
        what = "is empty" if cell in (None, "") else f"holds {cell!r}, which is no number"
        raise InputError(
            f"{cells.source}, {cells.counted} {lines[0]}: column {name!r} {what}"
            f"{_also(lines[1:], cells.counted)}. Fill in numbers, leave such rows out, or choose "
            "other columns with --columns."
        )
    return found


def _also(lines: Sequence[int], counted: str) -> str:
    """Where else there is no number.

    >>> _also([7, 9], "line"), _also([7], "row"), _also([], "row")
    (' (no number in lines 7, 9 either)', ' (no number in row 7 either)', '')
    """
    if not lines:
        return ""
    rest = f" and {len(lines) - _MOST_LINES:,} more" if len(lines) > _MOST_LINES else ""
    told = f"{counted}{'s' * (len(lines) > 1)} {', '.join(map(str, lines[:_MOST_LINES]))}{rest}"
    return f" (no number in {told} either)"


def _is_number(cell: Any) -> bool:
    try:
        return bool(np.isfinite(float(cell)))
    except (TypeError, ValueError):
        return False
