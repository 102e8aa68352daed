"""All libraries in turn, round after round, so that a slow spell of the machine hits all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from random import Random
from statistics import median

from benchmarks.libraries import Library
from benchmarks.measure import MEASURES, NotMeasuredError, Sample, Task
from benchmarks.workers import Worker

CONTENDER = 1.15  # a peer this much slower than the best one is not the best one by mere noise
CHEAP = 5.0  # seconds in all that are spent on any library


@dataclass(frozen=True)
class Patience:
    """How often and how long."""

    repeats: int = 3
    budget: float = 30.0  # seconds for one library and one workload, after which it is not repeated
    factor: float = 2.0  # times the best peer so far, after which a fit is stopped
    least: float = 10.0  # seconds before a fit is stopped


@dataclass
class Entry:
    """What has been measured of one library."""

    library: Library
    samples: list[Sample] = field(default_factory=list)
    error: str = ""

    @property
    def seconds(self) -> float:
        """The median."""
        return median(sample.seconds for sample in self.samples)

    @property
    def spent(self) -> float:
        """All seconds that were needed."""
        return sum(sample.spent for sample in self.samples)


def rounds(
    table: str,
    task: Task,
    workers: list[Worker],
    patience: Patience,
    tell: Callable[[Entry], None],
) -> list[Entry]:
    """Measure every library in turn; those that cannot be the best one less often."""
    entries = [Entry(worker.library) for worker in workers]
    # A difference of two times is noisier than a time.
    more = 2 if table == "iteration" and patience.repeats > 1 else 0
    for number in range(patience.repeats + more):
        turn = list(zip(workers, entries, strict=True))
        # Ours goes first once, to say how many iterations there are; then in any order, as who
        # follows a library that keeps threads or memory busy may pay for it.
        if number:
            Random(number).shuffle(turn)
        for worker, entry in turn:
            if number == 0 or _again(entry, entries, task, patience):
                limit = None if entry.library.kind == "ours" else _limit(entries, task, patience)
                try:
                    sample = MEASURES[table](worker, task, limit)
                    entry.samples.append(sample)
                    if task.needed is None and entry.library.kind != "limit":
                        task = replace(task, needed=sample.n_iter)
                except NotMeasuredError as error:
                    entry.error = str(error)
                tell(entry)
    return entries


def stopped_early(n_iter: int, needed: int) -> bool:
    """Whether these are clearly fewer iterations than ours needed from the same start.

    One less is what those are told who do not look whether a row moves.
    """
    return n_iter + 1 < 0.9 * needed


def _best(entries: list[Entry], task: Task) -> float | None:
    """Seconds of the best peer that did the same work."""
    return min((entry.seconds for entry in entries if _same_work(entry, task)), default=None)


def _same_work(entry: Entry, task: Task) -> bool:
    return (
        entry.library.kind == "peer"
        and bool(entry.samples)
        and entry.seconds > 0
        and (entry.library.float64 or not task.float64)
        and not stopped_early(entry.samples[-1].n_iter, task.needed or 0)
    )


def _limit(entries: list[Entry], task: Task, patience: Patience) -> float | None:
    best = _best(entries, task)
    return None if best is None else max(patience.least, patience.factor * best)


def _again(entry: Entry, entries: list[Entry], task: Task, patience: Patience) -> bool:
    if entry.error or not entry.samples:
        return False
    if entry.spent + entry.samples[-1].spent > patience.budget:
        return False
    best = _best(entries, task)
    cannot_win = best is not None and entry.seconds > CONTENDER * best
    matters = entry.library.kind in ("ours", "limit") or not cannot_win
    return matters or entry.spent < CHEAP
