"""Centers that come and centers that go (Fritzke 2020, "The breathing k-means algorithm")."""

from __future__ import annotations

import numpy as np

from kmosaic._values import Distances, Rows
from kmosaic.kmeans.standing import Standing

_BESIDE = 0.1  # of the root mean square of a column of the cluster


def split(
    standing: Standing,
    count: int,
    random_state: np.random.RandomState,
    costs: Distances | None = None,
) -> Rows:
    """The centers, and one more beside each of the `count` whose clusters have the most error.

    costs: (k,), what each cluster costs, if that is not its error.
    """
    costs = standing.errors if costs is None else costs
    most = np.argsort(-costs, kind="stable")[:count]
    columns = standing.centers.shape[1]
    weights = standing.weights[most]
    variances = standing.errors[most] / np.where(weights > 0, weights, np.inf) / columns
    away = random_state.uniform(-1.0, 1.0, (len(most), columns)) * np.sqrt(variances)[:, None]
    beside = standing.centers[most] + _BESIDE * away
    return np.concatenate([standing.centers, beside.astype(standing.centers.dtype)])


def draw(standing: Standing, count: int, random_state: np.random.RandomState) -> Rows:
    """The centers, and up to `count` rows drawn by squared distance to the nearest of them."""
    drawn = standing.ground.draw(standing.squared, random_state.random_sample(count))
    return np.concatenate([standing.centers, drawn])


def merge(standing: Standing, k: int) -> Rows:
    """The k centers that are left when those have gone of which the others miss least.

    Of neighbors only one goes as long as there are others: what it leaves, the other has to take.
    """
    order = np.argsort(standing.utilities, kind="stable").tolist()
    left = standing.k - k
    gone: list[int] = []
    kept = np.zeros(standing.k, dtype=bool)
    for center in order:
        if len(gone) == left:
            break
        if not kept[center]:
            gone.append(center)
            if len(gone) < left:
                kept[standing.heirs(center)] = True
    others = [center for center in order if center not in gone]
    gone += others[: left - len(gone)]
    return np.ascontiguousarray(np.delete(standing.centers, gone, axis=0))
