"""What every estimator does with runs of the engine: the best is kept, what is missing is told."""

from __future__ import annotations

import warnings
from collections.abc import Iterable

from sklearn.exceptions import ConvergenceWarning

from kmosaic._engine import Fit, Rows
from kmosaic._errors import InputError


def check_enough_rows(rows: Rows, n_clusters: int) -> None:
    """Raise InputError where there are fewer rows than clusters."""
    n = rows.shape[0]
    if n < n_clusters:
        raise InputError(f"n_samples={n} should be >= n_clusters={n_clusters}.")


def best_of(runs: Iterable[Fit]) -> Fit:
    """The run with the lowest inertia, the first of equals; the others are not held."""
    return min(runs, key=lambda fit: fit.inertia)


def warn_if_fewer(found: int, n_clusters: int) -> None:
    """Warn of clusters without rows; to be called by fit() itself."""
    if found < n_clusters:
        warnings.warn(
            f"Number of distinct clusters ({found}) found smaller than n_clusters ({n_clusters}). "
            "Possibly due to duplicate points in X.",
            ConvergenceWarning,
            stacklevel=3,
        )
