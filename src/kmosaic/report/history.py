"""How k-means converged, start by start."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from kmosaic.kmeans import Iteration
from kmosaic.report.facts import Start, Step

_MOST_STARTS = 50  # drawn; with more, the best ones


def starts_of(history: Iterable[Iteration]) -> tuple[Start, ...]:
    """The starts that a history of iterations tells of, the best one marked.

    With more than 50 the best ones are kept. An empty history gives none.
    """
    runs = [
        (number, tuple(_step(iteration) for iteration in iterations))
        for number, iterations in groupby(sorted(history, key=_place), key=lambda one: one.run)
    ]
    if not runs:
        return ()
    best = min(runs, key=lambda run: (run[1][-1].inertia, run[0]))[0]
    runs = sorted(runs, key=lambda run: run[1][-1].inertia)[:_MOST_STARTS]
    return tuple(Start(number, steps, number == best) for number, steps in sorted(runs))


def _place(iteration: Iteration) -> tuple[int, int]:
    return iteration.run, iteration.number


def _step(iteration: Iteration) -> Step:
    return Step(
        number=iteration.number,
        inertia=iteration.inertia,
        moved=iteration.moved,
        shift=iteration.center_shift,
        seconds=iteration.seconds,
    )
