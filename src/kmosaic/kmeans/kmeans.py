"""KMeans: scikit-learn's estimator, on kmosaic's exact engine."""

from __future__ import annotations

import functools
import warnings
from collections.abc import Callable, Iterator
from typing import Any, ClassVar, Self

import numpy as np

from kmosaic._engine import MOST_ITERATIONS, Data
from kmosaic._missing import data_with_gaps
from kmosaic._sparse import data_of
from kmosaic._values import PLAIN, Distances, Fit, Iteration, Kind, Rows
from kmosaic._verbose import say
from kmosaic.kmeans.base import HasCenters
from kmosaic.kmeans.better import MOST_LLOYD, Deadline, better
from kmosaic.kmeans.callbacks import TellsCallbacks
from kmosaic.kmeans.checks import check_rows, check_weights
from kmosaic.kmeans.lloyd import Lloyd
from kmosaic.kmeans.memory import limits_of
from kmosaic.kmeans.parameters import (
    CONSTRAINTS,
    QUALITY,
    check_parameters,
    check_quality,
    random_numbers,
)
from kmosaic.kmeans.runs import (
    best_of,
    check_enough_rows,
    say_iteration,
    warn_if_fewer,
    what_ran,
)
from kmosaic.kmeans.starts import Start, count_starts, start_maker
from kmosaic.kmeans.told_runs import ToldRuns


