"""Rows without clusters, to hold the real ones against."""

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
_NOTHING = 1e-12  # of the inertia of one cluster


@dataclass(frozen=True)
class Reference:
    """What k clusters find in a sample of the rows, and in rows without clusters."""

    real: dict[int, float]  # log of the inertia
    drawn: dict[int, tuple[float, ...]]  # the same of each draw from the box
    beyond: dict[int, float]  # log of the share of variance explained, less that of wide draws


def refer(
    rows: Rows,
    ks: Sequence[int],
    random_state: np.random.RandomState,
    *,
    draws: int,
    tell: Callable[[], None] = lambda: None,
) -> Reference:
    """Fit a path to these rows and to as many drawn evenly, along their principal components.

    First from the box that holds the rows, as Tibshirani, Walther & Hastie (2001) prefer for the
    gap statistic; then half as often with the variances of the rows, for a box about rows with
    tails, or of many columns, is far wider than they are.
    """
    turned = principal_axes(rows)

    def draw_evenly(low: Distances, high: Distances) -> tuple[Distances, dict[int, float]]:
        box = random_state.uniform(low, high, turned.shape)
        return box, _inertia(box, ks, random_state, tell)

    real = _inertia(turned, ks, random_state, tell)
    low, high = turned.min(axis=0), turned.max(axis=0)
    drawn = [draw_evenly(low, high)[1] for _ in range(draws)]
    half = np.sqrt(3 * (turned**2).mean(axis=0))  # of an even spread with this variance
    wide = [_explained(*draw_evenly(-half, half)) for _ in range(count_wide(draws))]
    found = _explained(turned, real)
    return Reference(
        {k: float(np.log(inertia)) for k, inertia in real.items()},
        {k: tuple(float(np.log(each[k])) for each in drawn if k in each) for k in real},
        {
            k: float(np.log(found[k] / np.mean([each[k] for each in wide])))
            for k in found
            if all(k in each for each in wide)
        },
    )


def count_wide(draws: int) -> int:
    """How many draws have the variances of the rows, where so many are from the box.

    >>> count_wide(10)
    5
    """
    return max(draws // 2, 1)


def _explained(rows: Distances, inertia: dict[int, float]) -> dict[int, float]:
    """The share of the variance of the rows that is between clusters."""
    total = float(((rows - rows.mean(axis=0)) ** 2).sum())
    shares = {k: 1 - left / total for k, left in inertia.items() if k > 1} if total > 0 else {}
    return {k: share for k, share in shares.items() if share > 0}


def principal_axes(rows: Any) -> Distances:
    """The rows about their mean, along their principal components: all distances stay as they are.

    (m, d) becomes (m, min(m, d)).

    >>> principal_axes(np.array([[0.0, 3.0], [4.0, 0.0]])).round(9)[:, 0].tolist()
    [2.5, -2.5]
    """
    m, d = rows.shape
    with one_thread():
        if d <= m:
            about = about_the_mean(rows.toarray() if issparse(rows) else rows)
            _, vectors = np.linalg.eigh(about.T @ about)
            turned: Distances = about @ vectors[:, ::-1]
        else:  # many columns: the products of the rows say as much
            values, vectors = np.linalg.eigh(_products(rows))
            values = np.where(values > _VANISHED * values[-1], values, 0.0)
            turned = vectors[:, ::-1] * np.sqrt(values[::-1])
    turned *= np.where(turned[np.abs(turned).argmax(axis=0), np.arange(turned.shape[1])] < 0, -1, 1)
    return np.ascontiguousarray(turned)


def _products(rows: Any) -> Distances:
    """Of each two rows about their mean, (m, m); sparse rows are not written out."""
    if not issparse(rows):
        about = about_the_mean(rows)
        products: Distances = about @ about.T
        return products
    rows = rows.astype(np.float64)
    whole = (rows @ rows.T).toarray()
    means: Distances = whole.mean(axis=0)
    centered: Distances = whole - means - means[:, None] + means.mean()
    return centered


def _inertia(
    rows: Distances,
    ks: Sequence[int],
    random_state: np.random.RandomState,
    tell: Callable[[], None],
) -> dict[int, float]:
    path = Path(rows, Data(rows), ks, random_state)
    path.fit_from_scratch(1)
    tell()
    # Less is rounding: as many clusters as there are contents explain all, of whatever rows.
    least = _NOTHING * float(about_the_mean(rows).var(axis=0).sum()) * len(rows)
    return {k: fit.inertia for k, fit in path.best.items() if fit.inertia > least}
