"""Whether a column is the names of the rows."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import numpy.typing as npt

from kmosaic.data.mixed.table import Column, Words

_ID_NAME = re.compile(
    r"(^|[\W_])(id|key|uuid|guid|index|unnamed: 0)$|(?<=[a-z])(ID|Id)$|^Id$|^ID$", re.I
)
_UNIQUE = 0.95  # of the rows: a column of words with more different ones names the rows
_FEW = 10  # different words that name nothing yet


def names_rows(name: str, column: Column) -> bool:
    """Whether a column names the rows: words all different, numbers that count or are so named.

    >>> names_rows("n", Words(np.arange(12), tuple("abcdefghijkl")))
    True
    """
    if isinstance(column, Words):
        return len(column.levels) > max(_UNIQUE * len(column.codes), _FEW)
    return not column.n_bad and not column.missing.any() and numbers_rows(name, column.values)


def numbers_rows(name: str, values: npt.NDArray[Any]) -> bool:
    """Whether numbers, (n,), are no measurement but count rows, or are all different and so named.

    >>> numbers_rows("row", np.array([3.0, 1.0, 2.0])), numbers_rows("age", np.array([30.0, 41.0]))
    (True, False)
    >>> numbers_rows("customer_id", np.array([17.0, 90.0]))
    True
    """
    if not (values == np.floor(values)).all():
        return False
    counts = values.max() - values.min() + 1 == len(values)
    named = _ID_NAME.search(name) is not None
    return (counts or named) and len(np.unique(values)) == len(values)
