"""TrimmedKMeans: outliers do not pull the centers."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from numbers import Real
from typing import Any, ClassVar

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.utils._param_validation import Interval

from kmosaic._engine import Data
from kmosaic._rows import weight_aside
from kmosaic._values import Fit, Iteration, Kind
from kmosaic.kmeans import kinds
from kmosaic.kmeans.kmeans import KMeans
from kmosaic.kmeans.parameters import CONSTRAINTS
from kmosaic.kmeans.starts import Start
from kmosaic.kmeans.trimmed_start import trimmed_plus_plus


class TrimmedKMeans(KMeans):
    """k-means that leaves a share of the rows out of its means: the farthest, as outliers.

    This is k-means−− (Chawla & Gionis 2013): in each iteration the rows farthest from their centers
    are set aside, and the centers go to the means of the others. Inertia never rises.

    contamination: share of the rows (of their weight, where there are weights) to set aside, 0 to
        below 1, default 0.1; rounded down to whole rows. With weights that are no multiples of the
        lightest, the last row may be left out of the means in part.
    init: as in `KMeans`, but that "k-means++" (default) does not begin on outliers: see
        `trimmed_plus_plus`.
    All other parameters are those of `KMeans`; what is set aside takes 17 bytes a row, and 72 for
        each row that is.

    Attributes are those of `KMeans`, and outlier_mask_ (n,) bool: which rows were set aside.
    inertia_ and history_ are of the others alone; labels_ tells the nearest center of every row,
    outliers too, and so does predict().
    Input, exactness and errors are those of `KMeans`. Of rows that are equally far, the one that
    comes first in the order of coordinates is set aside first.

    >>> X = np.array([[1.0], [2.0], [3.0], [11.0], [12.0], [13.0], [900.0]])
    >>> model = TrimmedKMeans(n_clusters=2, contamination=0.15, random_state=0).fit(X)
    >>> sorted(model.cluster_centers_.ravel().tolist()), model.outlier_mask_.nonzero()[0].tolist()
    ([2.0, 12.0], [6])
    """

    _parameter_constraints: ClassVar[dict[str, Any]] = {
        **CONSTRAINTS,
        "contamination": [Interval(Real, 0, 1, closed="left")],
    }

    _fitted: ClassVar[Mapping[str, kinds.Kind]] = {
        **KMeans._fitted,
        "outlier_mask_": kinds.array(1, "bool"),
    }

    def __init__(
        self,
        n_clusters: int = 8,
        *,
        contamination: float = 0.1,
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
        self.contamination = contamination

    def _kind(self, data: Data) -> Kind:
        rows = data.shape[0]
        left = rows - int(weight_aside(self.contamination, None, rows))
        if left < self.n_clusters:
            warnings.warn(
                f"Number of distinct clusters cannot be n_clusters ({self.n_clusters}): "
                f"contamination={self.contamination} sets {rows - left} of {rows} rows aside, and "
                f"{left} are left. Ask for fewer clusters, or set fewer rows aside.",
                ConvergenceWarning,
                stacklevel=4,
            )
        return Kind(aside=float(self.contamination))

    def _start_maker(self) -> Start:
        if not isinstance(self.init, str) or self.init != "k-means++" or not self.contamination:
            return super()._start_maker()
        return lambda data, rows, k, random_state, limit: trimmed_plus_plus(
            data, k, random_state, float(self.contamination)
        )

    def _attributes(self, best: Fit) -> dict[str, Any]:
        outliers = np.zeros(len(best.labels), dtype=bool)
        outliers[best.aside] = True
        return super()._attributes(best) | {"outlier_mask_": outliers}
