"""A start of k-means that looks at a sample of the rows."""

from __future__ import annotations

from typing import Any

import numpy as np

from kmosaic._sparse import contents, data_of
from kmosaic._values import Rows

_FEWEST, _PER_CLUSTER = 4_000, 100  # rows


def sampled_start(X: Any, n_clusters: int, random_state: np.random.RandomState) -> Rows:
    """Starting centers, (n_clusters, d), by greedy k-means++ on 4,000 rows, or 100 a cluster.

    For `KMeans(init=sampled_start)` and `SphericalKMeans`, where rows are many and the clusters
    not tiny, such as in sparse rows of documents: k-means++ on all of them takes as long as several
    iterations. X: (n, d), dense or sparse.

    >>> X = np.array([[0.0], [1.0], [50.0]])
    >>> sorted(sampled_start(X, 2, np.random.RandomState(0)).ravel().tolist())[1]
    50.0
    """
    n, most = X.shape[0], max(_FEWEST, _PER_CLUSTER * n_clusters)
    rows = X if n <= most else X[np.sort(random_state.choice(n, most, replace=False))]
    found: Rows = contents(rows, data_of(rows).plus_plus(n_clusters, random_state))
    return found
