"""One column of a table as numbers on the scale on which rows are compared."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from kmosaic._errors import InputError
from kmosaic._scales import column_scales
from kmosaic._values import Distances
from kmosaic.data.mixed import Column, Numbers, words_of
from kmosaic.features.mixed.roles import MOST_LEVELS
from kmosaic.features.mixed.tails import Tail, choose_tail, knots_of, unit_of

FARTHEST = 4.0  # standard deviations: a number that is farther off counts as if it were there
OTHER, MISSING = "(other)", "(missing)"


@dataclass(frozen=True, eq=False)
class NumberFeature:
    """A column of numbers: filled in, bent, and divided by its robust spread."""

    kind: ClassVar[str] = "number"
    name: str
    tail: str  # "none", "log" or "quantile"
    unit: float  # what counts as 1 before the logarithm
    center: float  # after bending
    scale: float  # after bending
    fill: float  # what stands for a missing number: the median
    n_missing: int  # when it was fitted
    knots: npt.NDArray[np.float64] = field(default_factory=lambda: np.zeros((2, 0)), repr=False)

    width: ClassVar[int] = 1

    @classmethod
    def of(cls, name: str, column: Numbers, tail: Tail) -> NumberFeature:
        """Find out from a column how it is looked at."""
        known = column.values[~column.missing]
        try:
            chosen = choose_tail(known, tail)
        except InputError as error:
            raise InputError(f"Column {name!r} {error}") from None
        fill = float(np.median(known))
        found = cls(name, chosen, 1.0, 0.0, 1.0, fill, len(column.values) - len(known))
        if chosen == "log":
            found = replace(found, unit=unit_of(known))
        if chosen == "quantile":
            found = replace(found, knots=np.stack(knots_of(known)))
        bent = found._bent(known)
        scale = float(column_scales(bent[:, None])[0])
        return replace(found, center=float(np.median(bent)), scale=scale)

    def check(self) -> None:
        """Raise ValueError or TypeError unless this can be what was saved."""
        _check_texts(self.name, self.tail)
        _check_finite(self.unit, self.center, self.scale, self.fill, self.n_missing)
        if self.tail not in ("none", "log", "quantile") or self.unit <= 0 or self.scale <= 0:
            raise ValueError(f"column {self.name!r} has a scale that is none.")
        at = self.knots
        if at.ndim != 2 or len(at) != 2 or at.dtype != np.float64 or not np.isfinite(at).all():
            raise ValueError(f"column {self.name!r} has ranks that are none.")
        if (np.diff(at) < 0).any() or (self.tail == "quantile" and not at.size):
            raise ValueError(f"column {self.name!r} has ranks that do not rise.")

    def filled(self, column: Numbers) -> Distances:
        """The numbers, with the median where one is missing, (n,)."""
        return np.where(column.missing, self.fill, column.values)

    def into(self, column: Column, out: npt.NDArray[Any]) -> None:
        """Write the numbers of a column into out, (n, 1)."""
        assert isinstance(column, Numbers)
        scaled = (self._bent(self.filled(column)) - self.center) / self.scale
        np.clip(scaled, -FARTHEST, FARTHEST, out=out[:, 0])

    def _bent(self, values: Distances) -> Distances:
        if self.tail == "log":
            bent: Distances = np.log1p(np.maximum(values, 0) / self.unit)
            return bent
        if self.tail == "quantile":
            scores: Distances = np.interp(values, self.knots[0], self.knots[1])
            return scores
        return values

    def told(self) -> str:
        """How it is looked at, in words."""
        how = {"none": "as it is", "log": "its logarithm", "quantile": "its rank"}[self.tail]
        missing = f", {self.n_missing:,} missing filled with the median" if self.n_missing else ""
        return f"{self.name}: a number, {how}{missing}"


@dataclass(frozen=True, eq=False)
class CategoryFeature:
    """A column of categories: a column of 0 or `weight` for each of them."""

    kind: ClassVar[str] = "category"
    name: str
    levels: tuple[str, ...]  # the last may be "(other)"
    weight: float
    n_missing: int

    @property
    def width(self) -> int:
        """Columns that it takes."""
        return len(self.levels)

    @classmethod
    def of(cls, name: str, column: Column) -> CategoryFeature:
        """Find out from a column which categories there are."""
        words = words_of(column)
        order = np.argsort(-words.counts, kind="stable")
        order = order[words.counts[order] > 0]
        kept = [words.levels[code] for code in order[:MOST_LEVELS].tolist()]
        n_missing = int(np.count_nonzero(words.missing))
        levels = [*sorted(kept), *([MISSING] if n_missing else [])]
        if len(order) > MOST_LEVELS:
            levels.append(OTHER)
        return cls(name, tuple(levels), 1.0, n_missing)

    def check(self) -> None:
        """Raise ValueError or TypeError unless this can be what was saved."""
        _check_texts(self.name, *self.levels)
        _check_finite(self.weight, self.n_missing)
        if not self.levels or len(set(self.levels)) != len(self.levels) or self.weight <= 0:
            raise ValueError(f"column {self.name!r} has categories that are none.")

    def codes(self, column: Column) -> npt.NDArray[np.int64]:
        """The category of each row, (n,); -1 for what was not there when it was fitted."""
        words = words_of(column)
        other = self.levels.index(OTHER) if OTHER in self.levels else -1
        places = {level: place for place, level in enumerate(self.levels)}
        table = [places.get(level, other) for level in words.levels]
        found: npt.NDArray[np.int64] = np.array([*table, places.get(MISSING, -1)])[words.codes]
        return found

    def into(self, column: Column, out: npt.NDArray[Any]) -> None:
        """Write `weight` into the column of each row's category; out, (n, width), holds zeros."""
        codes = self.codes(column)
        rows = np.flatnonzero(codes >= 0)
        out[rows, codes[rows]] = self.weight

    def told(self) -> str:
        """How it is looked at, in words."""
        many = len(self.levels) - (OTHER in self.levels) - (MISSING in self.levels)
        rest = ", the others together" if OTHER in self.levels else ""
        missing = f", {self.n_missing:,} missing as one of their own" if self.n_missing else ""
        return f"{self.name}: {many} categories{rest}{missing}"


Feature = NumberFeature | CategoryFeature


def _check_texts(*values: object) -> None:
    if not all(isinstance(value, str) for value in values):
        raise TypeError("a name is no text.")


def _check_finite(*values: object) -> None:
    for value in values:
        if type(value) not in (int, float) or not np.isfinite(float(value)):  # type: ignore[arg-type]
            raise TypeError(f"{value!r:.40} is no number.")
