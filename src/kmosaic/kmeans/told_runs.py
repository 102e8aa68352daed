"""Runs of the engine of which scikit-learn's callbacks hear every iteration."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from kmosaic._engine import Data
from kmosaic._values import Fit, Iteration, Rows
from kmosaic.kmeans.callbacks import Task

Attributes = Callable[[Fit], dict[str, Any]]  # of an estimator that found this


class ToldRuns:
    """The runs of a fit: each a part of its task, with its iterations as parts of its own.

    twin: makes the engine's data once more, for what callbacks want of the model while the engine
    is at work.
    """

    def __init__(self, task: Task, twin: Callable[[], Data], attributes: Attributes) -> None:
        self._task = task
        self._twin = functools.cache(twin)
        self._attributes = attributes

    def begin(self, max_iter: int) -> None:
        """Begin the next run, before its start is found."""
        self._run = self._task.part("start", most=max_iter)

    def fit(self, data: Data, start: Rows, settings: dict[str, Any]) -> Fit:
        """data.fit(start, **settings), as far as the callbacks want it to go."""
        iterations = _Iterations(self._run, start, settings, self._twin, self._attributes)
        try:
            found = data.fit(start, **{**settings, "on_iteration": iterations.hear})
        except _StopError:
            # Stopped from outside, the engine keeps nothing; the same again is the same result.
            shorter = {"max_iter": len(iterations.heard), "on_iteration": None}
            found = data.fit(start, **{**settings, **shorter})
        iterations.end()
        return found

    def end(self, found: Fit) -> bool:
        """End the run, and return whether callbacks want no more of them."""
        return self._run.ends(functools.partial(self._attributes, found))


class _StopError(Exception):
    """A callback wants no more iterations."""


class _Iterations:
    """The iterations of a run as parts of its task; the engine says only when each ends."""

    def __init__(
        self,
        run: Task,
        start: Rows,
        settings: dict[str, Any],
        twin: Callable[[], Data],
        attributes: Attributes,
    ) -> None:
        self.heard: list[Iteration] = []
        self._run = run
        self._settings = settings
        self._twin = twin
        self._attributes = attributes
        self._centers, self._known = start, 0  # the centers after so many iterations
        self._part: Task | None = run.part("iteration")

    def hear(self, done: Iteration) -> None:
        """End an iteration, and begin the next if there will be one."""
        if self._settings["on_iteration"] is not None:
            self._settings["on_iteration"](done)
        self.heard.append(done)
        part = self._part or self._run.part("iteration")
        self._part = None
        stop = part.ends(self._state)
        if self._is_last(done):
            return
        if stop:
            raise _StopError
        self._part = self._run.part("iteration")

    def end(self) -> None:
        """End an iteration that the engine did not find necessary after all."""
        if self._part is not None:
            self._part.ends()

    def _is_last(self, done: Iteration) -> bool:
        # As the engine sees it, but for the rounding of a root.
        settled = done.moved == 0 or done.center_shift**2 <= self._settings["tolerance"]
        return settled or done.number == self._settings["max_iter"]

    def _state(self) -> dict[str, Any]:
        """The attributes as if max_iter were the iterations so far: steps from known centers."""
        more = len(self.heard) - self._known
        kind = self._settings["kind"]
        fit = self._twin().fit(self._centers, max_iter=more, algorithm="lloyd", kind=kind)
        self._centers, self._known = fit.centers, len(self.heard)
        return self._attributes(fit._replace(n_iter=self._known, history=tuple(self.heard)))
