"""The one door: what comes in is checked here, and nothing below checks again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import issparse
from sklearn.utils.validation import _check_sample_weight, check_array, validate_data

from kmosaic._errors import InputError
from kmosaic._rows import held_dtype
from kmosaic._sparse import check_parts
from kmosaic._values import Distances, Rows

_TAKEN = [np.float64, np.float32, np.uint8]  # all else becomes the first
_COMPLEX = "Complex data not supported"
_ARRAY = re.compile(r"(\[\S+\s+\S+\s+\S+)\s.{80,}\s(\S+\])", re.DOTALL)  # of many numbers
_TAKEN_AS_IT_IS = frozenset(map(np.dtype, _TAKEN))


def check_rows(estimator: Any, X: Any, *, reset: bool, sparse: bool = False) -> Rows:
    """X as a C-contiguous float32, float64 or uint8 array, (n, d); other numbers become float64.

    sparse: scipy's sparse matrices are welcome, and become CSR of float32 or float64.

    Copied only where it is not such an array already. NaN and infinity are found by the engine,
    which has to look at all numbers anyway.
    """
    if _is_clean(X) and _note_width(estimator, X.shape[1], reset):
        return X  # type: ignore[no-any-return]
    check_parts(X)
    with _in_short():
        rows = validate_data(
            estimator,
            X,
            reset=reset,
            dtype=_TAKEN,
            order="C",
            accept_sparse="csr" if sparse else False,
            ensure_all_finite=False,
        )
    return _of_floats(rows) if issparse(rows) else rows  # type: ignore[no-any-return]


def check_array_alone(X: Any) -> Rows:
    """X as check_rows() gives it, for a function that remembers nothing of it."""
    if _is_clean(X):
        return X  # type: ignore[no-any-return]
    check_parts(X)
    with _in_short():
        rows = check_array(X, dtype=_TAKEN, order="C", accept_sparse="csr", ensure_all_finite=False)
    return _of_floats(rows) if issparse(rows) else rows  # type: ignore[no-any-return]


@contextmanager
def _in_short() -> Iterator[None]:
    """Cut short the arrays that scikit-learn's errors show: a thousand numbers hide the cure."""
    try:
        yield
    except ValueError as error:
        text = str(error)
        if text.startswith(_COMPLEX):
            raise InputError(f"{_COMPLEX}: give X.real, or both parts as columns.") from None
        if _ARRAY.search(text):
            raise InputError(_ARRAY.sub(r"\1 ... \2", text)) from None
        raise


def _of_floats(rows: Any) -> Any:
    """Sparse rows as the engine takes them: bytes in them become float64 as other whole numbers."""
    return rows.astype(np.float64) if rows.dtype == np.uint8 else rows


def _is_clean(X: Any) -> bool:
    """Whether X is an array in which scikit-learn would find nothing to convert or to refuse."""
    return (
        type(X) is np.ndarray
        and X.dtype in _TAKEN_AS_IT_IS
        and X.ndim == 2
        and X.size > 0
        and X.flags.c_contiguous
    )


def _note_width(estimator: Any, width: int, reset: bool) -> bool:
    """Do what scikit-learn does for an array without names; False if it has more to say."""
    if reset:
        estimator.n_features_in_ = width
        vars(estimator).pop("feature_names_in_", None)
        return True
    seen = vars(estimator)
    return "feature_names_in_" not in seen and seen.get("n_features_in_") == width


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
    """Starting centers given by the user, (n_clusters, d), in the dtype of centers."""
    if issparse(init):
        raise InputError("The initial centers are a sparse matrix; give init.toarray().")
    if np.iscomplexobj(init):
        raise InputError("The initial centers are complex; give real numbers.")
    centers: Rows = np.array(init, dtype=held_dtype(rows), order="C")
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
        row, column = np.argwhere(~np.isfinite(centers))[0]
        raise InputError(
            f"The initial centers hold NaN or infinity, first at row {row}, column {column}."
        )
    return centers
