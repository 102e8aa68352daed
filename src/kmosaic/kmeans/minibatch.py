"""MiniBatchKMeans: centers that move with each small batch of rows."""

from __future__ import annotations

import functools
import math
import warnings
from collections.abc import Mapping
from numbers import Integral, Real
from typing import Any, ClassVar, Self

import numpy as np
import numpy.typing as npt
from sklearn.utils import check_random_state
from sklearn.utils._param_validation import Interval

from kmosaic._engine import Data
from kmosaic._sparse import contents, data_of
from kmosaic._values import Distances, Rows
from kmosaic._verbose import say
from kmosaic.kmeans import kinds
from kmosaic.kmeans.base import HasCenters
from kmosaic.kmeans.callbacks import TellsCallbacks
from kmosaic.kmeans.checks import check_rows, check_weights
from kmosaic.kmeans.draws import row_drawer
from kmosaic.kmeans.parameters import CONSTRAINTS, check_parameters, random_numbers
from kmosaic.kmeans.patience import Patience
from kmosaic.kmeans.runs import check_enough_rows
from kmosaic.kmeans.starts import count_starts, start_maker

_AS_IN_KMEANS = ("n_clusters", "init", "n_init", "max_iter", "tol", "verbose", "random_state")
_N_INIT = 3  # "auto", where the start is random


