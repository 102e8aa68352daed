"""CSV files by pyarrow where it is installed: the same columns in a fraction of the time."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from kmosaic._events import Listener, Progress
from kmosaic._optional import has, need
from kmosaic.data.mixed.builder import EXACT, ColumnBuilder
from kmosaic.data.mixed.table import Column, Numbers

_BLOCK = 8 << 20  # bytes that are read in one go


def _has_odd_quotes(path: Path) -> bool:
    """Tell whether a quote may be open at the end; pyarrow takes all rows below for one cell."""
    with path.open("rb") as file:
        return sum(block.count(b'"') for block in iter(lambda: file.read(_BLOCK), b"")) % 2 == 1


def read_quickly(
    path: Path, delimiter: str, is_named: bool, builders: Sequence[ColumnBuilder], tell: Listener
) -> tuple[list[Column], int] | None:
    """The columns and how many rows there are; None where plain Python has to look.

    That is without pyarrow, and where anything is wrong: it then tells in which line.
    """
    if not has("pyarrow") or _has_odd_quotes(path):
        return None
    arrow, csv = need("pyarrow", extra="parquet"), need("pyarrow.csv", extra="parquet")
    names = [str(number) for number in range(len(builders))]
    n = -1 if is_named else 0  # the line of names is read as a row
    try:
        with csv.open_csv(
            path,
            csv.ReadOptions(column_names=names, block_size=_BLOCK),
            csv.ParseOptions(delimiter=delimiter, newlines_in_values=True),
            csv.ConvertOptions(column_types={name: arrow.string() for name in names}),
        ) as batches:
            for batch in batches:
                begin = 1 if n < 0 else 0
                for builder, column in zip(builders, batch.columns, strict=True):
                    _add(builder, column.slice(begin), n + begin)
                n += batch.num_rows
                tell(Progress("rows", max(n, 0), None, "rows"))
    except arrow.ArrowException:
        return None
    if n < 1:
        return None
    columns = [builder.done() for builder in builders]
    if any(isinstance(column, Numbers) and column.n_bad for column in columns):
        return None
    return columns, n


def _add(builder: ColumnBuilder, cells: Any, begin: int) -> None:
    if not len(cells):
        return
    if builder.holds_words:
        encoded = cells.dictionary_encode()
        builder.add_coded(encoded.dictionary.to_pylist(), encoded.indices.to_numpy())
        return
    numbers = _numbers(cells)
    if numbers is None:
        builder.add(cells.to_pylist(), range(begin, begin + len(cells)))
    else:
        builder.add_numbers(numbers)


def _numbers(cells: Any) -> npt.NDArray[np.float64] | None:
    """The cells as numbers, NaN where empty; None where one is none, or all are empty."""
    arrow, compute = need("pyarrow", extra="parquet"), need("pyarrow.compute", extra="parquet")
    some = compute.if_else(compute.equal(cells, ""), None, cells)
    if some.null_count == len(some):
        return None
    try:
        found = compute.cast(some, arrow.float64())
    except arrow.ArrowException:
        return None
    values: npt.NDArray[np.float64] = found.to_numpy(zero_copy_only=False)
    known = len(values) - found.null_count
    sound = np.isfinite(values).sum() == known and np.nanmax(np.abs(values)) <= EXACT
    return values if sound else None
