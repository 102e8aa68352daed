"""BisectingKMeans: clusters that are split in two, again and again."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from numbers import Integral
from typing import Any, ClassVar, Self

import numpy as np
import numpy.typing as npt
from sklearn.utils._param_validation import Interval
from sklearn.utils.validation import check_is_fitted

from kmosaic._engine import Data
from kmosaic._sparse import data_of
from kmosaic._values import Distances, Fit, Labels, Rows
from kmosaic._verbose import say
from kmosaic.kmeans import kinds
from kmosaic.kmeans.base import HasCenters
from kmosaic.kmeans.callbacks import TellsCallbacks
from kmosaic.kmeans.checks import check_rows, check_weights
from kmosaic.kmeans.flat_tree import Tree, flat
from kmosaic.kmeans.parameters import CONSTRAINTS, OneOf, check_parameters, random_numbers
from kmosaic.kmeans.runs import (
    best_of,
    check_enough_rows,
    how_it_ended,
    say_iteration,
    warn_if_fewer,
)
from kmosaic.kmeans.split_tree import Node
from kmosaic.kmeans.starts import start_maker

_OWN = ("n_clusters", "max_iter", "tol", "verbose", "random_state", "copy_x", "algorithm")


class BisectingKMeans(HasCenters, TellsCallbacks):
    """Split the largest cluster in two by k-means, until there are as many as wanted.

    Gives a tree of clusters of more even size than those of `KMeans`, at a higher inertia
    (Steinbach, Karypis & Kumar 2000). Parameters are scikit-learn's:

    n_clusters: number of clusters, default 8.
    init: "random" (default), "k-means++" or a callable (X, n_clusters, random_state), for each
        split.
    n_init: starts of each split, default 1.
    tol: end a split once its two centers together move less than this times the mean variance of
        the columns of X, default 1e-4.
    algorithm: as in `KMeans`; the result is the same with all.
    bisecting_strategy: what to split next, the cluster of "biggest_inertia" (default) or the
        "largest_cluster".
    random_state, max_iter, verbose, copy_x: as in `KMeans`.

    Attributes: cluster_centers_ (k, d), labels_ (n,) int32, inertia_, n_features_in_,
    feature_names_in_, algorithm_used_ and why_ (of the first split).
    Input, exactness and errors are those of `KMeans`.

    >>> X = np.array([[1, 1], [10, 1], [3, 1], [10, 0], [2, 1], [10, 2], [10, 8], [10, 9]])
    >>> model = BisectingKMeans(n_clusters=3, random_state=0).fit(X)
    >>> sorted(model.cluster_centers_.tolist())
    [[2.0, 1.0], [10.0, 1.0], [10.0, 8.5]]
    >>> bool((model.predict(X) == model.labels_).all())
    True
    """

    _parameter_constraints: ClassVar[dict[str, Any]] = {
        **{name: CONSTRAINTS[name] for name in _OWN},
        "init": [OneOf({"k-means++", "random"}), callable],
        "n_init": [Interval(Integral, 1, None, closed="left")],
        "bisecting_strategy": [OneOf({"biggest_inertia", "largest_cluster"})],
    }

    _fitted: ClassVar[Mapping[str, kinds.Kind]] = {**HasCenters._fitted, "_tree": Tree.of_arrays}

    def __init__(
        self,
        n_clusters: int = 8,
        *,
        init: Any = "random",
        n_init: int = 1,
        random_state: int | np.random.RandomState | None = None,
        max_iter: int = 300,
        verbose: int = 0,
        tol: float = 1e-4,
        copy_x: bool = True,
        algorithm: str = "auto",
        bisecting_strategy: str = "biggest_inertia",
    ) -> None:
        self.n_clusters = n_clusters
        self.init = init
        self.n_init = n_init
        self.random_state = random_state
        self.max_iter = max_iter
        self.verbose = verbose
        self.tol = tol
        self.copy_x = copy_x
        self.algorithm = algorithm
        self.bisecting_strategy = bisecting_strategy

    def fit(self, X: Any, y: Any = None, sample_weight: Any = None) -> Self:
        """Find the clusters of X, shape (n, d); sample_weight: (n,), default one each."""
        check_parameters(self)
        rows = check_rows(self, X, reset=True, sparse=True)
        weights = check_weights(sample_weight, rows)
        check_enough_rows(rows, self.n_clusters)
        n = rows.shape[0]
        data = data_of(rows, weights)
        tolerance = float(self.tol) * data.mean_variance() if self.tol else 0.0
        whole = data.fit(_some_center(rows), max_iter=2)
        weight = float(n if weights is None else weights.sum())
        root = Node(whole.centers[0], np.arange(n), weight, whole.inertia)
        first = {"algorithm_used_": whole.algorithm, "why_": "there is one cluster"}
        wanted = self.n_clusters
        with (
            self._told(X, y, sample_weight, most=wanted - 1) as task,
            random_numbers(self.random_state) as random_state,
        ):
            for number in range(2, wanted + 1):  # of clusters, after the next split
                part = None if task is None else task.part("split")
                fit = self._split_one(root, rows, weights, tolerance, random_state)
                if fit is not None and number == 2:
                    first = {"algorithm_used_": fit.algorithm, "why_": fit.why}
                stop = part is not None and part.ends(functools.partial(_now, root, n, first))
                if fit is None:
                    break  # there are not as many different rows
                if stop:
                    wanted = number
                    break
            self.__dict__.update(_found(root, n, wanted) | first)
            warn_if_fewer(root.count_filled(), wanted)
        return self

    def _split_one(
        self,
        root: Node,
        rows: Rows,
        weights: Distances | None,
        tolerance: float,
        random_state: np.random.RandomState,
    ) -> Fit | None:
        """Split the largest of the clusters that have two different rows; None: there is none."""
        while True:
            candidates = [leaf for leaf in root.leaves() if leaf.inertia > 0]
            if not candidates:
                return None
            by_size = self.bisecting_strategy == "largest_cluster"
            node = max(candidates, key=lambda leaf: leaf.weight if by_size else leaf.inertia)
            own = _some_of(rows, node.members)
            data = data_of(own, None if weights is None else weights[node.members])
            if not data.all_alike():
                return self._split(node, data, own, tolerance, random_state)
            node.inertia = 0.0  # a rounding of the center was all

    def _split(
        self,
        node: Node,
        data: Data,
        rows: Rows,
        tolerance: float,
        random_state: np.random.RandomState,
    ) -> Fit:
        make_start = start_maker(self.init, 2)

        def one_run(run: int) -> Fit:
            fit = data.fit(
                make_start(data, rows, 2, random_state, 0),
                max_iter=self.max_iter,
                tolerance=tolerance,
                run=run,
                algorithm=self._algorithm_for(data),
                on_iteration=say_iteration if self.verbose else None,
            )
            if self.verbose:
                say(how_it_ended(fit, self.max_iter, tolerance))
            return fit

        best = best_of(map(one_run, range(1, self.n_init + 1)))
        if self.verbose:
            say(f"New centroids from bisection: {best.centers}")
        found = data.summarize(best.centers)
        first, second = (
            Node(
                best.centers[half],
                node.members[best.labels == half],
                float(found.weights[half]),
                float(found.inertias[half]),
            )
            for half in (0, 1)
        )
        node.halves = first, second
        node.members = node.members[:0]
        return best

    def _algorithm_for(self, data: Data) -> str:
        return self.algorithm if data.fits(self.algorithm, 2) else "auto"

    def predict(self, X: Any) -> Labels:
        """The cluster of each row, (n,) int32: at each split the nearer of the two centers."""
        check_is_fitted(self)
        rows = check_rows(self, X, reset=False, sparse=True)
        data_of(rows)  # numbers that are not finite are refused with their place in X
        labels = np.empty(rows.shape[0], np.int32)
        tree, waiting = self._tree, [(0, np.arange(rows.shape[0]))]
        while waiting:
            node, members = waiting.pop()
            if tree.labels[node] >= 0:
                labels[members] = tree.labels[node]
            elif len(members):
                halves = tree.halves[node].tolist()
                nearer, _ = data_of(_some_of(rows, members)).nearest(tree.centers[halves])
                waiting += [(half, members[nearer == which]) for which, half in enumerate(halves)]
        return labels

    def _in_onnx(self) -> dict[str, Any]:
        return {"tree": self._tree}

    def _check_loaded(self) -> None:
        super()._check_loaded()
        self._tree.check(*self.cluster_centers_.shape)


def _found(root: Node, n: int, n_clusters: int) -> dict[str, Any]:
    """The attributes of a fit to n rows that ends with this tree."""
    return {**root.number_leaves(n, n_clusters), "_tree": flat(root)}


def _now(root: Node, n: int, first: dict[str, Any]) -> dict[str, Any]:
    return _found(root, n, n_clusters=sum(1 for _ in root.leaves())) | first


def _some_of(rows: Rows, members: npt.NDArray[np.int64]) -> Rows:
    """These rows, ascending and each once: all of them are not copied."""
    return rows if len(members) == rows.shape[0] else rows[members]


def _some_center(rows: Rows) -> Rows:
    first = rows[:1]
    return first if isinstance(first, np.ndarray) else first.toarray()
