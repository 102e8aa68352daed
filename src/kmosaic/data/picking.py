"""Positions, as callers give them."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from kmosaic._errors import InputError


def positions(index: npt.ArrayLike, n: int) -> npt.NDArray[np.int64]:
    """Positions among n items, from positions (negative ones count from the end) or a mask.

    >>> positions([True, False, True], 3).tolist(), positions([2, -1], 3).tolist()
    ([0, 2], [2, 2])
    """
    wanted = np.asarray(index)
    if wanted.dtype == np.bool_ and wanted.shape == (n,):
        return np.flatnonzero(wanted).astype(np.int64)
    if wanted.size == 0:
        return np.zeros(0, dtype=np.int64)
    if wanted.ndim != 1 or wanted.dtype.kind not in "iu":
        raise InputError("index must be a list of whole numbers, or a mask with one entry an item.")
    outside = wanted[(wanted < -n) | (wanted >= n)]
    if outside.size:
        raise InputError(f"index holds {outside[0]}, but there are only {n:,} items (from 0).")
    return np.where(wanted < 0, wanted + n, wanted).astype(np.int64)
