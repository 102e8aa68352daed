"""Rows with their scores: which are anomalies, and why, in numbers and in words."""

from __future__ import annotations

import math
from copy import copy
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt

from kmosaic._percent import MOST_SURE, percent
from kmosaic._values import Distances, Rows
from kmosaic.outliers.detector import AnomalyDetector
from kmosaic.outliers.scores import Reasons

_MOST_REASONS = 3
_LEAST_SHARE = 0.05  # of the score: what adds less is no reason


@dataclass(frozen=True)
class Reason:
    """A column that has to do with the score of a row."""

    column: str
    value: float
    expected: float  # what would be ordinary for such a row
    spread: float  # how far ordinary rows are from that
    share: float  # of the score

    def __str__(self) -> str:
        """The same in words."""
        value, part = shown(self.value), percent(self.share)
        return f"{self.column} is {value}, ordinary {self.ordinary} ({part})"

    @property
    def ordinary(self) -> str:
        """What would be ordinary, in words, with two digits of the spread.

        >>> Reason("a", 9.0, -0.14005, 0.16096, 0.5).ordinary
        '-0.14 ± 0.16'
        >>> Reason("a", 9.0, -0.02, 2.2, 0.5).ordinary
        '0.0 ± 2.2'
        >>> Reason("a", 9.0, 1369.0, 988.0, 0.5).ordinary
        '1,370 ± 990'
        """
        digits = 1 - math.floor(math.log10(self.spread))
        expected = round(self.expected, digits) + 0.0  # which makes 0 of -0
        if -15 < digits < 0:
            return f"{expected:,.0f} ± {round(self.spread, digits):,.0f}"
        if not 0 <= digits <= 9:
            return f"{shown(self.expected)} ± {self.spread:,.2g}"
        return f"{expected:,.{digits}f} ± {self.spread:,.{digits}f}"


@dataclass(frozen=True, eq=False)
class Judged:
    """Rows that a detector has judged."""

    detector: AnomalyDetector = field(repr=False)
    rows: Rows = field(repr=False)  # (n, d)
    columns: tuple[str, ...]  # (d,)
    ids: tuple[str, ...] | None  # (n,) what the rows are called; None: by their numbers
    scores: Distances = field(repr=False)  # (n,) from 0 up: the higher, the less ordinary
    probabilities: Distances = field(repr=False)  # (n,) 0.5 at the threshold
    id_column: str | None = None  # of the table, where one names the rows

    @classmethod
    def of(
        cls,
        detector: AnomalyDetector,
        rows: Rows,
        columns: tuple[str, ...],
        ids: tuple[str, ...] | None,
        id_column: str | None = None,
    ) -> Judged:
        """Judge rows, (n, d)."""
        scores = -detector.score_samples(rows)
        probabilities = np.minimum(detector.probability_of(scores), MOST_SURE)
        return cls(detector, rows, columns, ids, scores, probabilities, id_column)

    @property
    def threshold(self) -> float:
        """Anomalies score above it."""
        return -float(self.detector.offset_)

    @cached_property
    def flagged(self) -> npt.NDArray[np.bool_]:
        """Which rows are anomalies, (n,)."""
        found: npt.NDArray[np.bool_] = self.scores > self.threshold
        return found

    @cached_property
    def order(self) -> npt.NDArray[np.int64]:
        """Positions of the rows, the least ordinary first, (n,)."""
        return np.argsort(-self.scores, kind="stable")

    def name(self, position: int) -> str:
        """What a row is called: its id, or its number from 0."""
        if self.ids is None:
            return f"row {position:,}"
        found = self.ids[position]
        is_told = self.id_column is not None and found.isdigit()  # else a number among numbers
        return f"{self.id_column} {found}" if is_told else found

    def explain(self, positions: npt.NDArray[np.int64]) -> Reasons:
        """Contributions of the columns to the scores of some rows."""
        return self.detector.explain(self.rows[positions])

    def reasons(self, positions: npt.NDArray[np.int64]) -> list[list[Reason]]:
        """For each of some rows the columns that add most to its score, the first one most."""
        if not len(positions):
            return []
        found = self.explain(positions)
        return [self._of_row(found, place, at) for place, at in enumerate(positions.tolist())]

    def save_model(self, folder: Path) -> Path:
        """Save the detector with the columns that new rows must have, and what names them."""
        named = copy(self.detector)
        named.feature_names_in_ = np.array(self.columns, dtype=object)
        if self.id_column is not None:
            named.id_column_ = self.id_column
        return named.save(folder)

    def _of_row(self, found: Reasons, place: int, at: int) -> list[Reason]:
        parts = found.contributions[place]
        total = float(parts.sum()) or 1.0
        most = np.argsort(-parts, kind="stable")[:_MOST_REASONS]
        chosen = [j for j in most.tolist() if parts[j] >= _LEAST_SHARE * total and parts[j] > 0]
        return [
            Reason(
                self.columns[j],
                float(self.rows[at, j]),
                float(found.expected[place, j]),
                float(found.spread[place, j]),
                float(parts[j]) / total,
            )
            for j in chosen
        ]


def shown(value: float) -> str:
    """A number with four digits.

    >>> shown(0.123456), shown(-1234.5), shown(12), shown(3.2e18)
    ('0.1235', '-1,234', '12', '3.2e+18')
    """
    return f"{value:,.0f}" if 1000 <= abs(value) < 1e15 else f"{value:.4g}"
