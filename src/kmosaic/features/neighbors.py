"""The nearest rows of every row."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sklearn.neighbors import NearestNeighbors
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from kmosaic._engine import n_threads
from kmosaic._events import Listener, Progress, silent
from kmosaic._optional import need
from kmosaic.features.base import Matrix

# Multiplications that comparing all rows may cost (70,000 x 70,000 x 48 take 10 s on two cores).
# Beyond, the neighbors are found by descent on a graph, which misses about one in a hundred.
_EXACT_BUDGET = 500_000_000_000
_BLOCK = 4_096  # rows between two looks for Ctrl-C
_ROWS_PER_THREAD = 1_025  # with fewer, scikit-learn shares the work so that ties may fall otherwise


@dataclass(frozen=True)
class Neighbors:
    """The nearest rows of every row, itself among them, nearest first."""

    index: npt.NDArray[np.int32]  # (n, count)
    distances: Matrix  # (n, count)


def nearest_rows(X: Matrix, count: int, seed: int = 0, on_progress: Listener = silent) -> Neighbors:
    """The `count` nearest rows of every row of X (n, d), the same for any number of threads.

    Exact where comparing all rows takes less than about half a minute, else by nearest-neighbor
    descent (Dong, Charikar & Li 2011), with this seed.

    >>> nearest_rows(np.array([[0], [1], [5]], np.float32), count=2).index.tolist()
    [[0, 1], [1, 0], [2, 1]]
    """
    if len(X) ** 2 * X.shape[1] > _EXACT_BUDGET:
        return _by_descent(X, count, seed, on_progress)
    return _by_comparing(X, count, on_progress)


def _by_comparing(X: Matrix, count: int, on_progress: Listener) -> Neighbors:
    n = len(X)
    index = np.empty((n, count), dtype=np.int32)
    distances = np.empty((n, count), dtype=np.float32)
    search = NearestNeighbors(n_neighbors=count, algorithm="brute").fit(X)
    _tell(on_progress, 0, n)
    for start in range(0, n, _BLOCK):
        rows = slice(start, min(start + _BLOCK, n))
        threads = max(1, min(n_threads(), (rows.stop - start) // _ROWS_PER_THREAD))
        with threadpool_limits(threads):
            distances[rows], index[rows] = search.kneighbors(X[rows])
        _tell(on_progress, rows.stop, n)
    return Neighbors(index, distances)


def _by_descent(X: Matrix, count: int, seed: int, on_progress: Listener) -> Neighbors:
    descent = need("pynndescent", extra="manifold")
    _tell(on_progress, 0, None)
    # One thread, because the result depends on how many there are.
    index, distances = descent.NNDescent(
        X, n_neighbors=count, random_state=seed, n_jobs=1
    ).neighbor_graph
    return Neighbors(index.astype(np.int32), distances.astype(np.float32))


def _tell(on_progress: Listener, done: int, total: int | None) -> None:
    on_progress(Progress("embedding", done, total, "items", "neighbors"))
