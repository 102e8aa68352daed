"""Cells that hold no number where one is wanted: all columns with such, told at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np
import numpy.typing as npt

from kmosaic.data.mixed.builder import number_with_comma
from kmosaic.data.mixed.table import Column, MixedTable, Numbers
from kmosaic.data.ranges import blocks

_MOST_CELLS = 5  # told of a column
_MOST_COLUMNS = 30  # told


@dataclass(frozen=True)
class BadCells:
    """The first cells of a column that hold no number, and how many there are."""

    cells: tuple[tuple[int, str], ...]  # where each stands, and its text: "" where it is empty
    count: int


def words_among(column: Column, table: MixedTable) -> BadCells | None:
    """The cells that hold a word, not those that are empty; None where there are none."""
    if isinstance(column, Numbers):
        return BadCells(column.bad, column.n_bad) if column.n_bad else None
    is_word = np.array([number_with_comma(level) is None for level in column.levels] + [False])
    rows = np.flatnonzero(is_word[column.codes] if is_word.any() else ~column.missing)
    first = rows[:_MOST_CELLS].tolist()
    texts = [column.text(row) for row in first]
    return BadCells(tuple(zip(table.places(first), texts, strict=True)), len(rows))


def at_rows(table: MixedTable, bad: Mapping[str, npt.NDArray[np.int64]]) -> dict[str, BadCells]:
    """Cells by the rows that they are in, (m,) rising, of each column; empty ones among them."""
    first = {name: rows[:_MOST_CELLS].tolist() for name, rows in bad.items()}
    rows = sorted({row for some in first.values() for row in some})
    places = dict(zip(rows, table.places(rows), strict=True))
    wanted, order = set(rows), {name: at for at, name in enumerate(table.names)}
    cells = {
        row: line for row, line in enumerate(islice(table.cells(), rows[-1] + 1)) if row in wanted
    }

    def text(name: str, row: int) -> str:
        column, cell = table[name], cells[row][order[name]]
        known = dict(column.bad) if isinstance(column, Numbers) else {}
        return known.get(places[row], "" if cell is None else str(cell).strip())

    return {
        name: BadCells(tuple((places[row], text(name, row)) for row in some), len(bad[name]))
        for name, some in first.items()
    }


def with_words(bad: BadCells | None, column: Column, table: MixedTable) -> BadCells | None:
    """Cells of a column that are not what they should be, and the words among its numbers."""
    words = words_among(column, table) if isinstance(column, Numbers) else None
    if bad is None or words is None:
        return bad or words
    return BadCells(tuple(sorted(bad.cells + words.cells)[:_MOST_CELLS]), bad.count + words.count)


def not_finite(rows: npt.NDArray[Any], names: Sequence[str]) -> dict[str, BadCells]:
    """The cells of an array, (n, d), that are NaN or infinite, by the names of its columns, (d,).

    >>> not_finite(np.array([[1.0, np.nan], [2.0, 3.0]]), ["a", "b"])
    {'b': BadCells(cells=((0, 'nan'),), count=1)}
    """
    found: dict[str, BadCells] = {}
    for first, block in blocks(rows):
        if block.dtype.kind != "f" or np.isfinite(block).all():
            continue
        bad = ~np.isfinite(block)
        for j in np.flatnonzero(bad.any(axis=0)).tolist():
            at = np.flatnonzero(bad[:, j])
            before = found.get(names[j], BadCells((), 0))
            cells = tuple((first + row, str(block[row, j])) for row in at[:_MOST_CELLS].tolist())
            found[names[j]] = BadCells((before.cells + cells)[:_MOST_CELLS], before.count + len(at))
    return {name: found[name] for name in names if name in found}


def told(table: MixedTable, bad: Mapping[str, BadCells], what: str = "numbers") -> str:
    """Which cells are not what they should be, in words, of all columns that have such.

    >>> from kmosaic.data.mixed.opening import open_table
    >>> bad = {"a": BadCells(((2, "x"),), 1), "b": BadCells(((0, ""), (2, "?")), 4)}
    >>> told(open_table({"a": [1, 2, 3]}), bad)
    "cells that are no numbers in 2 columns: 'a' (1 cell: row 2 'x'), 'b' (4 cells: row 0 empty, ...
    """
    shown = [_of_column(name, one, table) for name, one in bad.items()][:_MOST_COLUMNS]
    more = f" and {len(bad) - len(shown):,} columns more" if len(bad) > len(shown) else ""
    columns = "1 column" if len(bad) == 1 else f"{len(bad):,} columns"
    from_0 = "; rows count from 0" if table.lines is None else ""
    return f"cells that are no {what} in {columns}: {', '.join(shown)}{more}{from_0}"


def _of_column(name: str, bad: BadCells, table: MixedTable) -> str:
    every = "all " if bad.count == table.n > 1 else ""
    count = "1 cell" if bad.count == 1 else f"{every}{bad.count:,} cells"
    first, counted = bad.cells[:_MOST_CELLS], table.counted
    cells = ", ".join(f"{counted} {place} {f'{text:.40}'!r}" if text else f"{counted} {place} empty"
                      for place, text in first)  # fmt: skip
    more = f", and {bad.count - len(first):,} more" if bad.count > len(first) else ""
    return f"{name!r} ({count}: {cells}{more})"
