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

from kmosaic._engine import Data, Distances, Labels, Rows
from kmosaic._sparse import data_of
from kmosaic.kmeans.checks import check_rows, check_weights


class HasCenters(ClassNamePrefixFeaturesOutMixin, TransformerMixin, ClusterMixin, BaseEstimator):  # type: ignore[misc]
    """Rows belong to the nearest of cluster_centers_, (n_clusters, d), that fit() finds."""

    def predict(self, X: Any) -> Labels:
        """The nearest center of each row, (n,) int32."""
        check_is_fitted(self)
        labels, _ = self._seen(X).nearest(self.cluster_centers_)
        return labels

    def fit_predict(self, X: Any, y: Any = None, sample_weight: Any = None) -> Labels:
        """Fit, and return labels_."""
        labels: Labels = self.fit(X, sample_weight=sample_weight).labels_
        return labels

    def transform(self, X: Any) -> npt.NDArray[Any]:
        """The distance of each row to each center, (n, n_clusters), in X's float type."""
        check_is_fitted(self)
        data = self._seen(X)
        return self._distances(data).astype(data.held, copy=False)

    def fit_transform(self, X: Any, y: Any = None, sample_weight: Any = None) -> npt.NDArray[Any]:
        """Fit, and return the distances of X to the centers."""
        distances: npt.NDArray[Any] = self.fit(X, sample_weight=sample_weight).transform(X)
        return distances

    def score(self, X: Any, y: Any = None, sample_weight: Any = None) -> float:
        """Minus the inertia of X at the centers."""
        check_is_fitted(self)
        return -self._seen(X, sample_weight).summarize(self.cluster_centers_).inertia

    def _seen(self, X: Any, sample_weight: Any = None) -> Data:
        """The rows of X as the engine takes them, once there are centers."""
        rows = check_rows(self, X, reset=False, sparse=True)
        return self._data_of(rows, check_weights(sample_weight, rows))

    def _data_of(self, rows: Rows, weights: Distances | None) -> Data:
        """What clusters are found in; an estimator that looks at rows in another way says how."""
        return data_of(rows, weights)

    def _distances(self, data: Data) -> Distances:
        """What transform() tells of the rows, in float64."""
        squared = data.squared_distances(self.cluster_centers_)
        return np.sqrt(squared, out=squared)

    @property
    def _n_features_out(self) -> int:
        return int(self.cluster_centers_.shape[0])

    def __sklearn_tags__(self) -> Any:
        """What scikit-learn's tools may expect of this estimator."""
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        tags.transformer_tags.preserves_dtype = ["float64", "float32"]
        return tags
