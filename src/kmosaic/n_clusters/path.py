"""A fit for every k, each from the best of several starts that share their work."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np

from kmosaic._engine import Data
from kmosaic._sparse import contents
from kmosaic._values import Fit, Rows
from kmosaic.n_clusters import starts

_SLIGHTLY = 1 - 1e-9  # less is no better: it may be rounding


class Path:
    """The best fit found so far of each of some k.

    rows and data: the same rows. ks: ascending. best[k]: the fit; k is missing where there are
    fewer different rows.
    """

    def __init__(
        self,
        rows: Rows,
        data: Data,
        ks: Sequence[int],
        random_state: np.random.RandomState,
        *,
        max_iter: int = 100,
        tolerance: float = 0.0,
        tell: Callable[[], None] = lambda: None,
    ) -> None:
        self._rows, self._data, self._random_state = rows, data, random_state
        self._max_iter, self._tolerance, self._tell = max_iter, tolerance, tell
        self.ks = [k for k in ks if k <= rows.shape[0]]
        self.best: dict[int, Fit] = {}

    def fit_from_scratch(self, n_starts: int) -> None:
        """Greedy k-means++ for the largest k: its first k rows are a start for every k."""
        if not self.ks:  # fewer rows than the smallest k
            return
        orders = [self._data.plus_plus(self.ks[-1], self._random_state) for _ in range(n_starts)]
        for k in self.ks:
            for chosen in orders:
                self.offer(k, contents(self._rows, chosen[:k]))
            self._split_up_to(k)
            self._tell()

    def go_down_and_up(self) -> None:
        """Merge clusters of each fit for the k before it, then split those for the k after it."""
        known = [k for k in self.ks if k in self.best]
        for fewer, k in reversed(list(pairwise(known))):
            self.offer(fewer, starts.merged(self.best[k], k - fewer))
        for k in known:
            self._split_up_to(k)
            self._tell()

    def offer(self, k: int, start: Rows) -> None:
        """Fit k clusters from these centers, and keep the result if it is the best so far."""
        fit = self._data.fit(
            np.ascontiguousarray(start), max_iter=self._max_iter, tolerance=self._tolerance
        )
        if fit.clusters_used < k:
            return
        if k not in self.best or fit.inertia < self.best[k].inertia * _SLIGHTLY:
            self.best[k] = fit

    def _split_up_to(self, k: int) -> None:
        before = [fewer for fewer in self.ks if fewer < k and fewer in self.best]
        if not before:
            return
        fit = self.best[before[-1]]
        more = starts.split(self._rows, self._data, fit, k - before[-1], self._random_state)
        if more is not None:
            self.offer(k, more)
