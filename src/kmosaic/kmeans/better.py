"""quality="best": what Lloyd found, made better by rounds of moves, each with Lloyd after it."""

from __future__ import annotations

import functools
import time
from typing import Any

import numpy as np
from scipy.sparse import issparse

from kmosaic._engine import Data
from kmosaic._sparse import data_of
from kmosaic._values import Certificate, Fit
from kmosaic._verbose import say
from kmosaic.kmeans.lloyd import Lloyd
from kmosaic.kmeans.moves import Done, Moves
from kmosaic.kmeans.standing import Ground

MOST_ROUNDS = 4
WORTH = 1e-3  # a gain below this share of inertia is not worth another round
MOST_LLOYD = MOST_ROUNDS + 1  # runs of Lloyd on all rows, the last one to rest
SAMPLE, SAMPLE_PER_CLUSTER = 10_000, 200  # rows that moves are tried on, where there are far more
_FEWEST_PER_CLUSTER = 20  # with a smaller sample, moves would follow chance
_STARTS = 3  # on each sample, beside the best so far: they cost little there
_FUTILE = 2  # samples that may show nothing before that is believed
_BYTES_OF_AN_ORDER = 16  # of each of all rows, while a sample is drawn
_BYTES_A_ROW = 96  # that moves hold of rows they are tried on
clock = time.monotonic


class Deadline:
    """When to stop: after some seconds, or never.

    >>> Deadline(None).passed(), Deadline(0.0).passed()
    (False, True)
    """

    def __init__(self, seconds: float | None) -> None:
        self._end = None if seconds is None else clock() + seconds

    def passed(self) -> bool:
        """Whether it is over."""
        return self._end is not None and clock() >= self._end


def better(
    data: Data,
    fit: Fit,
    lloyd: Lloyd,
    random_state: np.random.RandomState,
    *,
    deadline: Deadline,
    memory_limit: int = 0,
) -> Fit:
    """The fit, or one of less inertia, with centers at which Lloyd has come to rest.

    Moves are tried on all rows, or on a sample where there are many; what they find is kept if
    Lloyd on all rows, from there, finds less inertia. lloyd: runs on the rows of data.
    memory_limit: bytes beyond these, 0 for none.

    >>> data = Data(np.array([[0.0], [1.0], [50.0], [51.0], [100.0], [101.0]]))
    >>> poor = data.fit(np.array([[0.0], [1.0], [75.0]]))
    >>> lloyd = Lloyd(data, {"max_iter": 300, "tolerance": 0.0})
    >>> found = better(data, poor, lloyd, np.random.RandomState(0), deadline=Deadline(None))
    >>> poor.inertia, found.inertia
    (2501.0, 1.5)
    """
    rounds = _Rounds(data, fit, lloyd, random_state, deadline, memory_limit)
    while rounds.worth_another():
        rounds.another()
    rounds.rest()
    return rounds.best._replace(why=f"{fit.why}; {rounds.story()}")


