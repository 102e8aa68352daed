"""A table whose columns hold numbers or words."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from typing import Any

import numpy as np
import numpy.typing as npt

from kmosaic._errors import InputError

_TOGETHER = 10_000  # rows that are written out in one go


@dataclass(frozen=True, eq=False)
class Numbers:
    """A column of numbers."""

    values: npt.NDArray[np.float64]  # (n,) NaN where missing
    bad: tuple[tuple[int, str], ...] = ()  # the first cells that are no number: line, text
    n_bad: int = 0  # such cells

    @property
    def missing(self) -> npt.NDArray[np.bool_]:
        """Which cells are missing, (n,)."""
        return np.isnan(self.values)

    def text(self, position: int) -> str:
        """One cell as text."""
        return text_of(float(self.values[position]))

    def texts(self) -> list[str]:
        """All cells as texts."""
        return [text_of(value) for value in self.values.tolist()]


@dataclass(frozen=True, eq=False)
class Words:
    """A column of words, each kept once."""

    codes: npt.NDArray[np.int32]  # (n,) positions in levels, -1 where missing
    levels: tuple[str, ...]  # in the order in which they come

    @property
    def missing(self) -> npt.NDArray[np.bool_]:
        """Which cells are missing, (n,)."""
        found: npt.NDArray[np.bool_] = self.codes < 0
        return found

    @cached_property
    def counts(self) -> npt.NDArray[np.int64]:
        """How often each level comes, (levels,)."""
        return np.bincount(self.codes[self.codes >= 0], minlength=len(self.levels))

    def text(self, position: int) -> str:
        """One cell as text."""
        code = int(self.codes[position])
        return "" if code < 0 else self.levels[code]

    def texts(self) -> list[str]:
        """All cells as texts."""
        levels = (*self.levels, "")  # code -1 is the last
        return [levels[code] for code in self.codes.tolist()]


Column = Numbers | Words


@dataclass(frozen=True, eq=False)
class MixedTable:
    """Columns of numbers and of words, and the cells as their source has them."""

    source: str
    columns: Mapping[str, Column]  # in the order of the source
    n: int
    cells: Callable[[], Iterator[Sequence[Any]]] = field(repr=False)  # the rows of the source
    lines: Callable[[], Iterator[int]] | None = None  # where each row stands, as its file shows it
    counted: str = "row"  # what `lines` are numbers of: a sheet has rows, a file of text lines
    unusable: Mapping[str, str] = field(default_factory=dict, repr=False)  # column → what is wrong

    def __getitem__(self, name: str) -> Column:
        """The column of a name; InputError where there is none, or none that can be used."""
        self.check_names([name])
        if name in self.unusable:
            raise InputError(self.unusable[name])
        return self.columns[name]

    @property
    def names(self) -> list[str]:
        """The names of all columns."""
        return list(self.columns)

    def places(self, rows: Sequence[int]) -> list[int]:
        """Where some rows, in rising order, stand in their file; else rows from 0."""
        if self.lines is None or not rows:
            return list(rows)
        wanted, found = set(rows), enumerate(islice(self.lines(), rows[-1] + 1))
        return [line for row, line in found if row in wanted]

    def check_names(self, names: Sequence[str]) -> None:
        """Raise InputError for names that the table does not have."""
        unknown = [repr(name) for name in names if name not in self.columns]
        if unknown:
            raise InputError(
                f"{self.source} has no column {' and no '.join(dict.fromkeys(unknown))}; it has "
                f"{', '.join(self.names)}."
            )


def table_of(source: str, columns: Mapping[str, Column]) -> MixedTable:
    """A table of columns, whose cells are written as these have them."""
    n = len(next(iter(columns.values())).missing)
    return MixedTable(source, columns, n, lambda: _rows_of(columns, n))


def _rows_of(columns: Mapping[str, Column], n: int) -> Iterator[Sequence[Any]]:
    for begin in range(0, n, _TOGETHER):
        parts = [_part(column, slice(begin, begin + _TOGETHER)) for column in columns.values()]
        yield from zip(*parts, strict=True)


def _part(column: Column, which: slice) -> list[str]:
    if isinstance(column, Numbers):
        return Numbers(column.values[which]).texts()
    return Words(column.codes[which], column.levels).texts()


def text_of(number: float) -> str:
    """A number as a table has it: whole ones without a point, nothing for a missing one.

    >>> text_of(3.0), text_of(0.1), text_of(float("nan"))
    ('3', '0.1', '')
    """
    if math.isnan(number):
        return ""
    return str(int(number)) if number.is_integer() and abs(number) < 2**53 else repr(number)


def words_of(column: Column) -> Words:
    """The same column as words, such as a code of numbers.

    >>> words_of(Numbers(np.array([2.0, 1.0, 2.0]))).levels
    ('1', '2')
    """
    if isinstance(column, Words):
        return column
    levels, codes = np.unique(column.values, return_inverse=True)
    texts = tuple(text_of(level) for level in levels.tolist() if not math.isnan(level))
    codes = np.where(column.missing, -1, codes)
    return Words(codes.astype(np.int32), texts)
