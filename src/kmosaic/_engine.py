"""The only importer of the compiled core: arrays in, plain frozen values out."""

from __future__ import annotations

import functools
import math
import os
from collections.abc import Callable
from typing import Any

import joblib
import numpy as np
import numpy.typing as npt

from kmosaic import _core
from kmosaic._basis import cheap_to_test, find_basis, head_size, sample_bytes, worth_head
from kmosaic._errors import InputError, TooLargeError
from kmosaic._rows import (
    centers_in_float64,
    first_where,
    held_dtype,
    not_finite,
    plain_weights,
    readable,
    weight_aside,
)
from kmosaic._values import (
    PLAIN,
    Certificate,
    Distances,
    Fit,
    Iteration,
    Kind,
    Labels,
    Rows,
    Summary,
)

MOST_TRIALS = 32
_MOST_THREADS = 1024
_MOST_DRAWN = 2**31 - 1
SEEDING_BYTES = 40  # a row, see docs/exactness.md
_MOST_SINGLE_BOUNDS = 128  # centers; as in cpp/kmeans/algorithms.cpp
_MOST_KD_COLUMNS = 8  # as in cpp/kernels/kernels.hpp
_FEWEST_ITERATIONS = 3  # with fewer, plain Lloyd; as there
_MUCH_DATA, _MANY_ROWS, _BYTES_A_ROW = 2**28, 2**21, 64  # bytes, rows; see Data.fair_share()
_LABEL_BYTES, _COPIES_OF_CENTERS = 12, 5  # a row, and its label twice; before, after, sums, ...
_ASIDE_BYTES, _EACH_ASIDE_BYTES = 17, 72  # a row, and a row set aside; see cpp/kmeans/aside.hpp
MOST_ITERATIONS = 2**31 - 1  # that the core can count
_LIKELY_ITERATIONS = 40  # nobody knows before
_CORES: dict[np.dtype[Any], Any] = {
    np.dtype(np.float32): _core.DataFloat32,
    np.dtype(np.float64): _core.DataFloat64,
    np.dtype(np.uint8): _core.DataUint8,
}
SPARSE_CORES: dict[np.dtype[Any], Any] = {
    np.dtype(np.float32): _core.SparseFloat32,
    np.dtype(np.float64): _core.SparseFloat64,
}
MISSING_CORES: dict[np.dtype[Any], Any] = {
    np.dtype(np.float32): _core.MissingFloat32,
    np.dtype(np.float64): _core.MissingFloat64,
}


def instruction_sets() -> list[str]:
    """The kernels this processor can run, best first.

    >>> "baseline" in instruction_sets()
    True
    """
    return list(_core.instruction_sets())


def algorithms() -> list[str]:
    """The algorithms that fit() takes by name, plain fused Lloyd first; all give the same bits.

    >>> algorithms()[0]
    'lloyd'
    """
    return list(_core.algorithms())


def n_threads() -> int:
    """How many threads the engine uses: KMOSAIC_NUM_THREADS, else what this process may use.

    That is its cores (by affinity and by the quota of its container), but no more than
    OMP_NUM_THREADS says, read once in each process.

    >>> n_threads() >= 1
    True
    """
    asked = os.environ.get("KMOSAIC_NUM_THREADS")
    if not asked:
        return _usable_threads(os.getpid())
    if not asked.isdecimal() or not 1 <= int(asked) <= _MOST_THREADS:
        raise InputError(
            f"KMOSAIC_NUM_THREADS={asked!r} is not a number of threads, 1 to {_MOST_THREADS}."
        )
    return int(asked)


@functools.lru_cache(maxsize=4)
def _usable_threads(_process: int) -> int:
    # os.cpu_count() knows nothing of affinity and quotas. By OMP_NUM_THREADS joblib shares the
    # cores out among its workers, which would otherwise each take all.
    cores = int(joblib.cpu_count())
    told = os.environ.get("OMP_NUM_THREADS", "").split(",")[0].strip()  # one number a level
    return min(cores, int(told)) if told.isdecimal() and int(told) else cores


