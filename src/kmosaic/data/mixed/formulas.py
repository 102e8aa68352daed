"""Formulas of an Excel sheet whose results were not saved with them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any
from xml.etree.ElementTree import Element, iterparse

from kmosaic._optional import need

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_FORMULA = re.compile(rb"<(?:[\w.-]+:)?f[\s/>]")
_TOGETHER = 1 << 20  # bytes


@dataclass(frozen=True)
class Formula:
    """A cell that holds a formula and no result."""

    row: int  # from 1, as a sheet shows it
    column: int  # from 0
    text: str

    def __str__(self) -> str:
        """What is wrong with it, and the cure."""
        return (
            f"row {self.row}: the result of the formula ={self.text:.60} was not saved with it. "
            "Open the workbook in a spreadsheet program and save it."
        )


def without_results(book: Any, sheet: str) -> Iterator[Formula]:
    """Such cells of a sheet of an openpyxl workbook, in the order in which they come.

    openpyxl itself has None both for these and for formulas whose saved result is an empty text.
    """
    with book[sheet]._get_source() as file:
        if not _has_formulas(file):  # much quicker than to parse it
            return
    cells = need("openpyxl.utils.cell", extra="excel")
    place = 0
    with book[sheet]._get_source() as file:
        for _, row in iterparse(file):
            if row.tag != f"{_MAIN}row":
                continue
            place = int(row.get("r", place + 1))
            for at, cell in enumerate(row):
                formula = cell.find(f"{_MAIN}f")
                if formula is not None and not _has_result(cell):
                    name = cell.get("r")  # where it is left out, no cell is
                    column = at if name is None else cells.coordinate_to_tuple(name)[1] - 1
                    yield Formula(place, column, formula.text or "")
            row.clear()


def _has_formulas(file: IO[bytes]) -> bool:
    end = b""
    while block := file.read(_TOGETHER):
        if _FORMULA.search(end + block):
            return True
        end = block[-40:]  # a tag may go on in the next block
    return False


def _has_result(cell: Element) -> bool:
    value = cell.find(f"{_MAIN}v")
    return value is not None and (bool(value.text) or cell.get("t") == "str")
