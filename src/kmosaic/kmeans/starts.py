"""Where k-means starts: one function a way, and a table of them."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import issparse

from kmosaic._engine import Data
from kmosaic._sparse import contents, data_of
from kmosaic._values import Rows
from kmosaic.kmeans.checks import check_centers

# (data, rows, k, random_state, memory_limit) -> k centers; the limit is in bytes, 0 for none
Start = Callable[[Data, Rows, int, np.random.RandomState, int], Rows]


def plus_plus(
    data: Data, rows: Rows, k: int, random_state: np.random.RandomState, memory_limit: int
) -> Rows:
    """Greedy k-means++: far apart, but not at outliers' mercy (Arthur & Vassilvitskii 2007)."""
    return contents(rows, data.plus_plus(k, random_state, memory_limit=memory_limit))


def plain_plus_plus(
    data: Data, rows: Rows, k: int, random_state: np.random.RandomState, memory_limit: int
) -> Rows:
    """Plain k-means++: each center is drawn and kept, so it takes no longer than an iteration."""
    return contents(rows, data.plain_plus_plus(k, random_state, memory_limit=memory_limit))


def parallel(
    data: Data, rows: Rows, k: int, random_state: np.random.RandomState, memory_limit: int
) -> Rows:
    """k-means||: ten times too many in five rounds, then greedy k-means++ (Bahmani et al. 2012)."""
    return contents(rows, parallel_rows(data, rows, k, random_state, memory_limit=memory_limit))


def parallel_rows(
    data: Data,
    rows: Rows,
    k: int,
    random_state: np.random.RandomState,
    *,
    factor: float = 2,
    rounds: int = 5,
    memory_limit: int = 0,
) -> npt.NDArray[np.int64]:
    """The numbers of the rows where k-means|| starts: the best of those that were drawn.

    What each of these stands for counts as its weight.
    """
    drawn, weights = data.oversample(
        k, random_state, factor=factor, rounds=rounds, memory_limit=memory_limit
    )
    candidates = data_of(rows[drawn], weights)
    return drawn[candidates.plus_plus(k, random_state, memory_limit=memory_limit)]


def random(
    data: Data, rows: Rows, k: int, random_state: np.random.RandomState, memory_limit: int
) -> Rows:
    """Rows of different content, drawn with probability proportional to weight (Forgy 1965)."""
    chosen = data.different_rows(k, random_state)
    # Where fewer are different, or a few have nearly all the weight, centers that begin alike are
    # moved to the farthest rows: what these are does not depend on the order of the rows.
    chosen = np.resize(chosen, k)
    return contents(rows, chosen)


STARTS: dict[str, Start] = {
    "k-means++": plus_plus,
    "plain-k-means++": plain_plus_plus,
    "k-means||": parallel,
    "random": random,
}
BY_DISTANCE = frozenset(STARTS) - {"random"}  # one start is enough, and memory is needed to find it


def start_maker(init: Any, n_clusters: int) -> Start:
    """The way to start that `init` asks for: by name, by an array or by a callable."""
    if isinstance(init, str):
        return STARTS[init]

    def given(
        data: Data, rows: Rows, k: int, random_state: np.random.RandomState, memory_limit: int
    ) -> Rows:
        made = init(_read_only(rows), k, random_state=random_state) if callable(init) else init
        return check_centers(made, rows, n_clusters)

    return given


def _read_only(rows: Rows) -> Rows:
    """The same numbers for a function that is not ours: X stays as it is whatever that does."""
    if issparse(rows):
        return rows
    view = rows.view()
    view.flags.writeable = False
    return view


def count_starts(estimator: Any, of_random: int) -> int:
    """How many starts n_init asks for: "auto" is `of_random` where each may be another.

    To be called by fit() itself, which a warning points past.
    """
    init, n_init = estimator.init, estimator.n_init
    is_array = not isinstance(init, str) and not callable(init)
    if n_init == "auto":
        return 1 if is_array or (isinstance(init, str) and init in BY_DISTANCE) else of_random
    if is_array and n_init != 1:
        warnings.warn(
            "Explicit initial center position passed: performing only one init in "
            f"{type(estimator).__name__} instead of n_init={n_init}.",
            RuntimeWarning,
            stacklevel=3,
        )
        return 1
    return int(n_init)
