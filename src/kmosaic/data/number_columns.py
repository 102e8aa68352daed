"""Which columns of a table are numbers throughout, and where one is not."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

import numpy as np
import numpy.typing as npt

from kmosaic._errors import InputError
from kmosaic.data.mixed import Column, MixedTable, Numbers, Words
from kmosaic.data.mixed.builder import number
from kmosaic.data.row_numbers import names_rows

WORDS, ROW_NUMBERS = "they hold words", "they number the rows (--columns takes them)"
_MOST_LINES = 5  # told, of those that hold no number
_TRUTHS = {"true": 1.0, "false": 0.0}


def chosen_by_rule(
    table: MixedTable, id_column: str | None
) -> tuple[tuple[str, ...], dict[str, str], str | None]:
    """All columns of numbers but those that name the rows, why others are left out, and the id."""
    numbers, left_out = [], {}
    naming = []
    for name, column in table.columns.items():
        if name == id_column:
            continue
        if names_rows(name, column):
            naming.append(name)
        if not _may_be_numbers(column):
            left_out[name] = WORDS
        else:
            numbers.append(name)
    wanted = [name for name in numbers if name not in naming]
    if not wanted:  # what counts the rows is better than nothing
        naming, wanted = [name for name in naming if name not in numbers], numbers
    if not wanted:
        known = ", ".join(table.names)
        raise InputError(f"{table.source} has no column of numbers; it has {known}.")
    if id_column is None and naming:
        id_column = naming[0]
    left_out |= {name: ROW_NUMBERS for name in naming if name in numbers}
    if id_column is not None:
        left_out.pop(id_column, None)
    return tuple(wanted), left_out, id_column


def _may_be_numbers(column: Column) -> bool:
    if isinstance(column, Words):
        return bool(column.levels) and all(one.lower() in _TRUTHS for one in column.levels)
    return bool(column.n_bad) or not bool(column.missing.all())


def all_numbers(table: MixedTable, names: Sequence[str]) -> npt.NDArray[np.float64]:
    """Columns of a table as rows, (n, d); InputError for the first cell that is no number."""
    rows = np.empty((table.n, len(names)))
    for j, name in enumerate(names):
        rows[:, j] = _numbers(table[name])
        bad = np.flatnonzero(np.isnan(rows[:, j]))
        if len(bad):
            raise InputError(_where(table, name, bad[: _MOST_LINES + 1].tolist(), len(bad)))
    return rows


def _numbers(column: Column) -> npt.NDArray[np.float64]:
    """The cells, (n,); NaN where one is missing or no number. True and False are 1 and 0."""
    if isinstance(column, Numbers):
        return column.values
    found = [_TRUTHS.get(level.lower(), number(level)) for level in column.levels]
    values = np.array([*(np.nan if one is None else one for one in found), np.nan])
    return values[column.codes]  # code -1 is the last


def _where(table: MixedTable, name: str, rows: Sequence[int], many: int) -> str:
    """Which cells are no numbers, and what to do."""
    places, counted, column = table.places(rows), table.counted, table[name]
    row = next(islice(table.cells(), rows[0], None))
    cell = row[table.names.index(name)]
    if isinstance(column, Numbers):
        cell = dict(column.bad).get(places[0], cell)
    what = "is empty" if cell in (None, "") else f"holds {cell!r}, which is no number"
    also = _also(places[1:], many - 1, counted)
    from_0 = "" if table.lines is not None else ", counted from 0"
    return (
        f"{table.source}, {counted} {places[0]}{from_0}: column {name!r} {what}{also}. Fill in "
        "numbers, leave such rows out, or choose other columns with --columns."
    )


def _also(places: Sequence[int], many: int, counted: str) -> str:
    """Where else there is no number.

    >>> _also([7, 9], 2, "line"), _also([7], 1, "row"), _also([], 0, "row")
    (' (no number in lines 7, 9 either)', ' (no number in row 7 either)', '')
    """
    if not many:
        return ""
    shown = places[:_MOST_LINES]
    rest = f" and {many - len(shown):,} more" if many > len(shown) else ""
    told = f"{counted}{'s' * (many > 1)} {', '.join(map(str, shown))}{rest}"
    return f" (no number in {told} either)"
