"""Sparse rows (scipy's CSR) for the engine: labels and centers of the dense ones, bit for bit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import issparse

from kmosaic import _engine
from kmosaic._engine import Data, Distances, Rows
from kmosaic._errors import InputError

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
        _check_parts(rows)
        core = self._core_of(rows, weights)
        return self._core_of(_once_each(rows), weights) if core.repeats else core

    def _core_of(self, rows: Any, weights: Distances | None) -> Any:
        stored = int(rows.indptr[-1])
        values = _engine.readable(rows.data[:stored])
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
        return _engine.not_finite(rows.data[at], row, int(rows.indices[at]))

    def fair_share(self) -> int:
        """No limit: what bounds of sparse rows take is little beside the rows."""
        return 0

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


def _check_parts(rows: Any) -> None:
    # scipy looks at the parts only when a matrix is made, and they may have been changed since. The
    # core checks all that is not lost on the way there.
    starts, columns = rows.indptr, rows.indices
    good = starts.shape == (rows.shape[0] + 1,) and columns.ndim == rows.data.ndim == 1
    if good and columns.dtype.itemsize > 4 and columns.size:
        good = columns.min() >= 0 and columns.max() <= _MOST_COLUMNS
    if not good:
        raise InputError("The parts of X (indptr, indices, data) do not make up a sparse matrix.")


def _once_each(rows: Any) -> Any:
    # Columns ascend and come once in each row; the caller's matrix stays as it is. What scipy noted
    # of it is not trusted: it may be from before its parts were changed.
    rows = rows.tocsc().tocsr()  # sorts in linear time: a third of what sorting each row takes
    rows.has_canonical_format = False
    rows.sum_duplicates()
    return rows
