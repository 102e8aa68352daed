"""Where centers had best be, among a few thousand colors."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from kmosaic._engine import Data
from kmosaic._values import Distances, Rows
from kmosaic.kmeans.breathing import draw, merge, split
from kmosaic.kmeans.standing import Ground, Standing

_SHORT = 3  # iterations of Lloyd between moves


class _Plan(NamedTuple):
    most: int  # clusters
    tries: int  # each from centers of its own
    shares: tuple[float, ...]  # of the centers, that come and go together
    draws: bool = False  # every other time they come where chance has it
    trials: int | None = None  # of k-means++


_SHARES = (0.5, 0.25, 0.12, 0.06)
_PLANS = (
    _Plan(32, 4, 2 * _SHARES, draws=True),  # all is cheap, and one badly placed costs much
    _Plan(128, 1, 2 * _SHARES),
    _Plan(1 << 31, 1, _SHARES[:3], trials=2),
)


class _Judged(Standing):
    """How well centers stand, by what is to be small."""

    @property
    def costs(self) -> Distances:
        """What each cluster costs, (k,): its error."""
        return self.errors


class _JudgedPlainly(_Judged):
    """The same by the mean of distances, not of their squares."""

    @functools.cached_property
    def costs(self) -> Distances:
        return self.ground.sums(self.labels, self._away, self.k)

    @functools.cached_property
    def utilities(self) -> Distances:
        more = np.sqrt(self.second_squared) - self._away
        return self.ground.sums(self.labels, more, self.k)

    @functools.cached_property
    def _away(self) -> Distances:
        return np.sqrt(self.squared)


def seek(data: Data, n: int, squares: bool, random_state: np.random.RandomState) -> Rows:
    """Centers, (n, d), that are well spread among the rows of data.

    squares: whether the mean of squared distances is to be small, or that of distances.

    >>> data = Data(np.array([[0.0], [1.0], [50.0], [51.0]]))
    >>> sorted(seek(data, 2, True, np.random.RandomState(0)).ravel().tolist())
    [0.5, 50.5]
    """
    if n == 1:
        return data.fit(data.rows[data.plus_plus(1, random_state)], max_iter=1).centers
    plan = next(plan for plan in _PLANS if n <= plan.most)
    kind, ground = _Judged if squares else _JudgedPlainly, Ground(data)

    def stand(centers: Rows) -> _Judged:
        return kind(ground, centers)

    tries = [_tried(data, stand, n, plan, random_state) for _ in range(plan.tries)]
    return min(tries, key=_cost).centers


def _tried(
    data: Data,
    stand: Callable[[Rows], _Judged],
    n: int,
    plan: _Plan,
    random_state: np.random.RandomState,
) -> _Judged:
    first = data.plus_plus(n, random_state, trials=plan.trials)
    best = stand(data.fit(data.rows[first], max_iter=_SHORT).centers)
    for number, share in enumerate(plan.shares):
        count = max(1, int(share * n))
        if plan.draws and number % 2:
            more = draw(best, count, random_state)
        else:
            more = split(best, count, random_state, best.costs)
        fewer = merge(stand(data.fit(more, max_iter=_SHORT).centers), n)
        found = stand(data.fit(fewer, max_iter=_SHORT).centers)
        best = min(best, found, key=_cost)
    return best


def _cost(standing: _Judged) -> float:
    return float(standing.costs.sum())
