"""Columns that are found out while their cells come in, some rows at a time."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from kmosaic.data.mixed.table import Column, Numbers, Words

# What stands for "nothing" in tables: among numbers more than among words, where "none" may be one.
MISSING_WORDS = frozenset({"", "na", "n/a", "#n/a", "nan", "null", "<na>"})
MISSING_NUMBERS = MISSING_WORDS | {"none", "?", "-", ".", "nat"}
_MOSTLY = 0.5  # of the cells that say something: numbers, if more of them are
_SHOWN = 5  # cells that are no numbers, kept to be named
EXACT = 2**53  # float64 holds every whole number up to it


class ColumnBuilder:
    """Takes cells of a column in parts; whether it holds numbers, the first part that says decides.

    >>> column = ColumnBuilder()
    >>> column.add(["1", "", "2.5"], range(2, 5))
    >>> column.done().values.tolist()
    [1.0, nan, 2.5]
    """

    def __init__(self, *, as_words: bool = False, decimal_comma: bool = False) -> None:
        self._is_number: bool | None = False if as_words else None
        self._parts: list[npt.NDArray[Any]] = []
        self._codes: dict[str, int] = {}
        self._unknown = 0  # missing cells that came before anything was said
        self._bad: list[tuple[int, str]] = []
        self._n_bad = 0
        self._read: Callable[[Any], float | None] = number_with_comma if decimal_comma else number

    def add(self, cells: Sequence[Any], lines: Sequence[int]) -> None:
        """Take the next cells; lines: their numbers in the source."""
        if self._is_number is None:
            self._decide(cells)
        if self._is_number is None:
            self._unknown += len(cells)
        elif self._is_number:
            self._parts.append(self._as_numbers(cells, lines))
        else:
            self._parts.append(self._as_codes(cells))

    @property
    def holds_words(self) -> bool:
        """Whether it is known that these are words."""
        return self._is_number is False

    def add_numbers(self, numbers: npt.NDArray[np.float64]) -> None:
        """Take the next cells as numbers, NaN where missing; not for a column of words."""
        self._is_number = True
        self._parts.append(numbers)

    def add_coded(self, cells: Sequence[Any], which: npt.NDArray[Any]) -> None:
        """Take the next cells, of which each stands once in `cells`, for a column of words."""
        self._parts.append(self._as_codes(cells)[which])

    def done(self) -> Column:
        """The whole column."""
        if self._is_number is False:
            first = np.full(self._unknown, -1, np.int32)
            return Words(np.concatenate([first, *self._parts]), tuple(self._codes))
        values = np.concatenate([np.full(self._unknown, np.nan), *self._parts])
        return Numbers(values, tuple(self._bad), self._n_bad)

    def _decide(self, cells: Sequence[Any]) -> None:
        if isinstance(next((cell for cell in cells if cell is not None), None), bool):
            self._is_number = False  # float() would take it
            return
        if _plain(cells) is not None:
            self._is_number = True
            return
        said = [cell for cell in cells if not _is_missing(cell, MISSING_NUMBERS)]
        if said:
            many = sum(self._read(cell) is not None for cell in said)
            self._is_number = many > _MOSTLY * len(said)

    def _as_numbers(self, cells: Sequence[Any], lines: Sequence[int]) -> npt.NDArray[np.float64]:
        plain = _plain(cells)
        if plain is not None:
            return plain
        found = np.full(len(cells), np.nan)
        for place, cell in enumerate(cells):
            value = self._read(cell)
            if value is not None:
                found[place] = value
            elif not _is_missing(cell, MISSING_NUMBERS):
                self._n_bad += 1
                if len(self._bad) < _SHOWN:
                    self._bad.append((lines[place], str(cell)))
        return found

    def _as_codes(self, cells: Sequence[Any]) -> npt.NDArray[np.int32]:
        codes = self._codes
        found = np.empty(len(cells), np.int32)
        for place, cell in enumerate(cells):
            text = cell.strip() if isinstance(cell, str) else _text(cell)
            code = codes.get(text)
            if code is None:
                if text.lower() in MISSING_WORDS:
                    code = -1
                else:
                    code = codes[text] = len(codes)
            found[place] = code
        return found


def number(cell: Any) -> float | None:
    """The number that a cell holds, or None.

    >>> number(" 1.5 "), number("many"), number("inf"), number(True)
    (1.5, None, None, 1.0)
    """
    if isinstance(cell, str) and "_" in cell:  # Python's own way of writing numbers
        return None
    try:
        value = float(cell)
    except (TypeError, ValueError):
        return None
    return value if math.isfinite(value) else None


def number_with_comma(cell: Any) -> float | None:
    """The number in a cell of a file that writes 1,5 for one and a half.

    >>> number_with_comma("1,5"), number_with_comma("1.5")
    (1.5, 1.5)
    """
    return number(cell.replace(",", ".") if isinstance(cell, str) else cell)


def _plain(cells: Sequence[Any]) -> npt.NDArray[np.float64] | None:
    """The cells, where all are numbers that float64 holds; the quick way."""
    try:
        found = np.fromiter(map(float, cells), np.float64, len(cells))
    except (TypeError, ValueError, OverflowError):
        return None
    if not np.isfinite(found).all() or np.abs(found).max(initial=0.0) > EXACT:
        return None
    return found


def _is_missing(cell: Any, nothing: frozenset[str]) -> bool:
    if cell is None or (isinstance(cell, float) and math.isnan(cell)):
        return True
    return isinstance(cell, str) and cell.strip().lower() in nothing


def _text(cell: Any) -> str:
    if cell is None or (isinstance(cell, float) and math.isnan(cell)):
        return ""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < EXACT:
        return str(int(cell))
    return str(cell)
