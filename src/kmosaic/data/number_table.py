"""Tables of numbers in CSV and Parquet files."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from kmosaic._errors import InputError
from kmosaic._optional import need
from kmosaic.data.tables import table_reader


@dataclass(frozen=True)
class NumberTable:
    """The columns of a table that hold numbers."""

    rows: npt.NDArray[np.float64]  # (n, d)
    columns: tuple[str, ...]  # (d,)
    left_out: tuple[str, ...]  # columns of words


def is_table(path: Path) -> bool:
    """Tell whether a file is a table, by its name."""
    return path.suffix.lower() in (".csv", ".tsv", ".parquet", ".pq")


def read_numbers(path: Path, columns: Sequence[str] | None = None) -> NumberTable:
    """The columns that hold numbers, or the columns named; others are left out.

    A first line without any number names the columns of a CSV. Raises InputError for a file that
    is no table, a line with another number of cells, an empty or a non-numeric cell among numbers,
    and for a name that the table does not have.
    """
    if not path.is_file():
        raise InputError(f"There is no file {str(path)!r}.")
    parquet = path.suffix.lower() in (".parquet", ".pq")
    names, cells, first_line = _from_parquet(path) if parquet else _from_csv(path)
    return _numbers(str(path), names, cells, first_line, columns)


def _from_parquet(path: Path) -> tuple[list[str], list[Sequence[Any]], int]:
    parquet = need("pyarrow.parquet", extra="parquet")
    try:
        table = parquet.read_table(path)
    except Exception as error:  # what damaged bytes raise has no end
        raise InputError(f"{path} cannot be read as a Parquet table: {error}.") from None
    return list(table.column_names), [column.to_pylist() for column in table.columns], 1


def _from_csv(path: Path) -> tuple[list[str], list[Sequence[Any]], int]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as text:
            reader = table_reader(text)
            lines = [(reader.line_num, line) for line in reader if line]
    except UnicodeDecodeError:
        raise InputError(f"{path} is not UTF-8 text. Save it as CSV in UTF-8.") from None
    except (OSError, csv.Error) as error:
        raise InputError(f"{path} cannot be read as a CSV: {error}.") from None
    if not lines:
        raise InputError(f"{path} is empty.")
    width = len(lines[0][1])
    for number, line in lines:
        if len(line) != width:
            raise InputError(
                f"{path}, line {number}: {len(line)} cells, where the first line has {width}. "
                "Add or remove the others."
            )
    named = not any(_is_number(cell) for cell in lines[0][1])
    names = lines[0][1] if named else [f"column {j}" for j in range(width)]
    body = [line for _, line in lines[named:]]
    if not body:
        raise InputError(f"{path} holds the names of columns and nothing else.")
    return names, list(zip(*body, strict=True)), 2 if named else 1


def _numbers(
    source: str,
    names: list[str],
    cells: list[Sequence[Any]],
    first_line: int,
    wanted: Sequence[str] | None,
) -> NumberTable:
    for name in wanted or ():
        if name not in names:
            known = ", ".join(names)
            raise InputError(f"{source} has no column {name!r}; it has {known}.")
    kept, left_out = [], []
    for name, column in zip(names, cells, strict=True):
        if wanted is not None and name not in wanted:
            continue
        if wanted is None and not any(map(_is_number, column)):
            left_out.append(name)
        else:
            kept.append((name, _column(source, name, column, first_line)))
    if not kept:
        raise InputError(f"{source} has no column of numbers; it has {', '.join(names)}.")
    rows = np.stack([column for _, column in kept], axis=1)
    return NumberTable(rows, tuple(name for name, _ in kept), tuple(left_out))


def _column(
    source: str, name: str, column: Sequence[Any], first_line: int
) -> npt.NDArray[np.float64]:
    try:
        found = np.array(column, dtype=np.float64)
    except (TypeError, ValueError):
        found = np.array([float(c) if _is_number(c) else np.nan for c in column])
    bad = np.flatnonzero(~np.isfinite(found))
    if len(bad):
        cell, line = column[bad[0]], int(bad[0]) + first_line
        what = "is empty" if cell in (None, "") else f"holds {cell!r}, which is no number"
        more = "" if len(bad) == 1 else f" ({len(bad):,} cells of it hold none)"
        raise InputError(
            f"{source}, line {line}: column {name!r} {what}{more}. "
            "Fill it in, or choose other columns with --columns."
        )
    return found


def _is_number(cell: Any) -> bool:
    try:
        return bool(np.isfinite(float(cell)))
    except (TypeError, ValueError):
        return False
