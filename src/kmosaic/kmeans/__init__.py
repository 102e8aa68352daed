"""k-means: estimators, one a file, all over the one engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kmosaic._lazy import lazily

if TYPE_CHECKING:
    from kmosaic._values import Iteration
    from kmosaic.kmeans.balanced import BalancedKMeans
    from kmosaic.kmeans.bisecting import BisectingKMeans
    from kmosaic.kmeans.functions import k_means, kmeans_parallel, kmeans_plusplus
    from kmosaic.kmeans.kmeans import KMeans
    from kmosaic.kmeans.merged import merged_start, varied_start
    from kmosaic.kmeans.minibatch import MiniBatchKMeans
    from kmosaic.kmeans.prototypes import Prototypes
    from kmosaic.kmeans.sampled import sampled_start
    from kmosaic.kmeans.spherical import SphericalKMeans
    from kmosaic.kmeans.trimmed import TrimmedKMeans

__all__ = [
    "BalancedKMeans",
    "BisectingKMeans",
    "Iteration",
    "KMeans",
    "MiniBatchKMeans",
    "Prototypes",
    "SphericalKMeans",
    "TrimmedKMeans",
    "k_means",
    "kmeans_parallel",
    "kmeans_plusplus",
    "merged_start",
    "sampled_start",
    "varied_start",
]

# As in kmosaic itself: what needs the engine alone does not wait for scikit-learn (a second).
_HOME = {
    "BalancedKMeans": "kmosaic.kmeans.balanced",
    "BisectingKMeans": "kmosaic.kmeans.bisecting",
    "Iteration": "kmosaic._values",
    "KMeans": "kmosaic.kmeans.kmeans",
    "MiniBatchKMeans": "kmosaic.kmeans.minibatch",
    "Prototypes": "kmosaic.kmeans.prototypes",
    "SphericalKMeans": "kmosaic.kmeans.spherical",
    "TrimmedKMeans": "kmosaic.kmeans.trimmed",
    "k_means": "kmosaic.kmeans.functions",
    "kmeans_parallel": "kmosaic.kmeans.functions",
    "kmeans_plusplus": "kmosaic.kmeans.functions",
    "merged_start": "kmosaic.kmeans.merged",
    "sampled_start": "kmosaic.kmeans.sampled",
    "varied_start": "kmosaic.kmeans.merged",
}

__getattr__ = lazily(__name__, _HOME)


def __dir__() -> list[str]:
    return sorted(__all__)
