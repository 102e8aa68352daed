"""Which columns have most to do with the anomalies."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kmosaic.outliers import Judged

_MOST_COLUMNS = 20
_MOST_ROWS = 5_000  # of each kind


@dataclass(frozen=True)
class Column:
    """What a column adds to the scores."""

    name: str
    anomalies: float  # to those of the anomalies, on average
    others: float  # to those of the other rows
    first: int  # anomalies to which it adds most


def columns_of(judged: Judged) -> list[Column]:
    """The columns by what they add to the scores of anomalies beyond what they add to the others.

    Where there are many rows, the anomalies are the least ordinary, and the others every so many.
    """
    many = int(judged.flagged.sum())
    if not many:
        return []
    anomalies = judged.explain(judged.order[: min(many, _MOST_ROWS)]).contributions
    ordinary = np.flatnonzero(~judged.flagged)
    step = max(len(ordinary) // _MOST_ROWS, 1)
    others = _mean(judged, ordinary[::step])
    first = np.bincount(anomalies.argmax(axis=1), minlength=len(judged.columns))
    means = anomalies.mean(axis=0)
    order = np.argsort(others - means, kind="stable")[:_MOST_COLUMNS]
    return [
        Column(judged.columns[j], float(means[j]), float(others[j]), int(first[j]))
        for j in order.tolist()
    ]


def _mean(judged: Judged, positions: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    if not len(positions):
        return np.zeros(len(judged.columns))
    found: npt.NDArray[np.float64] = judged.explain(positions).contributions.mean(axis=0)
    return found
