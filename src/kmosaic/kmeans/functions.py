"""k-means as functions, as scikit-learn has them."""

from __future__ import annotations

from collections.abc import Callable
from numbers import Integral, Real
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import issparse
from sklearn.utils import check_random_state
from sklearn.utils._param_validation import Interval, validate_params

from kmosaic._engine import MOST_TRIALS
from kmosaic._errors import InputError
from kmosaic._sparse import contents, data_of
from kmosaic._values import Iteration, Rows
from kmosaic.kmeans.checks import check_array_alone, check_weights
from kmosaic.kmeans.kmeans import KMeans
from kmosaic.kmeans.runs import check_enough_rows
from kmosaic.kmeans.starts import parallel_rows


@validate_params(  # type: ignore[untyped-decorator]
    {
        "X": ["array-like", "sparse matrix"],
        "sample_weight": ["array-like", None],
        "return_n_iter": [bool],
    },
    prefer_skip_nested_validation=False,
)
def k_means(
    X: Any,
    n_clusters: int,
    *,
    sample_weight: Any = None,
    init: Any = "k-means++",
    n_init: int | str = "auto",
    max_iter: int = 300,
    verbose: bool | int = False,
    tol: float = 1e-4,
    random_state: int | np.random.RandomState | None = None,
    copy_x: bool = True,
    algorithm: str = "auto",
    return_n_iter: bool = False,
    memory_limit: int | str | None = None,
    missing: str = "error",
    on_iteration: Callable[[Iteration], Any] | None = None,
    quality: str = "default",
    time_limit: float | None = None,
) -> tuple[Any, ...]:
    """Fit `KMeans` to X, (n, d), and return its centers, labels and inertia.

    The parameters are those of `KMeans`; return_n_iter=True adds the number of iterations.

    >>> X = np.array([[1, 2], [1, 4], [1, 0], [10, 2], [10, 4], [10, 0]])
    >>> centers, labels, inertia = k_means(X, n_clusters=2, random_state=0)
    >>> sorted(centers.tolist()), inertia
    ([[1.0, 2.0], [10.0, 2.0]], 16.0)
    """
    model = KMeans(
        n_clusters,
        init=init,
        n_init=n_init,
        max_iter=max_iter,
        verbose=verbose,
        tol=tol,
        random_state=random_state,
        copy_x=copy_x,
        algorithm=algorithm,
        memory_limit=memory_limit,
        missing=missing,
        on_iteration=on_iteration,
        quality=quality,
        time_limit=time_limit,
    ).fit(X, sample_weight=sample_weight)
    found = model.cluster_centers_, model.labels_, model.inertia_
    return (*found, model.n_iter_) if return_n_iter else found


