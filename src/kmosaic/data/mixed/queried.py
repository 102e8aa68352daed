"""Tables that come as Python values: rows of a database or a sheet, and columns of a frame."""

from __future__ import annotations

from array import array
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

import numpy as np

from kmosaic._errors import InputError
from kmosaic._events import Listener, Progress
from kmosaic.data.mixed.builder import EXACT, ColumnBuilder
from kmosaic.data.mixed.csv_file import check_different
from kmosaic.data.mixed.table import Column, MixedTable, Numbers, table_of

_TOGETHER = 20_000  # rows


def table_of_rows(
    source: str,
    names: Sequence[str],
    rows: Iterable[tuple[int, Sequence[Any]]],
    as_words: Collection[str],
    tell: Listener,
    *,
    are_shown: bool = False,
) -> MixedTable:
    """A table of rows of Python values, each with its number.

    are_shown: the source shows these numbers, so that errors tell rows by them. Raises InputError
    where there are no rows.
    """
    check_different(source, names)
    builders = [ColumnBuilder(as_words=name in as_words) for name in names]
    body, places = iter(rows), array("q")
    while part := list(islice(body, _TOGETHER)):
        numbers, lines = zip(*part, strict=True)
        for builder, cells in zip(builders, zip(*lines, strict=True), strict=True):
            builder.add(cells, numbers)
        places.extend(numbers)
        tell(Progress("rows", len(places), None, "rows"))
    if not places:
        raise InputError(f"{source} has no rows.")
    table = table_of(source, {name: one.done() for name, one in zip(names, builders, strict=True)})
    return replace(table, lines=lambda: iter(places)) if are_shown else table


def table_of_frame(source: str, frame: Any, as_words: Collection[str]) -> MixedTable:
    """A table of a data frame or another mapping of names to columns."""
    names = [str(name) for name in frame]
    check_different(source, names)
    columns = {name: column_of(frame[key], name in as_words)
               for name, key in zip(names, frame, strict=True)}  # fmt: skip
    if not columns or not len(next(iter(columns.values())).missing):
        raise InputError(f"{source} has no rows.")
    if len({len(column.missing) for column in columns.values()}) > 1:
        raise InputError(f"The columns of {source} differ in length.")
    return table_of(source, columns)


def column_of(values: Any, as_words: bool = False) -> Column:
    """A column of any values, (n,)."""
    found = values.to_numpy() if hasattr(values, "to_numpy") else np.asarray(values)
    if not found.ndim:
        raise InputError(
            f"A column of a table must be a list of cells, one a row, not {values!r:.60}."
        )
    if found.dtype.kind in "iuf" and not as_words:
        numbers = found.astype(np.float64)
        if np.nanmax(np.abs(numbers), initial=0.0) < EXACT:  # neither infinite nor rounded
            return Numbers(numbers)
    if found.dtype.kind == "M":
        found = found.astype("datetime64[us]")  # whose values Python knows
    builder = ColumnBuilder(as_words=as_words)
    for begin in range(0, len(found), _TOGETHER):
        part = [_plain(value) for value in found[begin : begin + _TOGETHER].tolist()]
        builder.add(part, range(begin, begin + len(part)))
    return builder.done()


def _plain(value: Any) -> Any:
    # What pandas has for a missing value is no float and no None.
    return None if str(value) in ("NaT", "<NA>") else value
