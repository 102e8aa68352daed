"""Text in the cells of a CSV file, such that no spreadsheet runs it."""

from __future__ import annotations

import re

# A spreadsheet runs a cell that begins like this as a formula; an apostrophe makes it text. Text
# that has apostrophes there already gets one more, so that reading gives back what was written.
_FORMULA = re.compile(r"'*[=+\-@\t\r\n]")
_NUMBER = re.compile(r"[+-][0-9]+(\.[0-9]+)?")


def to_cell(text: str) -> str:
    """The text, with an apostrophe before it if a spreadsheet would run it; numbers are safe.

    >>> to_cell("cats"), to_cell("=1+1"), to_cell("-1")
    ('cats', "'=1+1", '-1')
    """
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def from_cell(cell: str) -> str:
    """The text that `to_cell` was given.

    >>> from_cell("cats"), from_cell("'=1+1"), from_cell("'tis")
    ('cats', '=1+1', "'tis")
    """
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell
