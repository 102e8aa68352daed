"""How widely each column spreads, whatever a few of its numbers are."""

from __future__ import annotations

import numpy as np

from kmosaic._values import Distances, Rows

_PULLED_IN = 0.02  # at each end: so many wild numbers cannot widen the scale of a column


def column_scales(rows: Rows) -> Distances:
    """The standard deviation of each column, (d,), once its most extreme numbers are pulled in.

    What lies beyond the 2 % and 98 % quantiles counts as these do (winsorized). A column that is
    constant but for such numbers keeps its plain standard deviation, a constant one gets 1.

    >>> column_scales(np.array([[0.0, 5.0]] * 50 + [[2.0, 5.0]] * 50)).tolist()
    [1.0, 1.0]
    """
    return np.array([_scale(np.array(column, dtype=np.float64)) for column in rows.T])


def _scale(numbers: Distances) -> float:
    numbers -= np.median(numbers)
    width = float(np.abs(numbers).max())
    if not width > 0:
        return 1.0
    numbers /= width  # squares of these neither overflow nor vanish
    ends = np.quantile(numbers, [_PULLED_IN, 1 - _PULLED_IN])
    spread = float(np.clip(numbers, *ends).std()) or float(numbers.std())
    return spread * width or 1.0
