"""The geometry of the criteria over K: one small chart each, all on the same axis."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from kmosaic._percent import chance
from kmosaic.n_clusters import CRITERIA, Choice
from kmosaic.n_clusters.table import shown
from kmosaic.report.charts import Tick, nice_ticks

WIDTH, HEIGHT = 250, 142
_APART = 18.0  # of the ticks from that of the k chosen
_LEFT, _RIGHT, _TOP, _BOTTOM = 14.0, WIDTH - 14.0, 16.0, HEIGHT - 26.0


@dataclass(frozen=True)
class Point:
    """One value of a criterion."""

    k: int
    x: float
    y: float
    text: str


@dataclass(frozen=True)
class Panel:
    """One criterion over K, in the units of its own view box."""

    name: str
    title: str
    goal: str  # in words
    ring: str  # what the ring stands for
    line: tuple[str, ...]  # polylines, parted where there is no value
    points: tuple[Point, ...]
    chosen: float  # x of the k chosen
    chosen_point: Point | None
    second: float | None  # x of the runner-up
    preferred: Point | None  # what the criterion would choose by itself
    low: str
    high: str
    ticks: tuple[Tick, ...]
    width: int = WIDTH
    height: int = HEIGHT
    top: float = _TOP
    bottom: float = _BOTTOM
    left: float = _LEFT
    right: float = _RIGHT


def panels(choice: Choice) -> list[Panel]:
    """A chart for each criterion that has a value."""
    return [_panel(choice, name) for name, values in choice.criteria.items() if values]


def _panel(choice: Choice, name: str) -> Panel:
    ks, values = choice.evidence.ks, choice.criteria[name]
    criterion = CRITERIA[name]
    finite = [value for value in values.values() if math.isfinite(value)]
    low, high = (min(finite), max(finite)) if finite else (0.0, 1.0)
    spread = high - low or 1.0

    def point(k: int) -> Point:
        y = _BOTTOM - (values[k] - low) / spread * (_BOTTOM - _TOP)
        return Point(k, x_of(ks, k), round(y, 1), f"K = {k}: {shown(values[k])}")

    points = {k: point(k) for k in ks if k in values and math.isfinite(values[k])}
    preferred = choice.preferences[name]
    if name == "inertia":
        goal, ring = "falls with every K", f"The knee, for reading only: {preferred}"
    else:
        goal = "higher is better" if criterion.higher_is_better else "lower is better"
        ring = f"It would choose {preferred} by itself: {criterion.own_rule}"
    return Panel(
        name=name,
        title=criterion.heading,
        goal=goal,
        ring=ring,
        line=tuple(_lines([points.get(k) for k in ks])),
        points=tuple(points.values()),
        chosen=x_of(ks, choice.k),
        chosen_point=points.get(choice.k),
        second=None if choice.runner_up is None else x_of(ks, choice.runner_up),
        preferred=None if preferred is None else points.get(preferred),
        low=shown(low),
        high=shown(high),
        ticks=ticks_of(ks, choice.k),
    )


def _lines(points: Sequence[Point | None]) -> list[str]:
    parts: list[list[str]] = [[]]
    for point in points:
        if point is None:
            parts.append([])
        else:
            parts[-1].append(f"{point.x},{point.y}")
    return [" ".join(part) for part in parts if part]


def x_of(ks: Sequence[int], k: int) -> float:
    """Where a k stands on the axis, by its value.

    >>> x_of((1, 3), 1), x_of((1, 3), 3), x_of((4,), 4)
    (14.0, 236.0, 125.0)
    """
    if ks[0] == ks[-1]:
        return (_LEFT + _RIGHT) / 2
    return round(_LEFT + (_RIGHT - _LEFT) * (k - ks[0]) / (ks[-1] - ks[0]), 1)


def ticks_of(ks: Sequence[int], chosen: int) -> tuple[Tick, ...]:
    """A few of the k, as the axis names them, clear of each other and of the one chosen.

    >>> [tick.text for tick in ticks_of(range(1, 61), chosen=49)]
    ['10', '20', '30', '40', '60']
    """
    marks = [int(k) for k in (ks if len(ks) <= 8 else nice_ticks(ks[0], ks[-1], 6)) if k == int(k)]
    taken, found = [x_of(ks, chosen)], []
    for k in marks:
        at = x_of(ks, k)
        if all(abs(at - other) >= _APART for other in taken):
            taken.append(at)
            found.append(Tick(at, str(k)))
    return tuple(found)


@dataclass(frozen=True)
class Bar:
    """The probability of one k."""

    k: int
    x: float
    width: float
    height: float
    text: str
    is_named: bool  # on the axis


def bars(choice: Choice, width: float, height: float) -> list[Bar]:
    """The rule's probabilities, side by side.

    Every k that could be fitted has one, in the order of k.
    """
    ks = sorted(choice.probabilities)
    room = width / max(len(ks), 1)
    at = {k: place for place, k in enumerate(ks)}

    def is_named(k: int) -> bool:
        near = abs(at[k] - at[choice.k]) * room < _APART
        step = 5 * max(1, math.ceil(_APART / room / 5)) if room < _APART else 1
        return k == choice.k or (not near and k % step == 0)

    return [
        Bar(
            k,
            round(place * room + 0.1 * room, 2),
            round(0.8 * room, 2),
            round(max(probability * height, 1.0), 2),
            f"K = {k}: {chance(probability)}",
            is_named(k),
        )
        for place, (k, probability) in enumerate(sorted(choice.probabilities.items()))
    ]
