"""Parquet files and Excel workbooks."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import closing
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
    """The table in a sheet of an Excel workbook (extra `excel`); the first sheet by default.

    Formulas count by the results that were saved with them; one without is an InputError.
    """
    with closing(_workbook(path, data_only=True)) as book:
        name = book.sheetnames[0] if sheet is None else sheet
        if name not in book.sheetnames:
            raise InputError(f"{path} has no sheet {name!r}; it has {', '.join(book.sheetnames)}.")
        numbered = enumerate(_rows(book, name), start=1)
        rows = ((place, row) for place, row in numbered if any(cell is not None for cell in row))
        _, first = next(rows, (0, ()))
        if not first:
            _check_formulas(path, name)
            raise InputError(f"{path}, sheet {name!r}, is empty.")
        names = [f"column {j}" if cell is None else str(cell) for j, cell in enumerate(first)]
        table = table_of_rows(str(path), names, rows, as_words, tell, are_shown=True)
    if any(column.missing.any() for column in table.columns.values()):
        _check_formulas(path, name)
    return table


def _workbook(path: Path, *, data_only: bool) -> Any:
    openpyxl = need("openpyxl", extra="excel")
    try:
        return openpyxl.load_workbook(path, read_only=True, data_only=data_only)
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


def _check_formulas(path: Path, sheet: str) -> None:
    """Raise InputError for a formula without a result, which would count as an empty cell."""
    with (
        closing(_workbook(path, data_only=True)) as book,
        closing(_workbook(path, data_only=False)) as formulas,
    ):
        pairs = zip(_rows(book, sheet), _rows(formulas, sheet), strict=True)
        for place, (results, written) in enumerate(pairs, start=1):
            for result, cell in zip(results, written, strict=True):
                if result is None and cell is not None:
                    raise InputError(
                        f"{path}, row {place}: the result of the formula {cell!s:.60} was not "
                        "saved with it. Open the workbook in a spreadsheet program and save it."
                    )
