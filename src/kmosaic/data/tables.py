"""CSV files as people and spreadsheets write them."""

from __future__ import annotations

import csv
from typing import Any, TextIO

_DELIMITERS = ",;\t"  # spreadsheets write ; where the comma is the decimal mark


def table_reader(text: TextIO, *, strict: bool = False) -> Any:
    r"""A csv.reader for an open file, by the first of , ; and tab that parts its first line.

    >>> import io
    >>> list(table_reader(io.StringIO("path;label\na.png;cat, small\n")))
    [['path', 'label'], ['a.png', 'cat, small']]
    """
    first = next((line for line in text if line.strip()), "")
    text.seek(0)
    parting = (one for one in _DELIMITERS if len(next(csv.reader([first], delimiter=one), [])) > 1)
    return csv.reader(text, delimiter=next(parting, ","), strict=strict)
