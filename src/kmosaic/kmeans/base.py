"""What every estimator that found centers can do with them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
from sklearn.base import (
    BaseEstimator,
    ClassNamePrefixFeaturesOutMixin,
    ClusterMixin,
    TransformerMixin,
)
from sklearn.utils.validation import check_is_fitted

from kmosaic._engine import Data
from kmosaic._errors import InputError
from kmosaic._sparse import data_of
from kmosaic._values import Certificate, Distances, Iteration, Labels, Rows
from kmosaic.kmeans import kinds
from kmosaic.kmeans.as_onnx import onnx_of
from kmosaic.kmeans.checks import check_rows, check_weights
from kmosaic.kmeans.savable import Savable

_TOGETHER = 1 << 22  # numbers that are rounded in one go


class HasCenters(
    Savable,
    ClassNamePrefixFeaturesOutMixin,  # type: ignore[misc]
    TransformerMixin,  # type: ignore[misc]
    ClusterMixin,  # type: ignore[misc]
    BaseEstimator,  # type: ignore[misc]
):
    """Rows belong to the nearest of cluster_centers_, (n_clusters, d), that fit() finds.

    To be saved, an estimator needs a line in `table.py`, and one in `_fitted` for each attribute
    that is not here.
    """

    _fitted: ClassVar[Mapping[str, kinds.Kind]] = {
        **Savable._fitted,
        "cluster_centers_": kinds.array(2, *kinds.FLOATS),
        "labels_": kinds.array(1, "int32"),
        "inertia_": kinds.number,
        "n_iter_": kinds.count,
        "history_": kinds.records(Iteration),
        "algorithm_used_": kinds.text,
        "why_": kinds.text,
        "certificate_": kinds.record(Certificate),
    }

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
        return _rounded(self._distances(data), data.held)

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

    def to_onnx(self, dtype: Any = None) -> Any:
        """The model as an onnx.ModelProto, for programs without kmosaic (extra "onnx").

        It takes X, (n, d), and gives label, (n,) int64, as predict() does, and distances,
        (n, n_clusters), as transform() does. dtype: of X, "float32", "float64" or "uint8"; that of
        the centers by default. Only operators of ONNX itself are used (opset 17).

        Distances are sums of squared differences in float64, exact but for their last digits, and
        rounded to float32 where X is float32. So a label can differ from predict()'s only where
        two centers are as far away as each other to 14 digits (6 for directions in float32, which
        are rounded first). NaN and infinity are not refused. Raises MissingExtraError without onnx.

        >>> from kmosaic import KMeans
        >>> model = KMeans(2, random_state=0).fit(np.array([[0.0, 1.0], [9.0, 8.0]])).to_onnx()
        >>> [output.name for output in model.graph.output]
        ['label', 'distances']
        """
        check_is_fitted(self)
        for name in ("predict", "transform", "_seen", "_data_of", "_distances"):
            if not getattr(type(self), name).__module__.startswith("kmosaic."):
                raise InputError(
                    f"{type(self).__name__} has a {name}() of its own, which to_onnx() does not "
                    "know: it knows those of kmosaic's estimators."
                )
        return onnx_of(self.cluster_centers_, dtype, **self._in_onnx())

    def _in_onnx(self) -> dict[str, Any]:
        """How rows are looked at, as onnx_of() wants to know it."""
        return {}

    def _check_loaded(self) -> None:
        super()._check_loaded()
        if not len(self.cluster_centers_) or self.cluster_centers_.shape[1] != self.n_features_in_:
            raise ValueError("cluster_centers_ have not one column for each of n_features_in_.")

    @property
    def _n_features_out(self) -> int:
        return int(self.cluster_centers_.shape[0])

    def __sklearn_tags__(self) -> Any:
        """What scikit-learn's tools may expect of this estimator."""
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        tags.transformer_tags.preserves_dtype = ["float64", "float32"]
        return tags


def _rounded(distances: Distances, dtype: np.dtype[Any]) -> npt.NDArray[Any]:
    """Distances in another type, some rows at a time: between two parts Ctrl-C is heard."""
    if distances.dtype == dtype:
        return distances
    found = np.empty(distances.shape, dtype)
    step = max(_TOGETHER // distances.shape[1], 1)
    for begin in range(0, len(distances), step):
        found[begin : begin + step] = distances[begin : begin + step]
    return found
