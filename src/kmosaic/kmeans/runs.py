"""What every estimator does with runs of the engine: the best is kept, what is missing is told."""

from __future__ import annotations

import warnings
from collections.abc import Iterable

from sklearn.exceptions import ConvergenceWarning

from kmosaic._errors import InputError
from kmosaic._values import Fit, Rows


def check_enough_rows(rows: Rows, n_clusters: int) -> None:
    """Raise InputError where there are fewer rows than clusters."""
    n = rows.shape[0]
    if n < n_clusters:
        most = "1 cluster" if n == 1 else f"{n} clusters"
        raise InputError(
            f"n_samples={n} should be >= n_clusters={n_clusters}. Ask for {most} at most, or give "
            "more rows."
        )


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


def what_ran(fit: Fit) -> str:
    """The line that verbose=1 shows of the best run: scikit-learn has none, as it has no choice."""
    return f"Algorithm {fit.algorithm}: {fit.why}."


def how_it_ended(fit: Fit, max_iter: int, tolerance: float) -> str:
    """The last line that verbose=1 shows of a run, as scikit-learn has it."""
    last = fit.history[-1]
    if last.moved == 0:
        why = "strict convergence"
    elif fit.converged:
        why = f"center shift {last.center_shift**2} within tolerance {tolerance}"
    else:
        why = "max_iter reached" if last.number == max_iter else "a callback asked for it"
        return f"Stopped at iteration {last.number - 1}: {why}."
    return f"Converged at iteration {last.number - 1}: {why}."