class KMeans(HasCenters, TellsCallbacks):
    """Group rows into clusters around their means (Lloyd 1982), exactly and reproducibly.

    Parameters are scikit-learn's, with five more:

    n_clusters: number of clusters, default 8.
    init: "k-means++" (default: each center is the best of 2 + log(n_clusters) that are drawn),
        "plain-k-means++" (each is the first that is drawn: 5 to 15 times faster for 1,000
        clusters and as good where these overlap, but worse where they lie well apart), "k-means||"
        (Bahmani et al. 2012: about as fast and as good as "k-means++", in a few passes over X),
        "random", an array (n_clusters, d), or a callable (X, n_clusters, random_state) that
        returns one.
    n_init: number of starts, of which the one with the lowest inertia is kept; "auto" is 10 for
        "random" and callables, 1 otherwise.
    max_iter: most iterations of one start, default 300.
    tol: stop once the centers together move less than this times the mean variance of the columns.
    verbose: 1 writes each iteration to standard output, counted from 0 as scikit-learn does, and
        at the end the algorithm and why.
    random_state: seed, RandomState or None.
    copy_x: accepted; X is never changed, and what is read as it is (below) is not copied.
    algorithm: "auto" (default) takes what is fastest; a name forces one: "lloyd" (every distance;
        the least memory), "elkan" (a bound for each row and center), "yinyang" (a bound for each
        row and group of centers, not for sparse rows) or "kd" (boxes of rows, up to 8 columns).
        The result is the same with all, bit for bit.
    memory_limit: most memory that fit() may take beyond X (and its copy, where one is made), in
        bytes or as text such as "100MB". With less, only speed is lost. Labels, centers and their
        sums take 12 bytes a row and 8·k·d·(threads + 5) in any case, starts that are named 40 bytes
        a row, but for "random" 16 (sparse rows: up to 160, and 128 a column), more starts than one
        20, and weights that are not between 1 and 2 at most 8: a limit below that is met with a
        warning and the leanest algorithm. None (default): 256 MiB, a tenth of X or 64 bytes a row,
        whichever is most, beside labels, centers and sums.
    missing: what NaN in X means, an "error" (default) or to "ignore" it: distances are then
        Euclidean over the numbers that a row has, Σ over known (x − c)², and means are over the
        rows that are known in a column (the aim of k-POD, Chi, Chi & Baraniuk 2016). A start takes
        a copy of X for a while, with column means in the gaps. Sparse X has no gaps.
    on_iteration: called after each iteration with an Iteration: run and number (both from 1),
        inertia (to the centers that it began with), moved (rows whose label changed), center_shift
        (length of the move of all centers together) and seconds. An exception that it raises ends
        the fit.
    quality: "default" (default) is Lloyd from n_init starts, as in scikit-learn. "fast" is one
        start, whatever init is. "best" goes on from what "default" finds with moves that Lloyd
        cannot make, and ends at less inertia or the same: centers that are split or drawn by
        squared distance while others merge (breathing k-means, Fritzke 2020; LS++, Lattanzi &
        Sohler 2019) and single rows that change their cluster (Hartigan 1975), with Lloyd after
        each (300 iterations at most), to rest at the end. Of more than 20,000 rows, and 400 a
        cluster, a sample of 10,000, or 200 a cluster, shows which moves, and which of three new
        starts, are worth Lloyd on all. It ends when a round of moves (two, on samples) lowers
        inertia by less than 0.1%, after 4 rounds at most. Lloyd on all rows is a run of its own
        for on_iteration each time; history_ holds the iterations that lowered inertia, numbered on
        from run to run, and n_iter_ counts those of all runs that did.
    time_limit: seconds after which quality="best" makes no more moves; the starts before, and
        Lloyd from what moves have found by then, go on to their end, without the last run to rest.
        With a limit the result depends on how fast the machine is, with None (default) it does not.

    Attributes: cluster_centers_ (k, d) in X's float type, labels_ (n,) int32, inertia_ (float, in
    the square of the data's unit), n_iter_, n_features_in_, feature_names_in_; and of the best
    start history_ (its Iterations), algorithm_used_ and why_ (what ran, and the reason in a
    sentence) and certificate_: how many rows were looked at in all iterations together (screened),
    how many of them float64 had to decide ("kd" decides all in float64), the largest error bound
    relied on, and extra_bytes, the most memory that the algorithm held, seeding not counted. Where
    many rows are copies of each other, each content is looked at, and counted, once.

    X must not be changed during a fit, not by on_iteration or another thread either.
    X of float32, float64 or uint8 (pixels) in C order, and CSR of float32 or float64 with int32
    indices, are read as they are; anything else is copied first (other numbers as float64). While
    "k-means++" seeks starts among uint8, it takes about as much memory as X, 256 MB at most. For
    uint8 the result is that of X.astype(float64). Sparse X is never written out, and its labels and
    centers are those of the dense X. Labels are exact (nearest center in float64, ties to
    the lowest index), and results are bit-identical for any number of threads and on any
    processor. Raises InputError (a ValueError) for NaN, infinity, negative weights, fewer rows than
    clusters, an algorithm that such data gives nothing to, time_limit without quality="best", and
    that with missing="ignore".

    >>> X = np.array([[1, 2], [1, 4], [1, 0], [10, 2], [10, 4], [10, 0]])
    >>> model = KMeans(n_clusters=2, random_state=0).fit(X)
    >>> sorted(model.cluster_centers_.tolist())
    [[1.0, 2.0], [10.0, 2.0]]
    >>> bool(model.predict([[0, 0]])[0] == model.labels_[0])
    True
    >>> lean = KMeans(n_clusters=2, random_state=0, algorithm="lloyd", memory_limit="10MB").fit(X)
    >>> lean.algorithm_used_, lean.certificate_.extra_bytes < 10_000_000
    ('lloyd', True)
    >>> X = np.array([[0.0], [1.0], [50.0], [51.0], [100.0], [101.0]])
    >>> KMeans(3, init=[[0.0], [1.0], [75.0]]).fit(X).inertia_
    2501.0
    >>> KMeans(3, init=[[0.0], [1.0], [75.0]], quality="best", random_state=0).fit(X).inertia_
    1.5
    """

    _parameter_constraints: ClassVar[dict[str, Any]] = {**CONSTRAINTS, **QUALITY}

    quality, time_limit = "default", None  # where they are no parameters

    def __init__(
        self,
        n_clusters: int = 8,
        *,
        init: Any = "k-means++",
        n_init: int | str = "auto",
        max_iter: int = 300,
        tol: float = 1e-4,
        verbose: int = 0,
        random_state: int | np.random.RandomState | None = None,
        copy_x: bool = True,
        algorithm: str = "auto",
        memory_limit: int | str | None = None,
        missing: str = "error",
        on_iteration: Callable[[Iteration], Any] | None = None,
        quality: str = "default",
        time_limit: float | None = None,
    ) -> None:
        self.n_clusters = n_clusters
        self.init = init
        self.n_init = n_init
        self.max_iter = max_iter
        self.tol = tol
        self.verbose = verbose
        self.random_state = random_state
        self.copy_x = copy_x
        self.algorithm = algorithm
        self.memory_limit = memory_limit
        self.missing = missing
        self.on_iteration = on_iteration
        self.quality = quality
        self.time_limit = time_limit

    def fit(self, X: Any, y: Any = None, sample_weight: Any = None) -> Self:
        """Find the clusters of X, shape (n, d); sample_weight: (n,), default one each."""
        check_parameters(self)
        check_quality(self)
        rows = check_rows(self, X, reset=True, sparse=True)
        weights = check_weights(sample_weight, rows)
        check_enough_rows(rows, self.n_clusters)
        n_starts = count_starts(self, 1 if self.quality == "fast" else 10)
        data = self._data_of(rows, weights)
        most = n_starts + (MOST_LLOYD if self.quality == "best" else 0)
        with self._told(X, y, sample_weight, most=most) as task:
            twin = functools.partial(self._data_of, rows, weights)
            heard = None if task is None else ToldRuns(task, twin, self._attributes)
            best = self._best_of_starts(data, n_starts, heard)
            warn_if_fewer(best.clusters_used, self.n_clusters)
            self.__dict__.update(self._attributes(best))
        return self

    def __sklearn_tags__(self) -> Any:
        """What scikit-learn's tools may expect of this estimator."""
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = self.missing == "ignore"
        return tags

    # What other kinds of k-means change, each in a file of its own.

    def _data_of(self, rows: Rows, weights: Distances | None) -> Data:
        return (data_with_gaps if self.missing == "ignore" else data_of)(rows, weights)

    def _kind(self, data: Data) -> Kind:
        return PLAIN

    def _start_maker(self) -> Start:
        return start_maker(self.init, self.n_clusters)

    def _in_onnx(self) -> dict[str, Any]:
        return {"gaps": self.missing == "ignore"}

    def _attributes(self, fit: Fit) -> dict[str, Any]:
        return {
            "cluster_centers_": fit.centers,
            "labels_": fit.labels,
            "inertia_": fit.inertia,
            "n_iter_": fit.n_iter,
            "history_": list(fit.history),
            "algorithm_used_": fit.algorithm,
            "why_": fit.why,
            "certificate_": fit.certificate,
        }

    def _best_of_starts(self, data: Data, n_starts: int, heard: ToldRuns | None) -> Fit:
        deadline = Deadline(self.time_limit)
        kind = self._kind(data)
        runs = n_starts + (self.quality == "best")
        limits = limits_of(self.memory_limit, data, int(self.n_clusters), self.init, runs, kind)
        data.limit_memory(limits.algorithm)
        settings = {
            "max_iter": min(int(self.max_iter), MOST_ITERATIONS),
            "tolerance": float(self.tol) * data.mean_variance() if self.tol else 0.0,
            "algorithm": self._algorithm_for(data),
            "memory_limit": limits.algorithm,
            "on_iteration": self._tell if self.verbose or self.on_iteration else None,
            "kind": kind,
        }
        lloyd = Lloyd(data, settings, heard=heard, verbose=self.verbose)
        with random_numbers(self.random_state) as random_state:
            best = best_of(self._runs(data, n_starts, random_state, limits.start, lloyd))
            if self.quality == "best":
                best = better(
                    data,
                    best,
                    lloyd,
                    random_state,
                    deadline=deadline,
                    memory_limit=limits.algorithm,
                )
        if self.verbose:
            say(what_ran(best))
        return best

    def _runs(
        self,
        data: Data,
        n_starts: int,
        random_state: np.random.RandomState,
        memory_limit: int,
        lloyd: Lloyd,
    ) -> Iterator[Fit]:
        make_start = self._start_maker()
        for left in reversed(range(n_starts)):
            lloyd.begin()
            start = make_start(data, data.rows, int(self.n_clusters), random_state, memory_limit)
            if not left and self.quality != "best":
                data.end_draws()
            yield lloyd.run(start)
            if lloyd.stopped:
                break

    def _algorithm_for(self, data: Data) -> str:
        if self.algorithm == "elkan" and self.n_clusters == 1:
            warnings.warn(
                "algorithm='elkan' doesn't make sense for a single cluster. Using 'lloyd' instead.",
                RuntimeWarning,
                stacklevel=4,
            )
            return "auto"
        # scikit-learn takes "elkan" for any data: where its bounds say nothing, that is no error.
        if self.algorithm == "elkan" and not data.fits("elkan", self.n_clusters):
            return "auto"
        return self.algorithm

    def _tell(self, iteration: Iteration) -> None:
        if self.verbose:
            if iteration.number == 1:
                say("Initialization complete")
            say_iteration(iteration)
        if self.on_iteration is not None:
            self.on_iteration(iteration)
