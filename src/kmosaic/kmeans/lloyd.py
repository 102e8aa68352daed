"""Runs of Lloyd on the same rows: numbered, told to whoever listens, and stopped if they say so."""

from __future__ import annotations

from typing import Any

from kmosaic._engine import Data
from kmosaic._values import Fit, Rows
from kmosaic._verbose import say
from kmosaic.kmeans.runs import how_it_ended
from kmosaic.kmeans.told_runs import ToldRuns


class Lloyd:
    """What every run of a fit has in common: the engine's data and settings, and who listens.

    settings: of `Data.fit`. heard: scikit-learn's callbacks, if any.

    >>> import numpy as np
    >>> lloyd = Lloyd(Data(np.array([[0.0], [2.0]])), {"max_iter": 9, "tolerance": 0.0})
    >>> lloyd.begin()
    >>> lloyd.run(np.zeros((1, 1))).centers.tolist(), lloyd.count
    ([[1.0]], 1)
    """

    def __init__(
        self,
        data: Data,
        settings: dict[str, Any],
        *,
        heard: ToldRuns | None = None,
        verbose: int = 0,
    ) -> None:
        self.count = 0  # runs that have begun
        self.stopped = False  # a callback wants no more of them
        self._data = data
        self._settings = settings
        self._heard = heard
        self.verbose = verbose

    def begin(self) -> None:
        """Begin a run, before its start is found."""
        self.count += 1
        if self._heard:
            self._heard.begin(self._settings["max_iter"])

    def run(self, start: Rows, **other: Any) -> Fit:
        """The run from these centers; other: settings of this one that differ."""
        settings = {**self._settings, **other, "run": self.count}
        if self._heard:
            fit = self._heard.fit(self._data, start, settings)
        else:
            fit = self._data.fit(start, **settings)
        if self.verbose:
            say(how_it_ended(fit, settings["max_iter"], settings["tolerance"]))
        if self._heard:
            self.stopped = self._heard.end(fit)
        return fit
