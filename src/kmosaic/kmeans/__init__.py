"""k-means: estimators, one a file, all over the one engine."""

from kmosaic._engine import Iteration
from kmosaic.kmeans.kmeans import KMeans
from kmosaic.kmeans.merged import merged_start, varied_start
from kmosaic.kmeans.prototypes import Prototypes

__all__ = ["Iteration", "KMeans", "Prototypes", "merged_start", "varied_start"]
