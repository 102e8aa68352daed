"""The geometry of the charts, so that the templates only place what is given."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from kmosaic._percent import share
from kmosaic.report.facts import Confusion, Start

_SHADES = 9


@dataclass(frozen=True)
class Tick:
    """A line of the grid with its text."""

    at: float
    text: str


@dataclass(frozen=True)
class Curve:
    """One polyline."""

    points: str
    end: tuple[float, float]
    start: Start


@dataclass(frozen=True)
class LineChart:
    """A chart of curves, in the units of its own view box."""

    width: int
    height: int
    left: float
    right: float
    top: float
    bottom: float
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    curves: tuple[Curve, ...]  # the best one last, so that it is drawn on top


def convergence(starts: Sequence[Start], width: int, height: int) -> LineChart:
    """Inertia over iterations, in percent above the best start's end."""
    left, right, top, bottom = 58.0, width - 14.0, 14.0, height - 44.0
    best = next(start for start in starts if start.is_best).inertia
    longest = max(start.steps[-1].number for start in starts)
    excess = [step.inertia / best - 1 if best else 0.0 for s in starts for step in s.steps]
    highest = max([*excess, 1e-6])

    def x(number: float) -> float:
        return round(left + (right - left) * (number - 1) / max(1, longest - 1), 1)

    def y(above: float) -> float:
        return round(bottom - (bottom - top) * above / highest, 1)

    def curve(start: Start) -> Curve:
        at = [(x(s.number), y(s.inertia / best - 1 if best else 0.0)) for s in start.steps]
        return Curve(" ".join(f"{a},{b}" for a, b in at), at[-1], start)

    steps = [step for step in nice_ticks(1, longest, 8 if width > 500 else 4) if step >= 1]
    levels = nice_ticks(0, highest, 5)
    return LineChart(
        width, height, left, right, top, bottom,
        x_ticks=tuple(Tick(x(s), f"{s:.0f}") for s in steps if s == int(s)),
        y_ticks=tuple(Tick(y(v), f"+{100 * v:g}%" if v else "best") for v in levels),
        curves=tuple(curve(start) for start in sorted(starts, key=lambda start: start.is_best)),
    )  # fmt: skip


def nice_ticks(low: float, high: float, most: int) -> list[float]:
    """Round numbers from low to high, at most so many.

    >>> nice_ticks(0, 0.23, 5), nice_ticks(1, 34, 8)
    ([0.0, 0.05, 0.1, 0.15, 0.2], [5, 10, 15, 20, 25, 30])
    """
    if high <= low:
        return [low]
    rough = (high - low) / most
    power = 10 ** math.floor(math.log10(rough))
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= rough)
    step = round(step, 12)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [round(number * step, 12) for number in range(first, last + 1)]


@dataclass(frozen=True)
class Cell:
    """One count of the confusion table."""

    count: int
    shade: int  # 0 to 9, by its share of the row
    agrees: bool  # the row's name is the column's label


@dataclass(frozen=True)
class Line:
    """One row of the confusion table."""

    name: str
    number: int | None
    cells: tuple[Cell, ...]
    total: int
    agrees: str  # share of the row in its largest cell


def shaded(confusion: Confusion) -> tuple[Line, ...]:
    """The confusion table with a shade for every cell."""
    lines = []
    for name, number, counts in zip(
        confusion.rows, confusion.numbers, confusion.counts, strict=True
    ):
        total = sum(counts)
        cells = tuple(
            Cell(count, math.ceil(_SHADES * count / total) if total else 0, name == label)
            for count, label in zip(counts, confusion.labels, strict=True)
        )
        largest = share(max(counts) / total) if total else "–"
        lines.append(Line(name, number, cells, total, largest))
    return tuple(lines)


def percent(part: float) -> str:
    """A length in percent, for an SVG attribute.

    >>> percent(0.125)
    '12.50%'
    """
    return f"{100 * part:.2f}%"


def length_of(part: int, longest: int) -> str:
    """The length of a bar in percent of the longest.

    >>> length_of(30, 120)
    '25.00%'
    """
    return percent(part / longest) if longest else percent(0)
