"""Whether a column of numbers is the names of the rows."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import numpy.typing as npt

_ID_NAME = re.compile(
    r"(^|[\W_])(id|key|uuid|guid|index|unnamed: 0)$|(?<=[a-z])(ID|Id)$|^Id$|^ID$", re.I
)


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
