"""k-means: estimators, one a file, all over the one engine."""

from kmosaic._engine import Iteration
from kmosaic.kmeans.bisecting import BisectingKMeans
from kmosaic.kmeans.functions import k_means, kmeans_plusplus
from kmosaic.kmeans.kmeans import KMeans
from kmosaic.kmeans.merged import merged_start, varied_start
from kmosaic.kmeans.minibatch import MiniBatchKMeans
from kmosaic.kmeans.prototypes import Prototypes

__all__ = [
    "BisectingKMeans",
    "Iteration",
    "KMeans",
    "MiniBatchKMeans",
    "Prototypes",
    "k_means",
    "kmeans_plusplus",
    "merged_start",
    "varied_start",
]
