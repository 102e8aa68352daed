"""Which columns of a table are numbers throughout, and where one is not."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from kmosaic._arguments import argument
from kmosaic._errors import InputError
from kmosaic.data.mixed import Column, MixedTable, Numbers, Words
from kmosaic.data.mixed.bad_cells import at_rows, told
from kmosaic.data.mixed.builder import number
from kmosaic.data.row_numbers import names_rows

WORDS = "they hold words"
_TRUTHS = {"true": 1.0, "false": 0.0}


def chosen_by_rule(
    table: MixedTable, id_column: str | None
) -> tuple[tuple[str, ...], dict[str, str], str | None]:
    """All columns of numbers but those that name the rows, why others are left out, and the id."""
    numbers, left_out = [], {}
    naming = []
    for name in table.names:
        if name == id_column:
            continue
        column = table[name]
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
    why = f"they number the rows ({argument('columns')} takes them)"
    left_out |= {name: why for name in naming if name in numbers}
    if id_column is not None:
        left_out.pop(id_column, None)
    return tuple(wanted), left_out, id_column


def _may_be_numbers(column: Column) -> bool:
    if isinstance(column, Words):
        return bool(column.levels) and all(one.lower() in _TRUTHS for one in column.levels)
    return bool(column.n_bad) or not bool(column.missing.all())


def all_numbers(table: MixedTable, names: Sequence[str]) -> npt.NDArray[np.float64]:
    """Columns of a table as rows, (n, d); InputError that tells all columns with other cells."""
    rows = np.empty((table.n, len(names)))
    bad = {}
    for j, name in enumerate(names):
        rows[:, j] = _numbers(table[name])
        wrong = np.flatnonzero(np.isnan(rows[:, j]))
        if len(wrong):
            bad[name] = wrong
    if bad:
        raise InputError(f"{table.source} has {told(table, at_rows(table, bad))}. {cure()}")
    return rows


def cure() -> str:
    """What to do about cells that are no numbers."""
    option = argument("columns")
    others = "columns=[...]" if option == "columns" else option
    return f"Fill in numbers, leave such rows out, or choose others with {others}."


def _numbers(column: Column) -> npt.NDArray[np.float64]:
    """The cells, (n,); NaN where one is missing or no number. True and False are 1 and 0."""
    if isinstance(column, Numbers):
        return column.values
    found = [_TRUTHS.get(level.lower(), number(level)) for level in column.levels]
    values = np.array([*(np.nan if one is None else one for one in found), np.nan])
    return values[column.codes]  # code -1 is the last
