"""BalancedKMeans: clusters of a least and a most size."""

from __future__ import annotations

from collections.abc import Callable
from numbers import Integral
from typing import Any, ClassVar

import numpy as np
from sklearn.utils._param_validation import Interval

from kmosaic._engine import Data
from kmosaic._errors import InputError
from kmosaic._values import Iteration, Kind, Rows
from kmosaic.kmeans.kmeans import KMeans
from kmosaic.kmeans.parameters import CONSTRAINTS
from kmosaic.kmeans.starts import Start

_FARTHEST = 1e150
_SIZE = [Interval(Integral, 1, None, closed="left"), None]
_AS_IN_KMEANS = set(CONSTRAINTS) - {"algorithm", "memory_limit", "copy_x"}


class BalancedKMeans(KMeans):
    """k-means whose clusters have at least and at most so many rows (Bradley et al. 2000).

    In each iteration all rows are assigned together, at the least inertia that such sizes allow:
    the optimum of a min-cost flow with float64 costs, not a repair of the nearest centers.

    min_cluster_size: least rows of each cluster; default None: 1, or as max_cluster_size.
    max_cluster_size: most rows of each cluster; default None: any number, or as min_cluster_size.
        With neither, sizes are as even as can be: they differ by one at most.
    All other parameters are those of `KMeans`; there is one algorithm.

    Attributes are those of `KMeans`; labels_ keeps to the sizes. predict() gives the nearest center
    whatever the sizes. Sizes count rows, whatever their weight; rows of weight 0 count in none.
    Holds 8 * n * n_clusters bytes beside the rows, and up to 80 MB more for as many as 1,024
    clusters, 80 * n_clusters² for more than that. On two cores an iteration over 20,000 rows in 50
    clusters of even sizes takes about 0.3 s, and ten times as long and more where most rows crowd
    in a few places. Input, errors and reproducibility are those of
    `KMeans`; where several assignments are equally good, the order of the rows may decide. Raises
    InputError where so many rows do not fit into clusters of these sizes.

    >>> X = np.array([[0.0], [1.0], [2.0], [3.0], [4.0], [50.0]])
    >>> model = BalancedKMeans(n_clusters=2, random_state=0).fit(X)
    >>> np.bincount(model.labels_).tolist(), sorted(model.cluster_centers_.ravel().tolist())
    ([3, 3], [1.0, 19.0])
    >>> model.predict([[3.0], [45.0]]).tolist() == model.labels_[[0, 5]].tolist()
    True
    """

    _parameter_constraints: ClassVar[dict[str, Any]] = {
        **{name: CONSTRAINTS[name] for name in _AS_IN_KMEANS},
        "min_cluster_size": _SIZE,
        "max_cluster_size": _SIZE,
    }
    algorithm, memory_limit, copy_x = "lloyd", None, True  # no parameters here

    def __init__(
        self,
        n_clusters: int = 8,
        *,
        min_cluster_size: int | None = None,
        max_cluster_size: int | None = None,
        init: Any = "k-means++",
        n_init: int | str = "auto",
        max_iter: int = 300,
        tol: float = 1e-4,
        verbose: int = 0,
        random_state: int | np.random.RandomState | None = None,
        missing: str = "error",
        on_iteration: Callable[[Iteration], Any] | None = None,
    ) -> None:
        self.n_clusters = n_clusters
        self.min_cluster_size = min_cluster_size
        self.max_cluster_size = max_cluster_size
        self.init = init
        self.n_init = n_init
        self.max_iter = max_iter
        self.tol = tol
        self.verbose = verbose
        self.random_state = random_state
        self.missing = missing
        self.on_iteration = on_iteration

    def _start_maker(self) -> Start:
        make_start = super()._start_maker()
        if isinstance(self.init, str):
            return make_start

        def near_enough(*given: Any) -> Rows:
            start = make_start(*given)
            _check_reach(start)
            return start

        return near_enough

    def _kind(self, data: Data) -> Kind:
        n, k = data.rows_that_count, int(self.n_clusters)
        least, most = self.min_cluster_size, self.max_cluster_size
        if least is None and most is None:
            return Kind(least=n // k, most=-(-n // k))
        least, most = 1 if least is None else int(least), n if most is None else int(most)
        _check_sizes(n, k, least, most)
        return Kind(least=least, most=min(most, n))


def _check_reach(start: Rows) -> None:
    if float(np.abs(start).max()) > _FARTHEST:
        row = int(np.argmax(np.abs(start).max(axis=1)))
        raise InputError(
            f"The initial center {row} lies so far out that distances to it overflow when they are "
            f"added up: give numbers below {_FARTHEST:g}, or divide init and X by the same number."
        )


def _check_sizes(n: int, k: int, least: int, most: int) -> None:
    if least > most:
        raise InputError(f"min_cluster_size={least} is more than max_cluster_size={most}.")
    if least * k > n:
        raise InputError(
            f"{k} clusters of min_cluster_size={least} need {least * k} rows, and there are {n}: "
            f"ask for {n // k} or less."
        )
    if most * k < n:
        raise InputError(
            f"{k} clusters of max_cluster_size={most} hold {most * k} rows, and there are {n}: "
            f"allow {-(-n // k)} or more."
        )