class MiniBatchKMeans(HasCenters, TellsCallbacks):
    """k-means on small batches of rows: for data that comes in parts, or is large (Sculley 2010).

    Parameters are scikit-learn's:

    n_clusters, init, random_state: as in `KMeans`.
    max_iter: most passes over as many rows as there are, default 100.
    batch_size: rows of a batch, default 1,024.
    verbose: 1 writes each step to standard output.
    compute_labels: find labels_ and inertia_ of all rows at the end, default True.
    tol: stop once a step moves the centers by less, squared and together, than this times the mean
        variance of the columns; default 0: never for that reason.
    max_no_improvement: stop after so many steps without a lower average inertia, default 10; None:
        never for that reason.
    init_size: rows to find a start on, default 3 batches (3 * n_clusters at least).
    n_init: starts to compare before the first step; "auto" is 1 for "k-means++" and arrays, else 3.
    reassignment_ratio: a center with less weight than this share of the heaviest is put on a random
        row now and then, default 0.01.

    Attributes: cluster_centers_ (k, d), labels_ (n,) int32, inertia_ (of X, or of the batches where
    compute_labels is False), n_iter_ (passes), n_steps_ (batches), n_features_in_,
    feature_names_in_, algorithm_used_ and why_.

    The labels of each batch, its sums and labels_ are exact, and the result is bit-identical for
    any number of threads. Input and errors are those of `KMeans`.

    >>> X = np.array([[1, 2], [1, 4], [1, 0], [4, 2], [4, 0], [4, 4], [4, 5], [0, 1], [2, 2]])
    >>> model = MiniBatchKMeans(n_clusters=2, random_state=0, batch_size=6).partial_fit(X[:6])
    >>> model.partial_fit(X[6:]).predict([[0, 0], [4, 4]]).shape
    (2,)
    """

    _parameter_constraints: ClassVar[dict[str, Any]] = {
        **{name: CONSTRAINTS[name] for name in _AS_IN_KMEANS},
        "batch_size": [Interval(Integral, 1, None, closed="left")],
        "compute_labels": ["boolean"],
        "max_no_improvement": [Interval(Integral, 0, None, closed="left"), None],
        "init_size": [Interval(Integral, 1, None, closed="left"), None],
        "reassignment_ratio": [Interval(Real, 0, None, closed="left")],
    }

    _fitted: ClassVar[Mapping[str, kinds.Kind]] = {
        **HasCenters._fitted,
        "n_steps_": kinds.count,
        "_counts": kinds.array(1, "float64"),
        "_rows_since_reassignment": kinds.count,
        "_random_state": kinds.random_numbers,
    }

    def __init__(
        self,
        n_clusters: int = 8,
        *,
        init: Any = "k-means++",
        max_iter: int = 100,
        batch_size: int = 1024,
        verbose: int = 0,
        compute_labels: bool = True,
        random_state: int | np.random.RandomState | None = None,
        tol: float = 0.0,
        max_no_improvement: int | None = 10,
        init_size: int | None = None,
        n_init: int | str = "auto",
        reassignment_ratio: float = 0.01,
    ) -> None:
        self.n_clusters = n_clusters
        self.init = init
        self.max_iter = max_iter
        self.batch_size = batch_size
        self.verbose = verbose
        self.compute_labels = compute_labels
        self.random_state = random_state
        self.tol = tol
        self.max_no_improvement = max_no_improvement
        self.init_size = init_size
        self.n_init = n_init
        self.reassignment_ratio = reassignment_ratio

    def fit(self, X: Any, y: Any = None, sample_weight: Any = None) -> Self:
        """Find the clusters of X, shape (n, d); sample_weight: (n,), default one each."""
        check_parameters(self)
        rows = check_rows(self, X, reset=True, sparse=True)
        weights = check_weights(sample_weight, rows)
        check_enough_rows(rows, self.n_clusters)
        data = data_of(rows, weights)  # numbers that are not finite are refused here
        n = rows.shape[0]
        batch_size = min(self.batch_size, n)
        tolerance = self.tol * data.mean_variance() if self.tol else 0.0
        n_steps = self.max_iter * n // batch_size
        n_starts = count_starts(self, _N_INIT)
        patience = Patience(batch_size, n, self.max_no_improvement, tolerance, self.verbose)
        after = functools.partial(self._after, data, weights, batch_size, patience)
        with (
            self._told(X, y, sample_weight, most=n_steps) as task,
            random_numbers(self.random_state) as random_state,
        ):
            draw = row_drawer(n, weights, random_state)
            self._begin(rows, weights, random_state, n_starts)
            for step in range(1, n_steps + 1):
                part = None if task is None else task.part("step")
                before = self.cluster_centers_
                inertia = self._step(rows[draw(batch_size)], None, random_state)
                moved = _squared_move(before, self.cluster_centers_) if tolerance else 0.0
                ends = patience.ends(step, n_steps, inertia, moved)
                if part is not None:
                    ends |= part.ends(functools.partial(after, step))
                if ends:
                    break
            self.__dict__.update(after(step))
        return self

    def _after(
        self,
        data: Data,
        weights: Distances | None,
        batch_size: int,
        patience: Patience,
        step: int,
    ) -> dict[str, Any]:
        """The attributes of a fit that ends with this step."""
        n = data.shape[0]
        found = {"n_steps_": step, "n_iter_": math.ceil(step * batch_size / n)}
        if self.compute_labels:
            return {**found, **self._look(data)}
        weight = n if weights is None else float(weights.sum())
        return {**found, "inertia_": patience.average * weight}

    def partial_fit(self, X: Any, y: Any = None, sample_weight: Any = None) -> Self:
        """Move the centers by one batch, X of shape (n, d); the first batch finds them."""
        check_parameters(self)
        started = hasattr(self, "cluster_centers_")
        rows = check_rows(self, X, reset=not started, sparse=True)
        weights = check_weights(sample_weight, rows)
        data = data_of(rows, weights)
        if not hasattr(self, "_random_state"):
            self._random_state = check_random_state(self.random_state)
        if not started:
            check_enough_rows(rows, self.n_clusters)
        with self._told(X, y, sample_weight, name="partial-fit"):
            if not started:
                self._begin(rows, weights, self._random_state, n_starts=1)
                self.n_steps_ = 0
            self._step(rows, weights, self._random_state)
            self.n_steps_ += 1
            if self.compute_labels:
                self.__dict__.update(self._look(data))
        return self

    def _begin(
        self,
        rows: Rows,
        weights: Distances | None,
        random_state: np.random.RandomState,
        n_starts: int,
    ) -> None:
        """Find the first centers on a part of the rows, and judge them on another."""
        self.__dict__.pop("labels_", None)  # of an earlier fit
        size = self._size_to_start_on(rows.shape[0])
        draw = row_drawer(rows.shape[0], None if weights is None else weights > 0, random_state)
        judges = draw(size)
        lowest = math.inf
        matters = n_starts > 1 or self.verbose
        judge = self._part(rows, weights, judges)[0] if matters else None
        for number in range(1, n_starts + 1):
            if self.verbose:
                say(f"Init {number}/{n_starts} with method {self.init}")
            data, part = self._part(rows, weights, draw(size))
            make_start = start_maker(self.init, self.n_clusters)
            start = make_start(data, part, self.n_clusters, random_state, 0).astype(data.held)
            inertia = judge.summarize(start).inertia if judge else 0.0
            if self.verbose:
                say(f"Inertia for init {number}/{n_starts}: {inertia}")
            if inertia < lowest:
                lowest, self.cluster_centers_ = inertia, start
        self._counts = np.zeros(self.n_clusters)
        self._rows_since_reassignment = 0
        self.algorithm_used_ = "mini-batch"
        self.why_ = "each step looks at one batch of rows, exactly"

    def _part(
        self, rows: Rows, weights: Distances | None, chosen: npt.NDArray[np.int64]
    ) -> tuple[Data, Rows]:
        part = rows[chosen]
        return data_of(part, None if weights is None else weights[chosen]), part

    def _size_to_start_on(self, n: int) -> int:
        size = self.init_size
        if size is None:
            size = 3 * min(self.batch_size, n)
            size = 3 * self.n_clusters if size < self.n_clusters else size
        elif size < self.n_clusters:
            warnings.warn(
                f"init_size={size} should be larger than n_clusters={self.n_clusters}. "
                "Setting it to min(3*n_clusters, n_samples)",
                RuntimeWarning,
                stacklevel=4,
            )
            size = 3 * self.n_clusters
        return min(size, n)

    def _step(
        self, batch: Rows, weights: Distances | None, random_state: np.random.RandomState
    ) -> float:
        """Move each center to the mean of all rows that it has had; the inertia before.

        So a center moves by the share of its rows that came with this batch.
        """
        found = data_of(batch, weights).summarize(self.cluster_centers_)
        counts = self._counts + found.weights
        share = np.divide(found.weights, counts, out=np.zeros(len(counts)), where=counts > 0)
        before = self.cluster_centers_.astype(np.float64)
        after = before + share[:, None] * (found.means - before)
        self.cluster_centers_ = after.astype(self.cluster_centers_.dtype)
        self._counts = counts
        if self._is_time_to_reassign(batch.shape[0]):
            self._reassign(batch, weights, random_state)
        return found.inertia

    def _is_time_to_reassign(self, n_rows: int) -> bool:
        self._rows_since_reassignment += n_rows
        due = self._rows_since_reassignment >= 10 * self.n_clusters or (self._counts == 0).any()
        if due:
            self._rows_since_reassignment = 0
        return bool(due) and self.reassignment_ratio > 0

    def _reassign(
        self, batch: Rows, weights: Distances | None, random_state: np.random.RandomState
    ) -> None:
        """Put centers that have had few rows on rows of the batch, on half of these at most."""
        eligible = np.arange(batch.shape[0]) if weights is None else np.flatnonzero(weights)
        light = self._counts < self.reassignment_ratio * self._counts.max()
        most = len(eligible) // 2
        if light.sum() > most:
            light[np.argsort(self._counts, kind="stable")[most:]] = False
        count = int(light.sum())
        if not count:
            return
        chosen = random_state.choice(eligible, count, replace=False)
        if self.verbose:
            say(f"[MiniBatchKMeans] Reassigning {count} cluster centers.")
        self.cluster_centers_[light] = contents(batch, chosen)
        self._counts[light] = self._counts[~light].min()  # else they were light again at once

    def _look(self, data: Data) -> dict[str, Any]:
        found = data.summarize(self.cluster_centers_)
        return {"labels_": found.labels, "inertia_": found.inertia}

    def _to_keep(self) -> dict[str, Any]:
        kept = super()._to_keep()
        # Where these are random_state itself, or all programs' common numbers, they stay so.
        if kept.get("_random_state") is check_random_state(self.random_state):
            del kept["_random_state"]
        return kept

    def _check_loaded(self) -> None:
        super()._check_loaded()
        if len(self._counts) != len(self.cluster_centers_) or (self._counts < 0).any():
            raise ValueError("there is not one weight for each center.")


def _squared_move(before: Rows, after: Rows) -> float:
    moved = after.astype(np.float64) - before
    return float((moved * moved).sum())
