"""What every estimator that found centers can do with them."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.base import (
    BaseEstimator,
    ClassNamePrefixFeaturesOutMixin,
    ClusterMixin,
    TransformerMixin,
)
from sklearn.utils.validation import check_is_fitted

from kmosaic._engine import Labels, held_dtype
from kmosaic._sparse import data_of
from kmosaic.kmeans.checks import check_rows, check_weights


class HasCenters(ClassNamePrefixFeaturesOutMixin, TransformerMixin, ClusterMixin, BaseEstimator):  # type: ignore[misc]
    """Rows belong to the nearest of cluster_centers_, (n_clusters, d), that fit() finds."""

    def predict(self, X: Any) -> Labels:
        """The nearest center of each row, (n,) int32."""
        check_is_fitted(self)
        labels, _ = data_of(check_rows(self, X, reset=False, sparse=True)).nearest(
            self.cluster_centers_
        )
        return labels

    def fit_predict(self, X: Any, y: Any = None, sample_weight: Any = None) -> Labels:
        """Fit, and return labels_."""
        labels: Labels = self.fit(X, sample_weight=sample_weight).labels_
        return labels

    def transform(self, X: Any) -> npt.NDArray[Any]:
        """The distance of each row to each center, (n, n_clusters), in X's float type."""
        check_is_fitted(self)
        rows = check_rows(self, X, reset=False, sparse=True)
        squared = data_of(rows).squared_distances(self.cluster_centers_)
        found: npt.NDArray[Any] = np.sqrt(squared, out=squared).astype(held_dtype(rows), copy=False)
        return found

    def fit_transform(self, X: Any, y: Any = None, sample_weight: Any = None) -> npt.NDArray[Any]:
        """Fit, and return the distances of X to the centers."""
        distances: npt.NDArray[Any] = self.fit(X, sample_weight=sample_weight).transform(X)
        return distances

    def score(self, X: Any, y: Any = None, sample_weight: Any = None) -> float:
        """Minus the inertia of X at the centers."""
        check_is_fitted(self)
        rows = check_rows(self, X, reset=False, sparse=True)
        weights = check_weights(sample_weight, rows)
        return -data_of(rows, weights).summarize(self.cluster_centers_).inertia

    @property
    def _n_features_out(self) -> int:
        return int(self.cluster_centers_.shape[0])

    def __sklearn_tags__(self) -> Any:
        """What scikit-learn's tools may expect of this estimator."""
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        tags.transformer_tags.preserves_dtype = ["float64", "float32"]
        return tags
