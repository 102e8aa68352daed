"""How well clusters are set apart, from the rows alone: scikit-learn's scores, on all rows."""

from kmosaic.metrics.dispersion import calinski_harabasz_score, davies_bouldin_score
from kmosaic.metrics.silhouette import silhouette_samples, silhouette_score
from kmosaic.metrics.to_centers import medoid_silhouette_score, simplified_silhouette_samples

__all__ = [
    "calinski_harabasz_score",
    "davies_bouldin_score",
    "medoid_silhouette_score",
    "silhouette_samples",
    "silhouette_score",
    "simplified_silhouette_samples",
]
