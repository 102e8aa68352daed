"""Moves that Lloyd cannot make, each tried by itself and kept if inertia falls.

Centers come where there is error, or are drawn by squared distance as in LS++ (Lattanzi & Sohler
2019), and as many go that save least (Fritzke 2020); rows move alone (Hartigan 1975).
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from kmosaic._sparse import contents
from kmosaic._values import Fit, Rows
from kmosaic.kmeans.breathing import draw, merge, split
from kmosaic.kmeans.hartigan import moved, row_moves
from kmosaic.kmeans.standing import Ground, Standing

AT_ONCE = (4, 2)  # centers that come and go together, as long as that helps
WORTH = 1e-4  # a gain below this share of inertia is not worth another try of the same kind
_WORTH_OF_ROWS = 1e-5  # as WORTH; a pass over single rows costs a few iterations only
_MOST_PASSES = 50  # over single rows
_TOLERANCE = 1e-4  # of Lloyd between moves; the one after them is exact
_KINDS = {"splits": split, "swaps": draw}  # where centers come


class Done(NamedTuple):
    """How many moves were tried, and how many of which kind were kept.

    >>> Done(tried=3, splits=1).plus(Done(tried=2, rows=5)).kept
    '1 split and 5 single rows'
    """

    tried: int = 0
    splits: int = 0
    swaps: int = 0
    rows: int = 0
    starts: int = 0

    def plus(self, other: Done) -> Done:
        """Both together."""
        return Done(*(a + b for a, b in zip(self, other, strict=True)))

    @property
    def kept(self) -> str:
        """Those that were kept, by name; empty if none was."""
        counts = {
            "new start": self.starts,
            "split": self.splits,
            "swap": self.swaps,
            "single row": self.rows,
        }
        named = (f"{count} {name}{'s' * (count > 1)}" for name, count in counts.items() if count)
        return " and ".join(named)


class Moves:
    """Moves among the same rows, until none is worth it or `enough()` says so.

    >>> from kmosaic._engine import Data
    >>> rows = np.array([[0.0], [1.0], [50.0], [51.0], [100.0], [101.0]])
    >>> ground = Ground(Data(rows))
    >>> poor = ground.data.fit(np.array([[0.0], [1.0], [75.0]]))  # Lloyd ends here
    >>> sorted(Moves(ground, np.random.RandomState(0)).breathe(poor).centers.ravel().tolist())
    [0.5, 50.5, 100.5]
    """

    def __init__(
        self,
        ground: Ground,
        random_state: np.random.RandomState,
        *,
        max_iter: int = 300,
        memory_limit: int = 0,
        enough: Callable[[], bool] = lambda: False,
    ) -> None:
        self.done = Done()
        self._ground = ground
        self._random_state = random_state
        self._enough = enough
        self._memory_limit = memory_limit
        self._known: Standing | None = None  # of the best so far
        self.lloyd: Callable[[Rows], Fit] = functools.partial(
            ground.data.fit,
            max_iter=max_iter,
            tolerance=_TOLERANCE * ground.data.mean_variance(),
            memory_limit=memory_limit,
        )

    def start_anew(self, fit: Fit, times: int) -> Fit:
        """The fit, or one of less inertia: Lloyd from other centers, by greedy k-means++."""
        best = fit
        for _ in range(times):
            if self._enough():
                break
            data, k = self._ground.data, len(fit.centers)
            start = data.plus_plus(k, self._random_state, memory_limit=self._memory_limit)
            best = min(best, self._try(contents(data.rows, start)), key=_inertia)
        self.done = self.done.plus(Done(starts=int(best is not fit)))
        return best

    def breathe(self, fit: Fit) -> Fit:
        """The fit, or one of less inertia: some centers come, and as many go."""
        for at_once in AT_ONCE:
            helps = True
            while helps:
                before = fit.inertia
                fit = self._breathe_once(fit, min(at_once, len(fit.centers)))
                helps = fit.inertia < before * (1 - WORTH)
        return fit

    def move_rows(self, fit: Fit) -> Fit:
        """The fit, or one of less inertia: rows change their cluster alone, many in a pass."""
        for _ in range(_MOST_PASSES):
            if self._enough():
                break
            standing = self._standing(fit)
            rows = row_moves(standing)
            if not rows:
                break
            found = self._try(moved(standing, rows))
            if found.inertia < fit.inertia:
                self.done = self.done.plus(Done(rows=len(rows)))
            if found.inertia >= fit.inertia * (1 - _WORTH_OF_ROWS):
                return min(fit, found, key=_inertia)
            fit = found
        return fit

    def _breathe_once(self, fit: Fit, count: int) -> Fit:
        """In one way, and in the other if that is of little worth."""
        standing = self._standing(fit)
        best, kept = fit, Done()
        for kind, come in _KINDS.items():
            if self._enough():
                break
            more = self.lloyd(come(standing, count, self._random_state)).centers
            found = self._try(merge(Standing(self._ground, more), standing.k))
            if found.inertia < best.inertia:
                best, kept = found, Done(**{kind: 1})  # in place of one that was worth little
            if best.inertia < fit.inertia * (1 - WORTH):
                break
        self.done = self.done.plus(kept)
        return best

    def _standing(self, fit: Fit) -> Standing:
        if self._known is None or self._known.centers is not fit.centers:
            self._known = Standing(self._ground, fit.centers)
        return self._known

    def _try(self, centers: Rows) -> Fit:
        self.done = self.done.plus(Done(tried=1))
        return self.lloyd(centers)


def _inertia(fit: Fit) -> float:
    return fit.inertia
