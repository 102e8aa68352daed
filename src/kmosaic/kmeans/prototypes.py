"""Many centers for each cluster, so that clusters of any form can be told apart by distance."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Self

import numpy as np
import numpy.typing as npt
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted

from kmosaic._engine import Data
from kmosaic._errors import InputError
from kmosaic._plan import count_distinct
from kmosaic._values import Labels, Rows
from kmosaic.kmeans import kinds
from kmosaic.kmeans.as_onnx import onnx_of
from kmosaic.kmeans.checks import check_rows
from kmosaic.kmeans.kmeans import KMeans
from kmosaic.kmeans.savable import Savable

_ROUNDS = 50  # prototypes stand for places, and the last small moves of k-means change none


class Prototypes(Savable, BaseEstimator):  # type: ignore[misc]
    """Describe given clusters by k-means inside each, and classify by the nearest prototype.

    n_prototypes: of all clusters together, default 1,000. A wide cluster gets more than a tight
    one (by its inertia), each at least one and none more than it has different rows; so the number
    may differ from n_prototypes by a few. random_state: seed, RandomState or None.

    Attributes: centers_ (P, d) in X's dtype, and owners_ (P,) int32, the cluster of each.

    >>> X = np.array([[0.0], [4.0], [1.0], [5.0]])
    >>> model = Prototypes(n_prototypes=4, random_state=0).fit(X, y=[0, 0, 1, 1])
    >>> model.predict([[3.9], [5.2], [0.8]]).tolist()
    [0, 1, 1]
    """

    _fitted: ClassVar[Mapping[str, kinds.Kind]] = {
        **Savable._fitted,
        "centers_": kinds.array(2, *kinds.FLOATS),
        "owners_": kinds.array(1, "int32"),
    }
    _found: ClassVar[str] = "owners_"  # the last to be made

    def __init__(
        self, n_prototypes: int = 1_000, random_state: int | np.random.RandomState | None = 0
    ) -> None:
        self.n_prototypes = n_prototypes
        self.random_state = random_state

    def fit(self, X: Any, y: npt.ArrayLike) -> Self:
        """Find the prototypes of X, shape (n, d), with y the cluster of each row, (n,) from 0.

        Raises InputError if there is not one cluster number for each row.
        """
        rows = check_rows(self, X, reset=True)
        numbers = _check_numbers(y, len(rows))
        if self.n_prototypes < 1:
            raise InputError(f"n_prototypes must be 1 or more, not {self.n_prototypes}.")
        Data(rows)  # numbers that are not finite are refused with their place in X
        clusters, groups = _by_cluster(rows, numbers)
        counts = _shares([_inertia(group) for group in groups], self.n_prototypes)
        found = [self._inside(group, count) for group, count in zip(groups, counts, strict=True)]
        self.centers_: Rows = np.concatenate(found)
        lengths = [len(centers) for centers in found]
        self.owners_: Labels = np.repeat(clusters, lengths).astype(np.int32)
        return self

    def predict(self, X: Any) -> Labels:
        """The cluster that owns the nearest prototype of each row, (n,) int32."""
        check_is_fitted(self)
        nearest, _ = Data(check_rows(self, X, reset=False)).nearest(self.centers_)
        labels: Labels = self.owners_[nearest]
        return labels

    def to_onnx(self, dtype: Any = None) -> Any:
        """The model as an onnx.ModelProto, for programs without kmosaic (extra "onnx").

        X (n, d) goes in; label, the owner of the nearest prototype, (n,) int64, and distances to
        all prototypes, (n, P), come out. dtype: of X, that of centers_ by default. Raises
        MissingExtraError without onnx.
        """
        check_is_fitted(self)
        return onnx_of(self.centers_, dtype, owners=self.owners_)

    def _check_loaded(self) -> None:
        super()._check_loaded()
        if len(self.owners_) != len(self.centers_) or not len(self.owners_):
            raise ValueError("there is not one owner for each center.")
        if self.centers_.shape[1] != self.n_features_in_ or (self.owners_ < 0).any():
            raise ValueError("centers_ and owners_ are not those of one model.")

    def _inside(self, group: Rows, count: int) -> Rows:
        count = count_distinct(group, max(count, 1))
        kmeans = KMeans(count, max_iter=_ROUNDS, random_state=self.random_state).fit(group)
        centers: Rows = kmeans.cluster_centers_
        return centers


def _check_numbers(y: npt.ArrayLike, n_rows: int) -> Labels:
    given = np.asarray(y)
    if given.shape != (n_rows,):
        raise InputError(
            f"y must be one cluster number for each of the {n_rows} rows of X, "
            f"shape ({n_rows},), not {given.shape}."
        )
    try:
        with np.errstate(invalid="ignore"):  # NaN is no whole number, and that is all
            numbers = given.astype(np.int32)
        sound = np.array_equal(numbers, given) and bool((numbers >= 0).all())
    except (TypeError, ValueError, OverflowError):
        sound = False
    if not sound:
        raise InputError("y must be whole numbers from 0, such as the labels_ of KMeans.")
    return numbers


def _by_cluster(rows: Rows, numbers: Labels) -> tuple[Labels, list[Rows]]:
    """The cluster numbers that occur, ascending, and the rows of each."""
    clusters, sizes = np.unique(numbers, return_counts=True)
    ends = np.cumsum(sizes)
    return clusters, np.split(rows[np.argsort(numbers, kind="stable")], ends[:-1])


def _inertia(group: Rows) -> float:
    return Data(group).mean_variance() * group.size


def _shares(weights: list[float], total: int) -> list[int]:
    """Whole numbers in proportion to the weights, which sum to about `total`.

    >>> _shares([3.0, 1.0, 0.0], 8)
    [6, 2, 0]
    """
    whole = sum(weights) or 1.0
    return [round(total * weight / whole) for weight in weights]
