"""The one door: what comes in is checked here, and nothing below checks again."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.utils.validation import _check_sample_weight, validate_data

from kmosaic._engine import Distances, Rows
from kmosaic._errors import InputError


def check_rows(estimator: Any, X: Any, *, reset: bool) -> Rows:
    """X as a C-contiguous float32 or float64 array, (n, d); other numbers become float64.

    Copied only where it is not such an array already. NaN and infinity are found by the engine,
    which has to look at all numbers anyway.
    """
    rows = validate_data(
        estimator,
        X,
        reset=reset,
        dtype=[np.float64, np.float32],
        order="C",
        accept_large_sparse=False,
        ensure_all_finite=False,
    )
    return rows  # type: ignore[no-any-return]


def check_weights(sample_weight: Any, rows: Rows) -> Distances | None:
    """Weights as float64, (n,), or None where all rows count once."""
    if sample_weight is None:
        return None
    weights = _check_sample_weight(sample_weight, rows, dtype=np.float64)
    if (weights < 0).any():
        row = int(np.argmax(weights < 0))
        raise InputError(f"sample_weight is negative at row {row}: {weights[row]}. Use 0 or more.")
    if not weights.any():
        raise InputError("sample_weight is zero for every row: there is nothing to cluster.")
    return np.ascontiguousarray(weights)


def check_centers(init: npt.ArrayLike, rows: Rows, n_clusters: int) -> Rows:
    """Starting centers given by the user, (n_clusters, d), in the rows' dtype."""
    centers: Rows = np.array(init, dtype=rows.dtype, order="C")
    if centers.ndim != 2 or centers.shape[0] != n_clusters:
        raise InputError(
            f"The shape of the initial centers {centers.shape} does not match "
            f"the number of clusters {n_clusters}."
        )
    if centers.shape[1] != rows.shape[1]:
        raise InputError(
            f"The shape of the initial centers {centers.shape} does not match "
            f"the number of features of the data {rows.shape[1]}."
        )
    if not np.isfinite(centers).all():
        raise InputError("The initial centers hold NaN or infinity.")
    return centers