class _Rounds:
    """Rounds of moves, the best that they found, and what they did."""

    def __init__(
        self,
        data: Data,
        fit: Fit,
        lloyd: Lloyd,
        random_state: np.random.RandomState,
        deadline: Deadline,
        memory_limit: int,
    ) -> None:
        self.best = fit
        self._first = fit
        self._data = data
        self._lloyd = lloyd
        self._random_state = random_state
        self._deadline = deadline
        self._memory_limit = memory_limit
        self._count = _rows_to_try_on(data, len(fit.centers), memory_limit)
        self._done: list[Done] = []
        self._whole = self._count == data.shape[0]
        self._possible = self._count > 0 and 2 <= len(fit.centers) == fit.clusters_used
        self._left = 1 if self._whole else _FUTILE  # rounds without much gain

    def worth_another(self) -> bool:
        """Whether inertia may still fall, as far as the rounds so far tell."""
        more = self._possible and self._left > 0 and len(self._done) < MOST_ROUNDS
        return more and self.best.inertia > 0 and not self._enough()

    def another(self) -> None:
        """Try moves, and Lloyd from what they found."""
        before = self.best.inertia
        moves = Moves(
            Ground(self._data if self._whole else self._sample()),
            self._random_state,
            memory_limit=self._left_for_moves(),
            enough=self._enough,
        )
        unmoved = there = self.best if self._whole else moves.lloyd(self.best.centers)
        if not self._whole:
            there = moves.start_anew(there, _STARTS)
        found = moves.breathe(there)
        if self._whole:  # of many rows a single one hardly counts
            found = moves.move_rows(found)
        self._done.append(moves.done)
        del moves  # and all that it holds, before Lloyd takes what there is
        if found is not unmoved:
            self._go_on_from(found)
        self._left -= self.best.inertia >= before * (1 - WORTH)
        if self._lloyd.verbose:
            done = self._done[-1]
            what = f"{done.kept or 'nothing'} kept in {done.tried} tries"
            say(f"Moves, round {len(self._done)}: {what}, inertia {self.best.inertia}.")

    def rest(self) -> None:
        """Lloyd until nothing moves, if a tolerance ended it."""
        if self.best.history[-1].moved and not self._enough():
            self._go_on_from(self.best, tolerance=0.0)

    def story(self) -> str:
        """What was done, as a part of a sentence."""
        if not self._done:
            no_room = not self._count and len(self._first.centers) > 1
            if no_room:
                return "memory_limit leaves no room for moves"
            late = ": time_limit was over before" if self._deadline.passed() else ""
            return f"no move was tried{late}"
        done = functools.reduce(Done.plus, self._done)
        over = " before time_limit was over" if self._deadline.passed() else ""
        share = 1 - self.best.inertia / self._first.inertia
        where = "" if self._whole else f" on {self._count} rows"
        if share <= 0 or not done.kept:
            return f"none of {done.tried} moves tried{where} lowered inertia{over}"
        gain = f"{100 * share:.2g}%"
        return f"then {done.kept} lowered inertia by {gain}, in {done.tried} tries{where}{over}"

    def _go_on_from(self, found: Fit, **settings: float) -> None:
        self._lloyd.begin()
        self.best = kept(self.best, self._lloyd.run(found.centers, **settings))

    def _enough(self) -> bool:
        return self._lloyd.stopped or self._deadline.passed()

    def _left_for_moves(self) -> int:
        """Bytes beyond what is held of the rows that moves are tried on; 0 for no limit."""
        if not self._memory_limit:
            return 0
        held = _BYTES_A_ROW + (0 if self._whole else _bytes_of_a_row(self._data))
        return max(self._memory_limit - self._count * held, 1)

    def _sample(self) -> Data:
        drawn = self._data.draw_rows(self._count, self._random_state)
        self._data.end_draws()  # it holds an order of all rows
        drawn, times = np.unique(drawn, return_counts=True)
        return data_of(self._data.rows[drawn], times.astype(np.float64))


def _rows_to_try_on(data: Data, k: int, memory_limit: int) -> int:
    """All rows, or how many; 0 where there is no room for enough."""
    n: int = data.shape[0]
    sample = max(SAMPLE, SAMPLE_PER_CLUSTER * k)
    whole = n <= 2 * sample
    if not memory_limit:
        return n if whole else sample
    if whole and n * _BYTES_A_ROW <= memory_limit:
        return n
    room = memory_limit // (_BYTES_A_ROW + _bytes_of_a_row(data))
    sample = min(sample, room, n // 2)
    enough = sample >= _FEWEST_PER_CLUSTER * k and n * _BYTES_OF_AN_ORDER <= memory_limit
    return sample if enough else 0


def _bytes_of_a_row(data: Data) -> int:
    rows: Any = data.rows
    held = int(rows.data.nbytes * 2 if issparse(rows) else rows.nbytes)
    n: int = data.shape[0]
    return held // n


def kept(before: Fit, found: Fit) -> Fit:
    """The better of two runs, with the effort of both; in the history inertia never rises."""
    history, n_iter, better = before.history, before.n_iter, before
    if found.inertia < before.inertia:
        known = history[-1].inertia
        later = (done for done in found.history if done.inertia <= known)
        history += tuple(done._replace(number=n_iter + done.number) for done in later)
        n_iter, better = n_iter + found.n_iter, found
    return better._replace(
        n_iter=n_iter,
        history=history,
        certificate=_of_both(before.certificate, found.certificate),
    )


def _of_both(first: Certificate, second: Certificate) -> Certificate:
    return Certificate(
        screened=first.screened + second.screened,
        decided=first.decided + second.decided,
        largest_bound=max(first.largest_bound, second.largest_bound),
        extra_bytes=max(first.extra_bytes, second.extra_bytes),
    )
