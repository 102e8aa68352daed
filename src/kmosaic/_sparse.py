"""Sparse rows (scipy's CSR) for the engine: labels and centers of the dense ones, bit for bit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import issparse

from kmosaic import _engine, _rows
from kmosaic._engine import Data
from kmosaic._errors import InputError
from kmosaic._values import Distances, Rows

_FLOATS = (np.dtype(np.float32), np.dtype(np.float64))
_NO_MATRIX = "The parts of X do not make up a sparse matrix."
_MOST_ROWS, _MOST_COLUMNS = 2**32 - 1, 2**31 - 1


class SparseData(Data):
    """Rows of which only what is not zero is stored; never written out, never changed.

    rows: scipy's CSR matrix or array, (n, d), float32 or float64. Explicit zeros are like any
    others; repeated and unsorted columns are put in order in a copy.
    The methods are those of Data; distances may differ from the dense ones in the last digits.

    >>> from scipy.sparse import csr_array
    >>> data = SparseData(csr_array([[0.0, 0.0], [1.0, 0.0], [0.0, 10.0]]))
    >>> data.nearest(np.array([[0.0, 0.0], [0.0, 9.0]]))[0].tolist()
    [0, 0, 1]
    """

    def _open(self, rows: Any, weights: Distances | None) -> Any:
        if rows.shape[1] > _MOST_COLUMNS:
            raise InputError(f"X has {rows.shape[1]} columns; sparse rows take {_MOST_COLUMNS}.")
        if rows.shape[0] > _MOST_ROWS:
            raise InputError(f"X has {rows.shape[0]} sparse rows; {_MOST_ROWS} are the most.")
        self._headless = True  # sparse rows have no use for leading coordinates
        good = rows.indptr.shape == (rows.shape[0] + 1,) and rows.data.ndim == 1
        if not good or not _fits_int32(rows.indices):
            raise InputError(_NO_MATRIX)
        core = self._core_of(rows, weights)
        return self._core_of(_once_each(rows), weights) if core.repeats else core

    def _core_of(self, rows: Any, weights: Distances | None) -> Any:
        stored = int(rows.indptr[-1])
        values = _rows.readable(rows.data[:stored])
        core: Callable[..., Any] = _engine.SPARSE_CORES[values.dtype]
        return core(
            values,
            np.ascontiguousarray(rows.indices[:stored], dtype=np.int32),
            np.ascontiguousarray(rows.indptr, dtype=np.int64),
            rows.shape[1],
            weights,
            _engine.n_threads(),
            _engine.instruction_set(),
        )

    def _where_not_finite(self, rows: Any) -> str:
        rows = _once_each(rows)
        at = int(np.argmax(~np.isfinite(rows.data)))
        row = int(np.searchsorted(rows.indptr, at, side="right")) - 1
        return _rows.not_finite(rows.data[at], row, int(rows.indices[at]), sparse=True)

    def fair_share(self) -> int:
        """No limit: what bounds of sparse rows take is little beside the rows."""
        return 0

    def _why_not(self, algorithm: str) -> str:
        return "is not made for sparse rows"

    def lengths(self) -> Distances:
        """The Euclidean length of each row, (n,); the bits of the dense rows."""
        return np.sqrt(self._core.squared_lengths())

    def set_head(self, directions: Distances) -> None:
        """Do nothing: sparse rows have no use for leading coordinates, which change no result."""


def data_of(rows: Rows, weights: Distances | None = None) -> Data:
    """Rows, sparse or not, as the engine takes them.

    >>> data_of(np.zeros((2, 1))).shape
    (2, 1)
    """
    return SparseData(rows, weights) if issparse(rows) else Data(rows, weights)


def contents(rows: Rows, chosen: npt.NDArray[np.int64]) -> Rows:
    """Some rows, written out, (len(chosen), d).

    >>> from scipy.sparse import csr_array
    >>> contents(csr_array([[0.0, 2.0], [1.0, 0.0]]), np.array([1])).tolist()
    [[1.0, 0.0]]
    """
    picked: Any = rows[chosen]
    return picked.toarray() if issparse(picked) else picked  # type: ignore[no-any-return]


def check_parts(X: Any) -> None:
    """Raise InputError for sparse parts that do not fit, where scipy would trust them.

    scipy looks at the parts only when a matrix is made, and they may have been changed since. CSR
    of floats is left to the engine, which looks at all that _core_of() does not lose on the way.

    >>> from scipy.sparse import csc_array
    >>> X = csc_array([[1.0, 2.0]])
    >>> check_parts(X)
    >>> X.indices[1] = 7
    >>> check_parts(X)
    Traceback (most recent call last):
    kmosaic._errors.InputError: The parts of X do not make up a sparse matrix.
    """
    if not issparse(X) or (X.format == "csr" and X.dtype in _FLOATS):
        return
    if X.ndim != 2:  # scikit-learn tells what it expected
        return
    if X.format in ("csr", "csc", "bsr"):
        sizes = [size // block for size, block in zip(X.shape, _block(X), strict=True)]
        major, minor = reversed(sizes) if X.format == "csc" else sizes
        good = _starts_fit(X.indptr, major, min(len(X.indices), len(X.data)))
        good = good and _below(X.indices[: X.indptr[-1]], minor)  # what follows belongs to no row
    elif X.format == "coo":
        good = all(
            place.shape == X.data.shape and _below(place, size)
            for place, size in zip((X.row, X.col), X.shape, strict=True)
        )
    else:
        return
    if not good:
        raise InputError(_NO_MATRIX)


def _fits_int32(columns: Any) -> bool:
    small = columns.dtype.itemsize <= 4 and columns.ndim == 1
    return small or _below(columns, _MOST_COLUMNS + 1)


def _block(X: Any) -> tuple[int, int]:
    return X.blocksize if X.format == "bsr" else (1, 1)


def _starts_fit(starts: Any, count: int, stored: int) -> bool:
    if starts.shape != (count + 1,) or starts[0] != 0 or starts[-1] > stored:
        return False
    return bool((starts[1:] >= starts[:-1]).all())


def _below(places: Any, size: int) -> bool:
    if places.ndim != 1:
        return False
    return not places.size or (places.min() >= 0 and bool(places.max() < size))


def _once_each(rows: Any) -> Any:
    # Columns ascend and come once in each row; the caller's matrix stays as it is. What scipy noted
    # of it is not trusted: it may be from before its parts were changed.
    rows = rows.tocsc().tocsr()  # sorts in linear time: a third of what sorting each row takes
    rows.has_canonical_format = False
    rows.sum_duplicates()
    return rows
