"""k-means: estimators, one a file, all over the one engine."""

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
