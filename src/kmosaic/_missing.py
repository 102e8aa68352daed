"""Rows with gaps, for the engine: distances and means are over the numbers that are known."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import issparse

from kmosaic import _engine, _rows
from kmosaic._engine import Data
from kmosaic._errors import InputError
from kmosaic._sparse import data_of
from kmosaic._values import Distances, Labels, Rows

_TOGETHER = 1 << 22  # numbers that are looked at in one go


class MissingData(Data):
    """Rows with NaN in place of what is missing; neither copied nor changed, but for a start.

    rows: (n, d) float32 or float64, C-contiguous. The methods are those of Data; `rows`, which
    starts are made of, are a copy with the means of the columns in the gaps, until end_draws().
    Raises InputError for a row without any number.

    >>> data = MissingData(np.array([[0.0, np.nan], [1.0, 8.0], [np.nan, 9.0]]))
    >>> data.nearest(np.array([[0.0, 0.0], [5.0, 9.0]]))[0].tolist()
    [0, 1, 1]
    >>> data.rows.tolist()
    [[0.0, 8.5], [1.0, 8.0], [0.5, 9.0]]
    """

    def _open(self, rows: Rows, weights: Distances | None) -> Any:
        self._rows = _rows.readable(rows)
        self._headless = True
        self._filled: Data | None = None
        none = np.flatnonzero(_all_missing(self._rows))
        if len(none):
            raise InputError(f"Row {none[0]} of X holds no number at all: remove it.")
        core = _engine.MISSING_CORES[self._rows.dtype]
        return core(self._rows, weights, _engine.n_threads(), _engine.instruction_set())

    def _where_not_finite(self, rows: Rows) -> str:
        row, column = _rows.first_where(np.isinf, rows)
        return _rows.not_finite(rows[row, column], row, column)

    @property
    def rows(self) -> Rows:
        """What starts are made of: a copy with the means of the columns in the gaps."""
        return self._whole().rows

    def _whole(self) -> Data:
        if self._filled is None:
            none = np.flatnonzero(_all_missing(self._rows.T))
            if len(none):
                raise InputError(f"Column {none[0]} of X holds no number at all: remove it.")
            means = self.summarize(np.zeros((1, self.shape[1]))).means
            filled = np.where(np.isnan(self._rows), means.astype(self.dtype), self._rows)
            self._filled = Data(filled, self._weights)
        return self._filled

    def plus_plus(
        self,
        k: int,
        random_state: np.random.RandomState,
        *,
        memory_limit: int = 0,
        trials: int | None = None,
    ) -> npt.NDArray[np.int64]:
        """As of Data, on the rows with their gaps filled."""
        return self._whole().plus_plus(k, random_state, memory_limit=memory_limit, trials=trials)

    def plain_plus_plus(
        self, k: int, random_state: np.random.RandomState, *, memory_limit: int = 0
    ) -> npt.NDArray[np.int64]:
        """As of Data, on the rows with their gaps filled."""
        return self._whole().plain_plus_plus(k, random_state, memory_limit=memory_limit)

    def oversample(
        self,
        k: int,
        random_state: np.random.RandomState,
        *,
        factor: float = 2,
        rounds: int = 5,
        memory_limit: int = 0,
    ) -> tuple[npt.NDArray[np.int64], Distances]:
        """As of Data, on the rows with their gaps filled."""
        return self._whole().oversample(
            k, random_state, factor=factor, rounds=rounds, memory_limit=memory_limit
        )

    def draw_rows(self, count: int, random_state: np.random.RandomState) -> npt.NDArray[np.int64]:
        """As of Data."""
        return self._whole().draw_rows(count, random_state)

    def end_draws(self) -> None:
        """Let go of the rows with their gaps filled."""
        self._filled = None

    def silhouette(
        self, labels: Labels, k: int, on_fraction: Callable[[float], Any] | None = None
    ) -> Distances:
        """Raise InputError: what is missing leaves distances between rows unknown."""
        raise InputError("X holds NaN: a silhouette needs all numbers; fill the gaps first.")

    def fits(self, algorithm: str, k: int) -> bool:
        """There is one algorithm for such rows."""
        return algorithm == "lloyd"

    def algorithms(self, k: int) -> list[str]:
        """As of Data."""
        return ["lloyd"]


def data_with_gaps(rows: Rows, weights: Distances | None = None) -> Data:
    """Rows as the engine takes them, whether numbers are missing or not.

    >>> type(data_with_gaps(np.zeros((2, 1)))).__name__
    'Data'
    """
    if issparse(rows) or rows.dtype not in _engine.MISSING_CORES or not np.isnan(rows.min()):
        return data_of(rows, weights)
    return MissingData(rows, weights)


def _all_missing(rows: Rows) -> npt.NDArray[np.bool_]:
    """Which rows hold NaN alone, some rows at a time, so that little memory is taken."""
    step = max(_TOGETHER // max(rows.shape[1], 1), 1)
    parts = [np.isnan(rows[i : i + step]).all(axis=1) for i in range(0, len(rows), step)]
    return np.concatenate(parts)
