"""CSV files, read some rows at a time: a million rows take the memory of their numbers."""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain, islice
from pathlib import Path
from typing import Any

from kmosaic._errors import InputError
from kmosaic._events import Listener, Progress
from kmosaic.data.mixed.builder import ColumnBuilder, number
from kmosaic.data.mixed.quick_csv import read_quickly
from kmosaic.data.mixed.table import MixedTable
from kmosaic.data.tables import table_reader

_TOGETHER = 20_000  # rows
_MOST_LINES = 6  # told, of those with another number of cells


def read_csv(path: Path, as_words: Collection[str], tell: Listener) -> MixedTable:
    """The table in a CSV file. A first line without any number names the columns.

    as_words: columns whose numbers are codes, kept as they are written. Raises InputError for
    what is no table, and for a line with another number of cells, with its number.
    """
    with csv_lines(path) as (lines, delimiter):
        header = next(lines, None)
        if header is None:
            raise InputError(f"{path} is empty.")
        names, is_named = csv_names(path, header[1])
        comma = delimiter == ";"

        def builders() -> list[ColumnBuilder]:
            return [ColumnBuilder(as_words=name in as_words, decimal_comma=comma) for name in names]

        quick = read_quickly(path, delimiter, is_named, builders(), tell)
        if quick is None:
            body = even_rows(path, lines if is_named else chain([header], lines), len(names))
            fresh = builders()
            n = _fill(fresh, body, tell)
            quick = [builder.done() for builder in fresh], n
    found, n = quick
    if not n:
        raise InputError(f"{path} holds the names of columns and nothing else.")
    columns = dict(zip(names, found, strict=True))

    def cells() -> Iterator[Sequence[str]]:
        return (row for _, row in _again(path, is_named, len(names)))

    def lines_again() -> Iterator[int]:
        return (line for line, _ in _again(path, is_named, len(names)))

    return MixedTable(str(path), columns, n, cells, lines_again, "line")


def _fill(builders: Sequence[ColumnBuilder], body: Iterator[Any], tell: Listener) -> int:
    n = 0
    while part := list(islice(body, _TOGETHER)):
        numbers, rows = zip(*part, strict=True)
        for builder, cells in zip(builders, zip(*rows, strict=True), strict=True):
            builder.add(cells, numbers)
        n += len(part)
        tell(Progress("rows", n, None, "rows"))
    return n


def _again(path: Path, is_named: bool, width: int) -> Iterator[tuple[int, Sequence[str]]]:
    """The rows of the file once more with their lines, cells as they are written there."""
    with csv_lines(path) as (lines, _):
        if is_named:
            next(lines, None)
        yield from even_rows(path, lines, width)


@contextmanager
def csv_lines(path: Path) -> Iterator[tuple[Iterator[tuple[int, list[str]]], str]]:
    """The lines that are not empty, with their numbers, and what parts their cells."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as text:
            reader = table_reader(text)
            yield (
                ((reader.line_num, line) for line in reader if line),
                reader.dialect.delimiter,
            )
    except UnicodeDecodeError:
        raise InputError(f"{path} is not UTF-8 text. Save it as CSV in UTF-8.") from None
    except (OSError, csv.Error) as error:
        raise InputError(f"{path} cannot be read as a CSV: {error}.") from None


def even_rows(
    path: Path, lines: Iterator[tuple[int, list[str]]], width: int
) -> Iterator[tuple[int, list[str]]]:
    """The lines, each with as many cells as the first; InputError that tells all others."""
    for number_of_line, line in lines:
        if len(line) != width:
            first = (number_of_line, len(line))
            others = ((at, len(cells)) for at, cells in lines if len(cells) != width)
            raise InputError(f"{path}, {_uneven([first, *others], width)}")
        yield number_of_line, line


def _uneven(lines: Sequence[tuple[int, int]], width: int) -> str:
    """What is said of lines, by their numbers and those of their cells.

    >>> _uneven([(3, 1)], 2)
    'line 3: 1 cell, where the first line has 2. Add or remove cells, or put one that holds the ...
    """
    at, cells = lines[0]
    also = [f"{line} ({count})" for line, count in lines[1:_MOST_LINES]]
    more = f" and {len(lines) - _MOST_LINES:,} more" if len(lines) > _MOST_LINES else ""
    others = f"; others differ in lines {', '.join(also)}{more}" if also else ""
    return (
        f"line {at}: {cells} cell{'' if cells == 1 else 's'}, where the first line has "
        f"{width}{others}. Add or remove cells, or put one that holds the delimiter in quotes."
    )


def csv_names(path: Path, first: list[str]) -> tuple[list[str], bool]:
    """The names of the columns, and whether the first line has them."""
    if any(number(cell) is not None for cell in first):
        return [f"column {j}" for j in range(len(first))], False
    names = [cell.strip() or f"column {j}" for j, cell in enumerate(first)]
    check_different(str(path), names)
    return names, True


def check_different(source: str, names: Sequence[str]) -> None:
    """Raise InputError where two columns have one name."""
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        raise InputError(f"{source} has more than one column named {min(twice)!r}: rename one.")
