"""What the rows of a table are."""

from __future__ import annotations

import re

_ID_ENDING = re.compile(r"[\W_]*(id|ID|Id|key|uuid|guid)$")


def noun_of(id_column: str | None) -> str:
    """What the rows are, by what the column that names them is called, in the plural.

    >>> noun_of("CustomerID"), noun_of("customer"), noun_of("id"), noun_of(None)
    ('customers', 'customers', 'rows', 'rows')
    """
    stem = _ID_ENDING.sub("", id_column or "").strip(" _-.").lower()
    if not stem.isalpha() or len(stem) < 3 or stem in ("row", "index"):
        return "rows"
    return stem if stem.endswith("s") else f"{stem[:-1]}ies" if stem.endswith("y") else f"{stem}s"
