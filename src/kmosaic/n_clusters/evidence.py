"""All that is looked at before K is chosen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from kmosaic._engine import Data
from kmosaic._values import Fit, Rows
from kmosaic.n_clusters.halves import Seen, look_at_halves
from kmosaic.n_clusters.path import Path
from kmosaic.n_clusters.reference import Reference, count_wide, refer
from kmosaic.n_clusters.sample import Places, draw, draw_from_each, opened, take
from kmosaic.n_clusters.silhouettes import (
    Silhouette,
    Spread,
    medoid_silhouette,
    silhouettes_of,
    spread_of,
)

PATH_ROWS = 10_000  # more: fits begin where those of so many rows end
SILHOUETTE_ROWS = 10_000  # more: the silhouette is that of a sample of about so many
HALVED_ROWS = 4_000
REFERENCE_ROWS = 1_000
FEWEST_RESAMPLES, MOST_RESAMPLES, RESAMPLED_ROWS = 3, 20, 4_000  # cut in half so often
DRAWS = 10
_STARTS, _WORK = 4, 2e8  # most starts of a path; rows x columns x k that one takes
_TOLERANCE, _MOST_ITERATIONS = 1e-4, 300  # of fits of all rows, as KMeans has them

Tell = Callable[[str], None]  # called with what was just done, about count_steps() times


@dataclass(frozen=True)
class Evidence:
    """What is known of the fits of every k."""

    ks: tuple[int, ...]  # ascending
    n: int
    d: int
    total: float  # squared distance of all rows to their mean
    fits: dict[int, Fit]  # of all rows
    spreads: dict[int, Spread]  # of all rows, k of 2 or more
    silhouettes: dict[int, Silhouette]
    medoid_silhouettes: dict[int, float]  # of all rows; empty unless asked for
    halves: dict[int, Seen]
    reference: Reference


def gather(
    rows: Rows,
    data: Data,
    ks: tuple[int, ...],
    order: Places,
    random_state: np.random.RandomState,
    tell: Tell,
    *,
    by_medoids: bool = False,
) -> Evidence:
    """Fit every k, and look at the fits from all sides; the order of the rows does not matter.

    by_medoids: take the silhouette by medoids, too.
    """
    n, d = rows.shape
    fits = fit_every(rows, data, order, ks, random_state, tell)
    known = tuple(k for k in ks if k in fits)
    several = [k for k in known if k > 1]
    spreads = {}
    for k in several:
        spreads[k] = spread_of(data, fits[k], order)
        tell("spread")
    chosen, weights = draw_from_each(order, fits[known[-1]].labels, SILHOUETTE_ROWS, random_state)
    labels = {k: fits[k].labels[chosen] for k in several}
    silhouettes = silhouettes_of(rows, chosen, weights, labels)
    medoid_silhouettes = {
        k: medoid_silhouette(rows, fits[k], silhouettes[k].medoids, order)
        for k in several
        if by_medoids and silhouettes[k].medoids.min() >= 0
    }
    tell("silhouettes")
    part = take(rows, draw(order, HALVED_ROWS, random_state))
    halves = look_at_halves(
        part, known, random_state, resamples=resamples_of(n), tell=lambda: tell("halves")
    )
    part = take(rows, draw(order, REFERENCE_ROWS, random_state))
    reference = refer(part, known, random_state, draws=DRAWS, tell=lambda: tell("reference"))
    total = data.mean_variance() * n * d
    return Evidence(
        ks, n, d, total, fits, spreads, silhouettes, medoid_silhouettes, halves, reference
    )


def resamples_of(n: int) -> int:
    """How often rows are cut in half: more often where they are few, and each cut tells little.

    >>> resamples_of(100), resamples_of(500), resamples_of(70_000)
    (20, 8, 3)
    """
    return min(max(RESAMPLED_ROWS // n, FEWEST_RESAMPLES), MOST_RESAMPLES)


def count_steps(ks: tuple[int, ...], n: int) -> int:
    """How often gather() calls tell(), about."""
    fits = (3 if n > PATH_ROWS else 2) * len(ks)
    return fits + len(ks) + 1 + resamples_of(n) * (4 * len(ks) + 2) + DRAWS + count_wide(DRAWS) + 1


def fit_every(
    rows: Rows,
    data: Data,
    order: Places,
    ks: tuple[int, ...],
    random_state: np.random.RandomState,
    tell: Tell,
) -> dict[int, Fit]:
    """The best fit of every k: a path of a sample, and Lloyd on all rows from where it ends."""
    n, d = rows.shape
    chosen = draw(order, PATH_ROWS, random_state)
    some, some_data = opened(rows, chosen)
    path = Path(some, some_data, ks, random_state, tell=lambda: tell("fits"))
    work = max(len(chosen) * d * ks[-1], 1)
    path.fit_from_scratch(int(np.clip(_WORK // work, 1, _STARTS)))
    path.go_down_and_up()
    if len(chosen) == n:
        return {k: _in_order_of(fit, chosen) for k, fit in path.best.items()}
    tolerance = _TOLERANCE * data.mean_variance()
    whole = Path(rows, data, ks, random_state, max_iter=_MOST_ITERATIONS, tolerance=tolerance)
    for k, fit in path.best.items():
        whole.offer(k, fit.centers)
        tell("fits")
    return whole.best


def _in_order_of(fit: Fit, chosen: Places) -> Fit:
    """The fit of all rows, as they stand, from that of rows[chosen]."""
    labels = np.empty_like(fit.labels)
    labels[chosen] = fit.labels
    return fit._replace(labels=labels)
