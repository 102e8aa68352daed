"""The columns of numbers of a table of any kind, and what its rows are called."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from kmosaic._arguments import as_names
from kmosaic._errors import InputError
from kmosaic._events import Listener, silent
from kmosaic.data.mixed import MixedTable, Numbers, open_table
from kmosaic.data.mixed.arrays import array_of, is_array, names_of
from kmosaic.data.mixed.bad_cells import not_finite, told
from kmosaic.data.mixed.table import table_of
from kmosaic.data.number_columns import all_numbers, chosen_by_rule, cure


@dataclass(frozen=True)
class NumberTable:
    """The columns of a table that hold numbers, and what its rows are called."""

    rows: npt.NDArray[Any]  # (n, d) float32 or float64; memory mapped where it is all of a .npy
    columns: tuple[str, ...]  # (d,)
    left_out: dict[str, str]  # column → reason
    id_column: str | None = None  # what names the rows
    ids: tuple[str, ...] | None = None  # (n,) of the rows, where a column or an index names them

    def told(self) -> list[str]:
        """What was looked at and what was not, in sentences."""
        why = [f"The columns are {listed(self.columns)}."]
        if self.id_column is not None:
            why.append(f"{self.id_column} names the rows and is not looked at.")
        for reason in dict.fromkeys(self.left_out.values()):
            names = [name for name, other in self.left_out.items() if other == reason]
            why.append(f"Left out, as {reason}: {listed(names)}.")
        return why


def read_numbers(
    source: Any,
    columns: Sequence[str] | None = None,
    *,
    id_column: str | None = None,
    schema: Sequence[str] | None = None,
    usual_id: str | None = None,
    on_progress: Listener = silent,
) -> NumberTable:
    """The numbers of a table, which may be all that `kmosaic.data.mixed.open_table` takes.

    columns: those to look at; None for all that hold numbers but those that name the rows. True and
    False are 1 and 0. id_column: the column that names the rows and is not looked at; for None the
    first that does so by its cells, or the index of a frame, where it does not merely count.
    schema: the columns that a model was made from, which the table must have; others are left out.
    usual_id: the id_column of that model's table, which a new one may lack.
    Arrays are not copied where all of their columns are looked at. Raises InputError for all that
    cannot be read, and for a cell of these columns that is missing or no number.
    """
    columns = as_names(columns)
    if is_array(source):
        name, array = array_of(source)
        return _of_array(name, array, columns, id_column, schema)
    words = [name for name in (id_column, usual_id) if name is not None]
    table = open_table(source, as_words=words, on_progress=on_progress)
    if id_column is None and usual_id in table.columns:
        id_column = usual_id
    wanted, left_out, named_by = _choose(table, columns, id_column, schema)
    rows = all_numbers(table, wanted)
    ids = _index_of(source) if named_by is None else tuple(table[named_by].texts())
    return NumberTable(rows, wanted, left_out, named_by, ids)


def _choose(
    table: MixedTable,
    columns: Sequence[str] | None,
    id_column: str | None,
    schema: Sequence[str] | None,
) -> tuple[tuple[str, ...], dict[str, str], str | None]:
    """The columns to look at, why others are not, and the one that names the rows."""
    table.check_names([*(columns or ()), *([] if id_column is None else [id_column])])
    if id_column is not None and id_column in (*(columns or ()), *(schema or ())):
        raise InputError(f"{id_column!r} names the rows, so it is no column to look at.")
    if schema is not None:
        _check_schema(table, schema)
        others = [name for name in table.names if name not in (*schema, id_column)]
        return tuple(schema), dict.fromkeys(others, "the model does not know them"), id_column
    if columns is not None:
        wanted = tuple(name for name in table.names if name in columns)
        if not wanted:
            raise InputError(f"{table.source} has no column to look at: name one in columns.")
        return wanted, {}, id_column
    return chosen_by_rule(table, id_column)


def _of_array(
    name: str,
    array: npt.NDArray[Any],
    columns: Sequence[str] | None,
    id_column: str | None,
    schema: Sequence[str] | None,
) -> NumberTable:
    names = names_of(array)
    # Columns of one row each: all that there is to choose by are their names.
    like = table_of(name, {one: Numbers(np.zeros(1)) for one in names})
    everything = [one for one in names if one != id_column]
    chosen = everything if columns is None and schema is None else columns
    wanted, left_out, named_by = _choose(like, chosen, id_column, schema)
    places = [names.index(one) for one in wanted]
    rows = array if places == list(range(len(names))) else array[:, places]
    bad = not_finite(rows, wanted)
    if bad:
        raise InputError(f"{name} has {told(replace(like, n=len(rows)), bad)}. {cure()}")
    if rows.dtype not in (np.float32, np.float64):
        rows = rows.astype(np.result_type(rows.dtype, np.float32))
    ids = None
    if named_by is not None:
        ids = tuple(Numbers(array[:, names.index(named_by)].astype(np.float64)).texts())
    return NumberTable(rows, wanted, left_out, named_by, ids)


def _index_of(frame: Any) -> tuple[str, ...] | None:
    """What the index of a data frame calls the rows, (n,); None where it only counts them."""
    index = getattr(frame, "index", None)
    if not hasattr(frame, "columns") or index is None or type(index).__name__ == "RangeIndex":
        return None
    return tuple(map(str, index))


def _check_schema(table: MixedTable, schema: Sequence[str]) -> None:
    """Raise InputError that tells which columns differ from those of the model."""
    missing = [name for name in schema if name not in table.columns]
    if missing:
        others = [name for name in table.names if name not in schema]
        also = f", and has {_quoted(others)} that the model does not know" if others else ""
        raise InputError(
            f"{table.source} is no table for this model: it lacks {_quoted(missing)}{also}. "
            "Rename or add columns so that they are those that the model was made from."
        )


def listed(names: Sequence[str], most: int = 30) -> str:
    """Names in a line.

    >>> listed(["a", "b", "c"], most=2)
    'a, b and 1 more'
    """
    rest = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + rest


def _quoted(names: Sequence[str]) -> str:
    return listed([repr(name) for name in names], 10)