@validate_params(  # type: ignore[untyped-decorator]
    {
        "X": ["array-like", "sparse matrix"],
        "n_clusters": [Interval(Integral, 1, None, closed="left")],
        "sample_weight": ["array-like", None],
        "x_squared_norms": ["array-like", None],
        "random_state": ["random_state"],
        "n_local_trials": [Interval(Integral, 1, None, closed="left"), None],
    },
    prefer_skip_nested_validation=True,
)
def kmeans_plusplus(
    X: Any,
    n_clusters: int,
    *,
    sample_weight: Any = None,
    x_squared_norms: Any = None,
    random_state: int | np.random.RandomState | None = None,
    n_local_trials: int | None = None,
) -> tuple[Rows, npt.NDArray[np.int64]]:
    """Choose starting centers among the rows by k-means++ (Arthur & Vassilvitskii 2007).

    X: (n, d). sample_weight: (n,), default one each. random_state: seed, RandomState or None.
    n_local_trials: candidates for each center, of which the one that leaves the lowest inertia is
    taken; default 2 + log(n_clusters), 32 at most; 1 is plain k-means++, which is several times
    faster for many clusters. x_squared_norms is accepted and not needed.

    Returns the centers, (n_clusters, d), and their row numbers, (n_clusters,). Raises InputError
    for fewer rows than clusters.

    >>> X = np.array([[1, 2], [1, 4], [1, 0], [10, 2], [10, 4], [10, 0]])
    >>> centers, indices = kmeans_plusplus(X, n_clusters=2, random_state=0)
    >>> bool((X[indices] == centers).all()), sorted(centers[:, 0].tolist())
    (True, [1, 10])
    """
    rows = check_array_alone(X)
    weights = check_weights(sample_weight, rows)
    check_enough_rows(rows, n_clusters)
    n = rows.shape[0]
    if x_squared_norms is not None and len(x_squared_norms) != n:
        raise InputError(
            f"The length of x_squared_norms {len(x_squared_norms)} should be equal to the length "
            f"of n_samples {n}."
        )
    if n_local_trials is not None and n_local_trials > MOST_TRIALS:
        raise InputError(
            f"n_local_trials={n_local_trials} is more than {MOST_TRIALS}: give 1 to {MOST_TRIALS}, "
            "or None for 2 + log(n_clusters)."
        )
    data, random_numbers = data_of(rows, weights), check_random_state(random_state)
    if n_local_trials == 1:
        chosen = data.plain_plus_plus(n_clusters, random_numbers)
    else:
        chosen = data.plus_plus(n_clusters, random_numbers, trials=n_local_trials)
    return _as_given(X, rows, chosen), chosen


@validate_params(  # type: ignore[untyped-decorator]
    {
        "X": ["array-like", "sparse matrix"],
        "n_clusters": [Interval(Integral, 1, None, closed="left")],
        "sample_weight": ["array-like", None],
        "random_state": ["random_state"],
        "oversampling_factor": [Interval(Real, 0, 1_000, closed="right")],
        "n_rounds": [Interval(Integral, 1, 1_000, closed="both")],
    },
    prefer_skip_nested_validation=True,
)
def kmeans_parallel(
    X: Any,
    n_clusters: int,
    *,
    sample_weight: Any = None,
    random_state: int | np.random.RandomState | None = None,
    oversampling_factor: float = 2,
    n_rounds: int = 5,
) -> tuple[Rows, npt.NDArray[np.int64]]:
    """Choose starting centers among the rows by k-means|| (Bahmani et al. 2012).

    X: (n, d). sample_weight: (n,), default one each. random_state: seed, RandomState or None.
    oversampling_factor: rows drawn in each round, in n_clusters, up to 1,000, default 2; 0.5 takes
    a fraction of the time and was as good in what we measured. n_rounds: passes over X, 1 to 1,000,
    default 5; more follow while fewer than n_clusters rows were drawn.
    Of all that were drawn, greedy k-means++ takes the centers, each counted with the weight of the
    rows that are nearest to it.

    Returns the centers, (n_clusters, d), and their row numbers, (n_clusters,). Raises InputError
    for fewer rows than clusters.

    >>> X = np.array([[1, 2], [1, 4], [1, 0], [10, 2], [10, 4], [10, 0]])
    >>> centers, indices = kmeans_parallel(X, n_clusters=2, random_state=0)
    >>> bool((X[indices] == centers).all()), sorted(centers[:, 0].tolist())
    (True, [1, 10])
    """
    rows = check_array_alone(X)
    weights = check_weights(sample_weight, rows)
    check_enough_rows(rows, n_clusters)
    chosen = parallel_rows(
        data_of(rows, weights),
        rows,
        n_clusters,
        check_random_state(random_state),
        factor=oversampling_factor,
        rounds=n_rounds,
    )
    return _as_given(X, rows, chosen), chosen


def _as_given(X: Any, rows: Rows, chosen: npt.NDArray[np.int64]) -> Rows:
    """Some rows of X in its own dtype, where it has one."""
    given: Any = X if issparse(X) or isinstance(X, np.ndarray) else rows
    return contents(given.tocsr() if issparse(given) else given, chosen)
