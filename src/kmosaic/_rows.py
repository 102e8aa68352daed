"""Arrays and weights as the core takes them."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from kmosaic._values import Distances, Rows

_BYTES = np.dtype(np.uint8)
_FLOAT64 = np.dtype(np.float64)
_TOGETHER = 1 << 20  # numbers that are looked at in one go


def held_dtype(rows: Rows) -> np.dtype[Any]:
    """What the centers of such rows are rounded to: pixels are clustered as if given as float64.

    >>> held_dtype(np.zeros((2, 2), np.uint8)), held_dtype(np.zeros((2, 2), np.float32))
    (dtype('float64'), dtype('float32'))
    """
    return _FLOAT64 if rows.dtype == _BYTES else rows.dtype


def centers_in_float64(centers: Rows, dtype: npt.DTypeLike | None = None) -> Distances:
    # Rounded to the rows' precision first where they are to become cluster centers of such rows.
    given = centers if dtype is None else np.asarray(centers, dtype=dtype)
    return np.ascontiguousarray(given, dtype=np.float64)


def plain_weights(weights: Distances | None) -> tuple[float, Distances | None]:
    """A common factor of all weights, which matters to inertia alone, and what is left of them.

    >>> plain_weights(np.array([0.7, 0.0, 0.7]))
    (0.7, array([1., 0., 1.]))
    """
    if weights is None:
        return 1.0, None
    if (weights == weights[0]).all():
        return float(weights[0]), None
    largest = weights.max()
    if largest != 1 and ((weights == largest) | (weights == 0)).all():
        return float(largest), (weights > 0).astype(np.float64)
    exponent = int(np.frexp(largest)[1])
    if exponent == 1:
        return 1.0, weights
    return float(np.ldexp(1.0, exponent - 1)), np.ldexp(weights, 1 - exponent)


def weight_aside(share: float, weights: Distances | None, n: int) -> float:
    """What a share of all rows comes to: whole rows, where weights are none or multiples of one.

    >>> weight_aside(0.29, None, 100), weight_aside(0.25, np.array([1.0, 3.0, 1.5]), 3)
    (29.0, 1.375)
    """
    share = float(share)  # of NumPy's types the small ones overflow
    almost = share * (1 + 2.0**-40)  # 0.29 * 100 is 28.999999999999996
    if weights is None:
        return float(math.floor(almost * n))
    lightest = float(weights[weights > 0].min())
    whole = math.fsum(weights)
    if (weights % lightest == 0).all():
        return math.floor(almost * (whole / lightest)) * lightest
    return share * whole


def readable(rows: Rows) -> Rows:
    """The same array in aligned memory and this machine's byte order, as the core wants it."""
    if rows.flags.c_contiguous and rows.flags.aligned and rows.dtype.isnative:
        return rows
    return np.require(rows, dtype=rows.dtype.newbyteorder("="), requirements=["C", "A"])


def first_where(holds: Callable[[Rows], npt.NDArray[np.bool_]], rows: Rows) -> tuple[int, int]:
    """Row and column of the first number of which it holds, some rows at a time; there is one.

    >>> first_where(np.isnan, np.array([[1.0, 2.0], [3.0, np.nan]]))
    (1, 1)
    """
    step = max(_TOGETHER // max(rows.shape[1], 1), 1)
    found = (
        (begin, at)
        for begin in range(0, len(rows), step)
        for at in np.argwhere(holds(rows[begin : begin + step]))[:1].tolist()
    )
    begin, (row, column) = next(found)
    return begin + row, column


def not_finite(value: float, row: int, column: int, *, sparse: bool = False) -> str:
    """What to tell of a number that is none, with a cure that there is for such rows.

    >>> not_finite(float("nan"), 3, 0)[:35]
    'Input X contains NaN, first at row '
    """
    is_nan = bool(np.isnan(value))
    at = f"first at row {row}, column {column} (counted from 0)"
    if not is_nan:
        return f"Input X contains infinity, {at}. Remove such rows, or clip them (numpy.clip does)."
    cure = "Remove such rows, or fill them in (sklearn.impute.SimpleImputer does)"
    if not sparse:
        cure += (
            ", or look at the numbers that are known: KMeans, TrimmedKMeans, BalancedKMeans and "
            "k_means do with missing='ignore'"
        )
    return f"Input X contains NaN, {at}. {cure}."