def instruction_set() -> str:
    """What KMOSAIC_SIMD asks for; empty: the best there is."""
    asked = os.environ.get("KMOSAIC_SIMD")
    if not asked:
        return ""
    if asked not in instruction_sets():
        known = ", ".join(instruction_sets())
        raise InputError(f"KMOSAIC_SIMD={asked!r} is not one this processor can run: {known}.")
    return asked


def _seed_of(random_state: np.random.RandomState) -> int:
    high, low = random_state.randint(0, 2**32, size=2, dtype=np.uint64).tolist()
    return int(high) << 32 | int(low)


class Data:
    """Rows with what the engine has to know of them; the rows are neither copied nor changed.

    rows: (n, d) float32, float64 or uint8, C-contiguous. weights: (n,) or None. Raises InputError
    where a number is NaN or infinite, or so large that its square is.

    Not for two threads at once: the core remembers what it found (moments, order, head) without a
    lock. Every estimator opens Data of its own.

    >>> data = Data(np.array([[0.0], [1.0], [10.0]]))
    >>> data.nearest(np.array([[0.0], [9.0]]))[0].tolist()
    [0, 0, 1]
    """

    def __init__(self, rows: Rows, weights: Distances | None = None) -> None:
        self._given = rows
        self._unit, self._weights = plain_weights(weights)
        weights, given = self._weights, weights
        self.own_bytes = 0 if weights is None or weights is given else weights.nbytes  # of weights
        self.dtype = rows.dtype
        self.held = held_dtype(rows)
        self.shape = rows.shape
        self._headless = False  # it was found that a head does not pay
        self._core = self._open(rows, weights)
        if not self._core.finite:
            raise InputError(self._where_not_finite(rows))
        if not math.isfinite(self._core.distance_bound * 8):
            raise TooLargeError("X holds numbers so large that their squares overflow; rescale it.")

    def _open(self, rows: Rows, weights: Distances | None) -> _core.DataFloat64:
        self._rows = readable(rows)
        core: Callable[..., _core.DataFloat64] = _CORES[self._rows.dtype]
        return core(self._rows, weights, n_threads(), instruction_set())

    def _where_not_finite(self, rows: Rows) -> str:
        row, column = first_where(lambda part: ~np.isfinite(part), rows)
        return not_finite(rows[row, column], row, column)

    @property
    def rows(self) -> Rows:
        """What starts are made of: the rows as they were given."""
        return self._given

    @property
    def weights(self) -> Distances | None:
        """The weight of each row, (n,), in some unit; None: all weigh the same."""
        return self._weights

    @property
    def rows_that_count(self) -> int:
        """How many rows have a weight."""
        return self.shape[0] if self._weights is None else int(np.count_nonzero(self._weights))

    def fair_share(self) -> int:
        """The most bytes that a fit may hold beyond these rows if nobody says; 0: any number.

        256 MiB, a tenth of the rows or 64 bytes a row, whichever is most. Less data cannot make a
        fit take much more anyway.

        >>> Data(np.zeros((10, 2))).fair_share()
        0
        """
        n, size = self.shape[0], self._rows.nbytes
        small = size <= _MUCH_DATA and n <= _MANY_ROWS
        return 0 if small else max(_MUCH_DATA, size // 10, _BYTES_A_ROW * n)

    def fewest_bytes(self, k: int, kind: Kind = PLAIN) -> int:
        """About what a fit holds beyond these rows in any case: labels, sums, centers and weights.

        >>> Data(np.zeros((1000, 2))).fewest_bytes(1) > 12_000
        True
        """
        n, d = self.shape
        aside = _ASIDE_BYTES * n + _EACH_ASIDE_BYTES * int(kind.aside * n) if kind.aside else 0
        centers = 8 * k * d * (n_threads() + _COPIES_OF_CENTERS)
        return int(_LABEL_BYTES * n + centers + aside + self.own_bytes)

    def limit_memory(self, limit: int) -> None:
        """Hold no more than about so many bytes beyond the rows; 0: as many as are of use."""
        self._core.limit_memory(limit)

    def all_alike(self) -> bool:
        """Whether all rows (that have a weight) are the same."""
        return bool(self._core.range_bound == 0)

    def mean_variance(self) -> float:
        """Mean over the columns of their (weighted) variances."""
        return float(self._core.mean_variance())

    def set_head(self, directions: Distances) -> None:
        """Keep the leading coordinates of all rows, along (m, d) orthonormal directions.

        They serve bounds alone and change no result. Takes 4·(m + 2) bytes a row.
        """
        self._core.set_head(directions)

    def plus_plus(
        self,
        k: int,
        random_state: np.random.RandomState,
        *,
        memory_limit: int = 0,
        trials: int | None = None,
    ) -> npt.NDArray[np.int64]:
        """Row numbers of k starting centers, by greedy k-means++ (Arthur & Vassilvitskii 2007).

        memory_limit: most bytes to hold beyond the rows, 0 for no limit. About SEEDING_BYTES a row
        are needed whatever the limit; sparse rows take 96 to 160. trials: candidates for each
        center, 1 to MOST_TRIALS; None for 2 + log(k).
        """
        trials = 2 + int(math.log(k)) if trials is None else trials
        self._look_ahead_of_seeding(k, trials, memory_limit)
        uniforms = random_state.random_sample(1 + (k - 1) * trials)
        return self._core.plus_plus(k, trials, uniforms, memory_limit=memory_limit)

    def plain_plus_plus(
        self, k: int, random_state: np.random.RandomState, *, memory_limit: int = 0
    ) -> npt.NDArray[np.int64]:
        """Row numbers of k starting centers, by plain k-means++: each is drawn and kept.

        The rows are brought up to date for many centers at a time; what is drawn meanwhile is
        refused as often as it has come nearer since, so each is drawn in proportion to its squared
        distance to the nearest before it, exactly. memory_limit: as above.
        """
        self._look_ahead_of_seeding(k, 1, memory_limit)
        return self._core.plain_plus_plus(k, _seed_of(random_state), memory_limit=memory_limit)

    def oversample(
        self,
        k: int,
        random_state: np.random.RandomState,
        *,
        factor: float = 2,
        rounds: int = 5,
        memory_limit: int = 0,
    ) -> tuple[npt.NDArray[np.int64], Distances]:
        """Candidates for k centers, as k-means|| draws them (Bahmani et al. 2012).

        In each round factor * k rows are drawn in proportion to their squared distance to the
        nearest of those of the rounds before. Returns the row numbers of the different ones, at
        least k if there are so many, and the weight of the rows that are nearest to each.
        memory_limit: as above, and 4 bytes a row.
        """
        each = min(max(round(factor * k), 1), _MOST_DRAWN)
        self._look_ahead_of_seeding(each, rounds, memory_limit)
        return self._core.oversample(
            each, rounds, k, _seed_of(random_state), memory_limit=memory_limit
        )

    def _look_ahead_of_seeding(self, k: int, passes: int, memory_limit: int) -> None:
        n, d = self.shape
        if worth_head(n, d, k, iterations=passes, share=1.0):
            self._find_head(k, (SEEDING_BYTES + 2 * (head_size(d) + 1)) * n, memory_limit)

    def end_draws(self) -> None:
        """Let go of what is kept from one draw of rows to the next, 16 bytes a row."""
        self._core.drop_order()

    def draw_rows(self, count: int, random_state: np.random.RandomState) -> npt.NDArray[np.int64]:
        """Row numbers, drawn by weight with replacement; their contents do not depend on order."""
        return self._core.draw_rows(random_state.random_sample(count))

    def content_order(self) -> npt.NDArray[np.int64]:
        """All row numbers in an order that contents alone decide; copies stand side by side."""
        return self._core.content_order()

    def different_rows(self, k: int, random_state: np.random.RandomState) -> npt.NDArray[np.int64]:
        """Row numbers of k rows with different content, drawn by weight (as many as there are)."""
        chosen: dict[int, None] = {}
        for _ in range(20):  # draws with replacement; what came before does not come again
            drawn = self.draw_rows(2 * k, random_state)
            chosen.update(dict.fromkeys(drawn.tolist()))
            if len(chosen) >= k:
                break
        return np.array(list(chosen)[:k], dtype=np.int64)

    def fit(
        self,
        centers: Rows,
        *,
        max_iter: int = 300,
        tolerance: float = 0.0,
        run: int = 1,
        algorithm: str = "auto",
        memory_limit: int = 0,
        on_iteration: Callable[[Iteration], Any] | None = None,
        kind: Kind = PLAIN,
    ) -> Fit:
        """Run k-means from the given centers, (k, d), until nothing moves (or within tolerance).

        tolerance: stop once the squared length of the move of all centers is at most this.
        algorithm: "auto", or one of algorithms(). memory_limit: most bytes that "auto" may hold
        beyond rows, labels and sums; 0: no limit. Raises InputError for an algorithm that is
        unknown, or of no use for such data.
        """
        if algorithm != "auto":
            self._check_algorithm(algorithm, len(centers))
        self._look_ahead(algorithm, len(centers), max_iter, memory_limit)
        unit = self._unit

        def told(done: tuple[int, float, int, float, float]) -> Iteration:
            number, inertia, *rest = done
            return Iteration._make((run, number, inertia * unit, *rest))

        listen = None if on_iteration is None else lambda *done: on_iteration(told(done))
        found = self._core.fit(
            centers_in_float64(centers, self.held),
            min(max_iter, MOST_ITERATIONS),
            tolerance,
            algorithm,
            listen,
            memory_limit=memory_limit,
            **self._kind(kind),
        )
        return Fit(
            centers=found["centers"].astype(self.held, copy=False),
            labels=found["labels"],
            inertia=found["inertia"] * unit,
            n_iter=found["n_iter"],
            clusters_used=found["clusters_used"],
            converged=found["converged"],
            history=tuple(map(told, found["history"])),
            algorithm=found["algorithm"],
            why=found["why"],
            certificate=Certificate(
                screened=found["screened"],
                decided=found["decided"],
                largest_bound=found["largest_bound"],
                extra_bytes=found["bytes"],
            ),
            aside=found["aside"],
        )

    def _kind(self, kind: Kind) -> dict[str, Any]:
        if kind is PLAIN:
            return {}
        return kind._asdict() | {"aside": weight_aside(kind.aside, self._weights, self.shape[0])}

    def count_inertia_in(self, unit: float) -> None:
        """Tell every inertia as so many of `unit`."""
        self._unit /= unit

    def fits(self, algorithm: str, k: int) -> bool:
        """Whether an algorithm of algorithms() is of use for these rows and k clusters."""
        return algorithm in self.algorithms(k)

    def algorithms(self, k: int) -> list[str]:
        """The algorithms that are of use for these rows and k clusters."""
        return list(self._core.algorithms(k))

    def _look_ahead(self, algorithm: str, k: int, max_iter: int, memory_limit: int) -> None:
        # The head is for many centers; with fewer, a bound for each center does better without.
        n, d = self.shape
        iterations = min(max_iter, _LIKELY_ITERATIONS)
        worth = max_iter > _FEWEST_ITERATIONS and k > _MOST_SINGLE_BOUNDS
        worth = worth and cheap_to_test(n, d, k, iterations)
        wanted = algorithm == "yinyang" or (algorithm == "auto" and worth)
        if wanted and worth_head(n, d, k, iterations):
            self._find_head(k, 4 * n * (k // 16), memory_limit)
        elif memory_limit:
            self._drop_head()

    def _find_head(self, k: int, beside: int, memory_limit: int) -> None:
        """Have a head, if it pays and there is room for it and as many bytes `beside`, else none.

        Finding it takes as much as the sample does and 8 bytes a row, before all else is held.
        """
        if self._headless:  # sparse rows know of no head
            return
        n, d = self.shape
        costs = max(4 * n * (head_size(d) + 2) + beside, sample_bytes(n, d) + 8 * n)
        if 0 < memory_limit < costs:
            self._drop_head()
        elif not self._core.has_head:
            basis = find_basis(self._rows, k, self._weights)
            self._headless = not basis.pays
            if basis.pays:
                self.set_head(basis.directions)

    def _drop_head(self) -> None:
        if not self._headless:
            self._core.drop_head()

    def _check_algorithm(self, algorithm: str, k: int) -> None:
        if algorithm not in algorithms():
            known = ", ".join(map(repr, algorithms()))
            raise InputError(f"algorithm={algorithm!r} is not known: use 'auto' or one of {known}.")
        fitting = self.algorithms(k)
        if algorithm not in fitting:
            raise InputError(
                f"algorithm={algorithm!r} {self._why_not(algorithm)}: use 'auto' or one of "
                f"{', '.join(map(repr, fitting))}; all give the same result."
            )

    def _why_not(self, algorithm: str) -> str:
        d = self.shape[1]
        if algorithm == "kd" and d > _MOST_KD_COLUMNS:
            return f"takes up to {_MOST_KD_COLUMNS} columns, and X has {d}"
        return (
            "works with bounds in float32, which tell nothing of numbers so large or so small as "
            "in X (divide X by about its largest number)"
        )

    def summarize(self, centers: Rows) -> Summary:
        """What the rows that are nearest to each of (k, d) centers come to; exact as fit() is."""
        labels, weights, means, inertias, all_of_them = self._core.summarize(
            centers_in_float64(centers)
        )
        unit = self._unit
        with np.errstate(over="ignore"):  # of weights so large, the inertia may be infinite
            weights, inertias = weights * unit, inertias * unit
        return Summary(labels, weights, means, inertias, all_of_them * unit)

    def silhouette(
        self, labels: Labels, k: int, on_fraction: Callable[[float], Any] | None = None
    ) -> Distances:
        """The silhouette of every row, (n,), from all pairs of rows; weights have no say.

        labels: (n,) of 0..k-1, of two clusters or more. on_fraction is told how much is done, 0 to
        1, a few times a second.
        """
        return self._core.silhouette(np.ascontiguousarray(labels, np.int32), k, on_fraction)

    def nearest(self, centers: Rows) -> tuple[Labels, Distances]:
        """Index of and squared distance to the nearest center of every row."""
        return self._core.nearest(centers_in_float64(centers))

    def nearest_two(self, centers: Rows) -> tuple[Labels, Distances, Labels, Distances]:
        """Index of and squared distance to the two nearest of two or more centers."""
        return self._core.nearest_two(centers_in_float64(centers))

    def lengths(self) -> Distances:
        """The Euclidean length of each row, (n,)."""
        origin = np.zeros((1, self.shape[1]))
        return np.sqrt(self._core.squared_distances(origin)[:, 0])

    def squared_distances(self, centers: Rows) -> Distances:
        """All squared distances, (n, k)."""
        return self._core.squared_distances(centers_in_float64(centers))


def nearest(X: Rows, centers: Rows) -> tuple[Labels, Distances]:
    """Index of and distance to the nearest center of every row, exactly (ties: lowest index).

    >>> labels, distances = nearest(np.array([[3.0, 4.0]]), np.zeros((2, 2)))
    >>> labels.tolist(), distances.tolist()
    ([0], [5.0])
    """
    labels, squared = Data(X).nearest(centers)
    return labels, np.sqrt(squared)


def nearest_two(X: Rows, centers: Rows) -> tuple[Labels, Distances, Labels, Distances]:
    """Index of and distance to the nearest and the second nearest of two or more centers.

    >>> label, d1, second, d2 = nearest_two(np.array([[1.0]]), np.array([[9.0], [0.0]]))
    >>> label.tolist(), d1.tolist(), second.tolist(), d2.tolist()
    ([1], [1.0], [0], [8.0])
    """
    label, squared, second, second_squared = Data(X).nearest_two(centers)
    return label, np.sqrt(squared), second, np.sqrt(second_squared)
