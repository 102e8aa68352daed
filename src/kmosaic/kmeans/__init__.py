"""k-means: estimators, one a file, all over the one engine."""

from kmosaic._engine import Iteration
from kmosaic.kmeans.kmeans import KMeans

__all__ = ["Iteration", "KMeans"]
