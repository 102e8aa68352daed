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
from kmosaic._errors import InputError
from kmosaic._sparse import data_of
from kmosaic._values import Distances, Rows
from kmosaic._verbose import say
from kmosaic.kmeans import kinds
from kmosaic.kmeans.base import HasCenters
from kmosaic.kmeans.callbacks import TellsCallbacks
from kmosaic.kmeans.checks import check_rows, check_weights
from kmosaic.kmeans.draws import row_drawer
from kmosaic.kmeans.moving_centers import MovingCenters
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
        batch_size = min(int(self.batch_size), n)
        tolerance = float(self.tol) * data.mean_variance() if self.tol else 0.0
        n_steps = int(self.max_iter) * n // batch_size
        n_starts = count_starts(self, _N_INIT)
        patience = Patience(batch_size, n, self.max_no_improvement, tolerance, self.verbose)
        unit, weights = _summable(weights)
        weight = unit * (n if weights is None else float(weights.sum()))
        after = functools.partial(self._after, data, weight, batch_size, patience)
        with (
            self._told(X, y, sample_weight, most=n_steps) as task,
            random_numbers(self.random_state) as random_state,
        ):
            draw = row_drawer(n, weights, random_state)
            moving = self._begin(rows, weights, random_state, n_starts)
            for step in range(1, n_steps + 1):
                part = None if task is None else task.part("step")
                before = moving.centers
                inertia = moving.step(rows[draw(batch_size)], None, random_state)
                moved = _squared_move(before, moving.centers) if tolerance else 0.0
                ends = patience.ends(step, n_steps, inertia, moved)
                if part is not None:
                    ends |= part.ends(functools.partial(after, step, moving))
                if ends:
                    break
            self._publish(after(step, moving), anew=True)
        return self

    def _after(
        self,
        data: Data,
        weight: float,
        batch_size: int,
        patience: Patience,
        step: int,
        moving: MovingCenters,
    ) -> dict[str, Any]:
        """The attributes of a fit that ends with this step."""
        n = data.shape[0]
        found = {"n_steps_": step, "n_iter_": math.ceil(step * batch_size / n)}
        found |= _attributes(moving)
        if self.compute_labels:
            return {**found, **_look(data, moving)}
        return {**found, "inertia_": patience.average * weight}

    def _publish(self, found: dict[str, Any], *, anew: bool) -> None:
        """Become what was found, once all of it is: a fit that fails leaves the model as it was."""
        if anew:
            self.__dict__.pop("labels_", None)  # of an earlier fit
        self.__dict__.update(found)

    def partial_fit(self, X: Any, y: Any = None, sample_weight: Any = None) -> Self:
        """Move the centers by one batch, X of shape (n, d); the first batch finds them."""
        check_parameters(self)
        started = hasattr(self, "cluster_centers_")
        rows = check_rows(self, X, reset=not started, sparse=True)
        weights = check_weights(sample_weight, rows)
        self._check_sum(weights)
        data = data_of(rows, weights)
        random_state = vars(self).get("_random_state")
        if random_state is None:
            random_state = check_random_state(self.random_state)
        if not started:
            check_enough_rows(rows, self.n_clusters)
        with self._told(X, y, sample_weight, name="partial-fit"):
            if started:
                moving = self._moving(
                    self.cluster_centers_, self._counts, self._rows_since_reassignment
                )
            else:
                moving = self._begin(rows, weights, random_state, n_starts=1)
            moving.step(rows, weights, random_state)
            found = {"n_steps_": self.n_steps_ + 1 if started else 1, "_random_state": random_state}
            found |= _attributes(moving)
            if self.compute_labels:
                found |= _look(data, moving)
            self._publish(found, anew=not started)
        return self

    def _moving(self, centers: Rows, counts: Distances, rows_since: int = 0) -> MovingCenters:
        ratio, verbose = self.reassignment_ratio, self.verbose
        return MovingCenters(centers, counts, rows_since, ratio, verbose)

    def _check_sum(self, weights: Distances | None) -> None:
        if weights is None:
            return
        before = vars(self).get("_counts", np.zeros(1)).max()
        with np.errstate(over="ignore"):
            total = before + weights.sum()
        if not math.isfinite(total):
            raise InputError(
                "sample_weight, with that of earlier batches, adds up to infinity: divide all of "
                "them by the same number."
            )

    def _begin(
        self,
        rows: Rows,
        weights: Distances | None,
        random_state: np.random.RandomState,
        n_starts: int,
    ) -> MovingCenters:
        """Find the first centers on a part of the rows, and judge them on another."""
        size = self._size_to_start_on(rows.shape[0])
        draw = row_drawer(rows.shape[0], None if weights is None else weights > 0, random_state)
        judges = draw(size)
        lowest, best = math.inf, None
        matters = n_starts > 1 or self.verbose
        judge = self._part(rows, weights, judges)[0] if matters else None
        for number in range(1, n_starts + 1):
            if self.verbose:
                say(f"Init {number}/{n_starts} with method {self.init}")
            data, part = self._part(rows, weights, draw(size))
            make_start = start_maker(self.init, self.n_clusters)
            start = make_start(data, part, int(self.n_clusters), random_state, 0).astype(data.held)
            inertia = judge.summarize(start).inertia if judge else 0.0
            if self.verbose:
                say(f"Inertia for init {number}/{n_starts}: {inertia}")
            if best is None or inertia < lowest:
                lowest, best = inertia, start
        assert best is not None  # there is one start at least
        return self._moving(best, np.zeros(len(best)))

    def _part(
        self, rows: Rows, weights: Distances | None, chosen: npt.NDArray[np.int64]
    ) -> tuple[Data, Rows]:
        part = rows[chosen]
        return data_of(part, None if weights is None else weights[chosen]), part

    def _size_to_start_on(self, n: int) -> int:
        size = self.init_size
        if size is None:
            size = 3 * min(int(self.batch_size), n)
            size = 3 * int(self.n_clusters) if size < self.n_clusters else size
        elif size < self.n_clusters:
            warnings.warn(
                f"init_size={size} should be larger than n_clusters={self.n_clusters}. "
                "Setting it to min(3*n_clusters, n_samples)",
                RuntimeWarning,
                stacklevel=4,
            )
            size = 3 * int(self.n_clusters)
        return min(size, n)

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


def _attributes(moving: MovingCenters) -> dict[str, Any]:
    return {
        "cluster_centers_": moving.centers,
        "_counts": moving.counts,
        "_rows_since_reassignment": moving.rows_since_reassignment,
        "algorithm_used_": "mini-batch",
        "why_": "each step looks at one batch of rows, exactly",
    }


def _look(data: Data, moving: MovingCenters) -> dict[str, Any]:
    found = data.summarize(moving.centers)
    return {"labels_": found.labels, "inertia_": found.inertia}


def _summable(weights: Distances | None) -> tuple[float, Distances | None]:
    """Weights whose sum is finite, and what one of them stands for: draws go by ratios alone."""
    if weights is None or weights.max() < 2.0**900:
        return 1.0, weights
    return 2.0**200, np.ldexp(weights, -200)


def _squared_move(before: Rows, after: Rows) -> float:
    moved = after.astype(np.float64) - before
    return float((moved * moved).sum())
