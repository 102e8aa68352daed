"""Parquet files and Excel workbooks."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

from kmosaic._errors import InputError
from kmosaic._events import Listener
from kmosaic._optional import need
from kmosaic.data.mixed.builder import EXACT, ColumnBuilder
from kmosaic.data.mixed.csv_file import check_different
from kmosaic.data.mixed.formulas import without_results
from kmosaic.data.mixed.queried import table_of_rows
from kmosaic.data.mixed.table import Column, MixedTable, Numbers, table_of

_TOGETHER = 100_000  # rows


def read_parquet(path: Path, as_words: Collection[str], tell: Listener) -> MixedTable:
    """The table in a Parquet file (extra `parquet`), a column at a time."""
    parquet = need("pyarrow.parquet", extra="parquet")
    try:
        with parquet.ParquetFile(path) as file:
            names = list(file.schema_arrow.names)
            check_different(str(path), names)
            columns = {
                name: _of_arrow(file.read([name]).column(0), name in as_words) for name in names
            }
            n = file.metadata.num_rows
    except InputError:
        raise
    except Exception as error:  # what damaged bytes raise has no end
        raise InputError(f"{path} cannot be read as a Parquet table: {error}.") from None
    if not columns or not n:
        raise InputError(f"{path} has no rows.")
    return table_of(str(path), columns)


def _of_arrow(column: Any, as_words: bool) -> Column:
    arrow = need("pyarrow", extra="parquet")
    kind = column.type
    if not as_words and (arrow.types.is_integer(kind) or arrow.types.is_floating(kind)):
        values = column.cast(arrow.float64(), safe=False).to_numpy()
        if np.nanmax(np.abs(values), initial=0.0) < EXACT:
            return Numbers(values)
    builder = ColumnBuilder(as_words=as_words or arrow.types.is_boolean(kind))
    for begin in range(0, len(column), _TOGETHER):
        part = column.slice(begin, _TOGETHER).to_pylist()
        builder.add(part, range(begin, begin + len(part)))
    return builder.done()


def read_excel(
    path: Path, sheet: str | None, as_words: Collection[str], tell: Listener
) -> MixedTable:
    """The table in a sheet of an Excel workbook (extra `excel`); the first sheet by default.

    Formulas count by the results that were saved with them; a column with one that has none is an
    InputError where it is looked at.
    """
    with closing(_workbook(path)) as book:
        name = book.sheetnames[0] if sheet is None else sheet
        if name not in book.sheetnames:
            raise InputError(f"{path} has no sheet {name!r}; it has {', '.join(book.sheetnames)}.")
        empty: list[int] = []
        rows = _filled(_rows(book, name), empty)
        top, first = next(rows, (0, ()))
        if not first:
            for formula in without_results(book, name):
                raise InputError(f"{path}, {formula}")
            raise InputError(f"{path}, sheet {name!r}, is empty.")
        names = [f"column {j}" if cell is None else str(cell) for j, cell in enumerate(first)]
        table = table_of_rows(str(path), names, rows, as_words, tell, are_shown=True)
        lacks = [one.missing.any() for one in table.columns.values()]
        if not (empty or None in first or any(lacks)):
            return table
        return replace(table, unusable=_unsaved(book, name, table, top))


def _workbook(path: Path) -> Any:
    openpyxl = need("openpyxl", extra="excel")
    try:
        return openpyxl.load_workbook(path, read_only=True, data_only=True)
    except Exception as error:  # what damaged bytes raise has no end
        raise InputError(f"{path} cannot be read as an Excel workbook: {error}.") from None


def _rows(book: Any, sheet: str) -> Iterator[tuple[Any, ...]]:
    """The rows of a sheet, as wide as the first with a cell."""
    width = 0
    for place, row in enumerate(book[sheet].iter_rows(values_only=True), start=1):
        width = width or len(row)
        if any(cell is not None for cell in row[width:]):  # a sheet that tells no size
            raise InputError(
                f"Row {place} of the sheet {sheet!r} is longer than its first row, which names "
                "the columns: name all of them."
            )
        cells = [cell.isoformat(" ") if isinstance(cell, datetime) else cell for cell in row]
        yield (*cells[:width], *[None] * (width - len(cells)))


def _filled(
    rows: Iterator[tuple[Any, ...]], empty: list[int]
) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """Rows with a cell, each with its number; those of the others go into `empty`."""
    for place, row in enumerate(rows, start=1):
        if any(cell is not None for cell in row):
            yield place, row
        else:
            empty.append(place)


def _unsaved(book: Any, sheet: str, table: MixedTable, top: int) -> dict[str, str]:
    """What is wrong with columns in which a formula has no result; top: the row of their names."""
    found: dict[str, str] = {}
    for formula in without_results(book, sheet):
        if formula.row < top:  # a row that may have the names
            raise InputError(f"{table.source}, {formula}")
        if formula.column < len(table.names):
            found.setdefault(table.names[formula.column], f"{table.source}, {formula}")
    return found
