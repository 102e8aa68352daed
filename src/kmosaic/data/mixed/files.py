"""Parquet files and Excel workbooks."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

from kmosaic._errors import InputError
from kmosaic._events import Listener
from kmosaic._optional import need
from kmosaic.data.mixed.builder import EXACT, ColumnBuilder
from kmosaic.data.mixed.csv_file import check_different
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
    """The table in a sheet of an Excel workbook (extra `excel`); the first sheet by default."""
    openpyxl = need("openpyxl", extra="excel")
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except Exception as error:
        raise InputError(f"{path} cannot be read as an Excel workbook: {error}.") from None
    try:
        name = book.sheetnames[0] if sheet is None else sheet
        if name not in book.sheetnames:
            raise InputError(f"{path} has no sheet {name!r}; it has {', '.join(book.sheetnames)}.")
        numbered = enumerate(book[name].iter_rows(values_only=True), start=1)
        rows = ((place, _plain(row)) for place, row in numbered if _says_something(row))
        _, first = next(rows, (0, ()))
        if not first:
            raise InputError(f"{path}, sheet {name!r}, is empty.")
        names = [f"column {j}" if cell is None else str(cell) for j, cell in enumerate(first)]
        return table_of_rows(str(path), names, rows, as_words, tell, are_shown=True)
    finally:
        book.close()


def _says_something(row: tuple[Any, ...]) -> bool:
    return any(cell is not None for cell in row)


def _plain(row: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(cell.isoformat(" ") if isinstance(cell, datetime) else cell for cell in row)
