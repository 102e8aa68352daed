"""Matrix products whose rows do not depend on the rows beside them."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

_TOGETHER = 64


def one_thread() -> Any:
    """While this context lasts, linear algebra runs on one thread, so that its bits are the same.

    A sum that is cut for several threads may differ in its last bit; the cores are used by threads
    of our own, one block of images each.
    """
    return threadpool_limits(1, "blas")


def steady_product(
    X: npt.NDArray[Any], shift: npt.NDArray[Any], matrix: npt.NDArray[np.float64]
) -> npt.NDArray[np.float32]:
    """(X − shift) · matrix in float32, each row the same whichever rows come with it.

    A linear-algebra library picks its path by the shape of the product, and so the last bit of a
    row could depend on how many rows there are. Here every product has the same shape.

    X (n, d), shift (d,), matrix (d, m).

    >>> steady_product(np.ones((2, 2)), np.zeros(2), np.array([[1.0], [2.0]])).tolist()
    [[3.0], [3.0]]
    """
    out = np.empty((len(X), matrix.shape[1]), dtype=np.float32)
    part = np.zeros((_TOGETHER, X.shape[1]))
    for start in range(0, len(X), _TOGETHER):
        rows = X[start : start + _TOGETHER]
        np.subtract(rows, shift, out=part[: len(rows)])
        part[len(rows) :] = 0
        out[start : start + _TOGETHER] = (part @ matrix)[: len(rows)]
    return out
