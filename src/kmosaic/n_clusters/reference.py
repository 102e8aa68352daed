"""Rows without clusters, to hold the real ones against: what the gap statistic needs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import issparse

from kmosaic._engine import Data
from kmosaic._values import Distances, Rows
from kmosaic.features.steady import one_thread
from kmosaic.n_clusters.path import Path
from kmosaic.n_clusters.sample import about_the_mean

_VANISHED = 1e-13  # of the largest: rounding


@dataclass(frozen=True)
class Reference:
    """Log of the inertia for each k, of a sample of the rows and of rows without clusters."""

    real: dict[int, float]
    drawn: dict[int, tuple[float, ...]]  # one for each draw


def refer(
    rows: Rows,
    ks: Sequence[int],
    random_state: np.random.RandomState,
    *,
    draws: int,
    tell: Callable[[], None] = lambda: None,
) -> Reference:
    """Fit a path to these rows and to as many drawn evenly from the box about their axes.

    The box is aligned with the principal components, as Tibshirani, Walther & Hastie (2001)
    prefer, and each draw has as many rows as the sample.
    """
    turned = principal_axes(rows)
    low, high = turned.min(axis=0), turned.max(axis=0)
    real = _log_inertia(turned, ks, random_state, tell)
    drawn: dict[int, list[float]] = {k: [] for k in real}
    for _ in range(draws):
        box = random_state.uniform(low, high, turned.shape)
        for k, inertia in _log_inertia(box, ks, random_state, tell).items():
            if k in drawn:
                drawn[k].append(inertia)
    return Reference(real, {k: tuple(values) for k, values in drawn.items()})


def principal_axes(rows: Rows) -> Distances:
    """The rows about their mean, along their principal components: all distances stay as they are.

    (m, d) becomes (m, min(m, d)).

    >>> principal_axes(np.array([[0.0, 3.0], [4.0, 0.0]])).round(9)[:, 0].tolist()
    [2.5, -2.5]
    """
    with one_thread():
        about = about_the_mean(_written_out(rows))
        m, d = about.shape
        if d <= m:
            _, vectors = np.linalg.eigh(about.T @ about)
            turned: Distances = about @ vectors[:, ::-1]
        else:  # many columns: the products of the rows say as much
            values, vectors = np.linalg.eigh(about @ about.T)
            values = np.where(values > _VANISHED * values[-1], values, 0.0)
            turned = vectors[:, ::-1] * np.sqrt(values[::-1])
    turned *= np.where(turned[np.abs(turned).argmax(axis=0), np.arange(turned.shape[1])] < 0, -1, 1)
    return np.ascontiguousarray(turned)


def _written_out(rows: Any) -> Rows:
    """A sample of sparse rows without the columns that hold nothing; others as they are."""
    if not issparse(rows):
        return rows  # type: ignore[no-any-return]
    used = np.unique(rows.tocsr().indices)
    return rows.tocsc()[:, used].toarray()  # type: ignore[no-any-return]


def _log_inertia(
    rows: Distances,
    ks: Sequence[int],
    random_state: np.random.RandomState,
    tell: Callable[[], None],
) -> dict[int, float]:
    path = Path(rows, Data(rows), ks, random_state)
    path.fit_from_scratch(1)
    tell()
    return {k: float(np.log(fit.inertia)) for k, fit in path.best.items() if fit.inertia > 0}
