"""CSV files as people and spreadsheets write them."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import Any, TextIO

_DELIMITERS = ",;\t"  # spreadsheets write ; where the comma is the decimal mark


class TableReader:
    r"""A csv.reader that raises csv.Error, with the line, for a quote that is not closed.

    Python's own takes the lines below such a quote for one cell, down to the next quote or the
    end, unless it is strict about all quotes. This is strict about rows of several lines.

    >>> list(TableReader(iter(['id,text\n', '1,"open\n', '2,rest\n'])))
    Traceback (most recent call last):
    _csv.Error: the quote that opens in line 2 is never closed: close it, or leave it out
    """

    def __init__(self, lines: Iterator[str], **how: Any) -> None:
        self._at_end = False
        self._lines: list[str] = []  # of the row
        self._reader = csv.reader(self._until_the_end(lines), **how)

    def _until_the_end(self, lines: Iterator[str]) -> Iterator[str]:
        for line in lines:
            self._lines.append(line)
            yield line
        self._at_end = True

    @property
    def line_num(self) -> int:
        """How many lines were read."""
        return self._reader.line_num

    @property
    def dialect(self) -> Any:
        """What parts the cells, and how they are quoted."""
        return self._reader.dialect

    def __iter__(self) -> TableReader:
        """The reader itself."""
        return self

    def __next__(self) -> list[str]:
        """The cells of the next row."""
        row = next(self._reader)
        if self._at_end:  # a row whose quotes are closed is given before more lines are asked for
            line = self.line_num - _breaks_within(row[-1])
            raise csv.Error(
                f"the quote that opens in line {line} is never closed: close it, or leave it out"
            )
        if len(self._lines) > 1:
            self._check_quotes()
        self._lines.clear()
        return row

    def _check_quotes(self) -> None:
        """Raise csv.Error where the next quote, which closes a cell, stands in the midst of one."""
        again = csv.reader(self._lines, self.dialect, strict=True)
        try:
            next(again)
        except csv.Error:
            before = self.line_num - len(self._lines)
            raise csv.Error(
                f"a quote that opens in line {before + 1} or below is closed in line "
                f"{before + again.line_num} in the midst of a cell: close it where its text ends, "
                "leave it out, or double it within a text"
            ) from None


def _breaks_within(cell: str) -> int:
    r"""How many line breaks a cell has, without one at its end.

    >>> _breaks_within("a\r\nb\n"), _breaks_within("a")
    (1, 0)
    """
    plain = cell.replace("\r\n", "\n").replace("\r", "\n")
    return plain.removesuffix("\n").count("\n")


def table_reader(text: TextIO, *, strict: bool = False) -> TableReader:
    r"""A csv.reader for an open file, by the first of , ; and tab that parts its first line.

    It raises csv.Error where a quote is not closed.

    >>> import io
    >>> list(table_reader(io.StringIO("path;label\na.png;cat, small\n")))
    [['path', 'label'], ['a.png', 'cat, small']]
    """
    first = next((line for line in text if line.strip()), "")
    text.seek(0)
    parting = (one for one in _DELIMITERS if len(next(csv.reader([first], delimiter=one), [])) > 1)
    return TableReader(iter(text), delimiter=next(parting, ","), strict=strict)
