"""The assignment of rows that are directions: near is a small angle."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from kmosaic.kmeans import SphericalKMeans
from kmosaic.labels.assignment import Assignment

_TOGETHER = 1 << 22  # distances that are held at once


def assign_directions(ids: Sequence[str], X: Any, centers: npt.NDArray[Any]) -> Assignment:
    """Assign every row of X, (n, d), dense or sparse, to the center with the largest cosine.

    centers: (k, d). Distances are 1 − cosine, margins those of the nearest over the second nearest
    center.

    >>> found = assign_directions("ab", np.array([[2.0, 0], [1, 1.1]]), np.eye(2))
    >>> found.labels.tolist(), found.distances.round(2).tolist(), found.margins.round(2).tolist()
    ([0, 1], [0.0, 0.26], [0.0, 0.79])
    """
    n, k = X.shape[0], len(centers)
    model = SphericalKMeans(k)
    model.cluster_centers_, model.n_features_in_ = centers, centers.shape[1]
    labels = np.empty(n, np.int32)
    distances, margins = np.empty(n), np.ones(n)
    step = max(1, _TOGETHER // k)
    for begin in range(0, n, step):
        rows = X[begin : begin + step]
        part = slice(begin, begin + rows.shape[0])
        apart = np.maximum(model.transform(rows).astype(np.float64), 0.0)
        labels[part] = own = model.predict(rows)
        distances[part] = nearest = apart[np.arange(len(own)), own]
        apart[np.arange(len(own)), own] = np.inf
        rivals = apart.min(axis=1)
        np.divide(nearest, rivals, out=margins[part], where=rivals > 0)
        np.minimum(margins[part], 1.0, out=margins[part])
    return Assignment(ids, labels, distances, margins, k)
