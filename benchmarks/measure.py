"""One measurement of each kind: a table of functions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy.typing as npt

from benchmarks.workers import Worker


@dataclass(frozen=True)
class Sample:
    """What one measurement found."""

    seconds: float  # of one iteration, one fit, or one seeding
    spent: float  # seconds in all
    extra: int | None  # bytes beyond the rows
    centers: npt.NDArray[Any]
    n_iter: int
    algorithm: str = ""
    parts: tuple[float, ...] = ()  # the times that `seconds` was computed from


@dataclass(frozen=True)
class Task:
    """What is asked of every library."""

    k: int
    iterations: int
    cap: int
    float64: bool = False  # the rows
    needed: int | None = (
        None  # iterations that ours needed, for those that do not know when to stop
    )


class NotMeasuredError(Exception):
    """Why a library has no figure."""


def iteration(worker: Worker, task: Task, _: float | None) -> Sample:
    """Seconds of an iteration: what more iterations cost beyond a fit of one.

    So neither the copy or the packing of the rows nor the last pass for the labels is counted.

    An untimed fit goes before: the first one after other processes ran gets memory that the system
    has to find anew. Were that the fit of one iteration, a library that copies the rows would seem
    to iterate in no time at all.
    """
    _asked(worker, None, do="warm")
    first = _asked(worker, None, do="fit", max_iter=1)
    more = _asked(worker, None, do="fit", max_iter=1 + task.iterations)
    count = more["n_iter"] - first["n_iter"]
    if count < 1:
        raise NotMeasuredError(f"stopped after {more['n_iter']} iterations")
    gap = more["seconds"] - first["seconds"]
    spent = more["seconds"] + first["seconds"]
    return Sample(
        gap / count,
        spent,
        more["extra"],
        more["centers"],
        more["n_iter"],
        more["algorithm"],
        (first["seconds"], more["seconds"]),
    )


def convergence(worker: Worker, task: Task, limit: float | None) -> Sample:
    """Seconds of a fit from the given start until nothing moves, or to the cap."""
    told = worker.library.told_iterations and task.needed
    _asked(worker, None, do="warm")
    answer = _asked(worker, limit, do="fit", max_iter=_moves(task) if told else task.cap)
    seconds = answer["seconds"]
    return Sample(
        seconds,
        seconds,
        answer["extra"],
        answer["centers"],
        answer["n_iter"],
        answer["algorithm"],
    )


def _moves(task: Task) -> int:
    # The last iteration of a fit that converged finds that no row moves: whoever is told when to
    # stop need not find out, and its own assignment of the rows comes after the last move.
    needed = task.needed or task.cap
    return needed if needed >= task.cap else max(needed - 1, 1)


def seeding(worker: Worker, task: Task, limit: float | None) -> Sample:
    """Seconds of finding k starting centers by greedy k-means++."""
    answer = _asked(worker, limit, do="seed", k=task.k)
    seconds = answer["seconds"]
    return Sample(seconds, seconds, answer["extra"], answer["centers"], 0)


def _asked(worker: Worker, limit: float | None, **request: Any) -> dict[str, Any]:
    answer = worker.ask(limit, **request)
    if "error" in answer:
        raise NotMeasuredError(answer["error"])
    return answer


MEASURES: dict[str, Callable[[Worker, Task, float | None], Sample]] = {
    "iteration": iteration,
    "convergence": convergence,
    "seeding": seeding,
}
