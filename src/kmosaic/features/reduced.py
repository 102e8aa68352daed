"""A step after other features: principal components."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self

import numpy as np
import numpy.typing as npt
from sklearn.base import clone
from sklearn.decomposition import PCA

from kmosaic._errors import InputError
from kmosaic.data.items import Batch, Image, Items
from kmosaic.features.base import ImageFeatures, Matrix
from kmosaic.features.sampled import sampled_rows
from kmosaic.features.steady import one_thread, steady_product

Wide = npt.NDArray[np.float64]

_LEARN_FROM = 20_000  # rows: the leading components no longer change with more
_LARGEST_EXACT = 4_096  # rows or columns, whichever are fewer: beyond, exact takes minutes


class Reduced(ImageFeatures):
    """The first principal components of other features, by scikit-learn's PCA.

    extractor: the features to reduce. n_components: at most this many; never more than the features
    have columns or there are images to learn from. whiten: divide each component by this power of
    its standard deviation: 0 keeps their weights, 1 makes all weigh the same, 0.5 is halfway, so
    that fine differences count more and noise does not rule. The components are learned from at
    most 20,000 images, drawn with random_state; the sign of each is fixed, so that the same images
    give the same rows.

    >>> from kmosaic.features import Pixels
    >>> images = np.arange(5 * 16, dtype=np.uint8).reshape(5, 4, 4)
    >>> Reduced(Pixels(), n_components=2).fit_transform(images).shape
    (5, 2)
    """

    def __init__(
        self,
        extractor: ImageFeatures,
        n_components: int = 48,
        whiten: float = 0.0,
        random_state: int = 0,
    ) -> None:
        self.extractor = extractor
        self.n_components = n_components
        self.whiten = whiten
        self.random_state = random_state

    def fit(self, X: Any, y: Any = None) -> Self:
        """Fit the inner features and learn their principal components."""
        if not 0 <= self.whiten <= 1:
            raise InputError(f"whiten must be between 0 and 1, not {self.whiten}.")
        if self.n_components < 1:
            raise InputError(f"n_components must be 1 or more, not {self.n_components}.")
        self.extractor_: ImageFeatures = clone(self.extractor).fit(X)
        rows = sampled_rows(self.extractor_, X, _LEARN_FROM, self.random_state)
        self.mean_ = rows.mean(axis=0, dtype=np.float64)
        rows -= self.mean_.astype(rows.dtype)  # in place, and so that float32 loses nothing
        directions, variances = self._directions(rows)
        self.components_: Wide = np.ascontiguousarray(directions.T.astype(np.float64))
        if self.whiten:
            self.components_ /= _scales(variances) ** self.whiten
        return self

    def _directions(self, centered: Matrix) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
        """The principal components, (n_components, d), and the variance along each."""
        n, width = centered.shape
        count = min(self.n_components, n, width)
        if not centered.any():  # equal images: no direction is better than another
            return np.eye(count, width), np.zeros(count)
        pca = PCA(count, svd_solver=_solver(n, width), random_state=self.random_state)
        with one_thread():
            pca.fit(centered)
        return pca.components_, pca.explained_variance_

    def rows(self, images: Sequence[Image]) -> Matrix:
        """The components of one block of images, shape (n, n_components)."""
        return self.rows_of(Batch(np.arange(len(images)), list(images)))

    def rows_of(self, batch: Batch) -> Matrix:
        """The components of one block of items."""
        return steady_product(self.extractor_.rows_of(batch), self.mean_, self.components_)

    def check_items(self, items: Items) -> None:
        """As the inner features do."""
        self.extractor_.check_items(items)

    @property
    def max_side(self) -> int | None:
        """What the inner features need."""
        return self.extractor_.max_side

    @property
    def _n_features_out(self) -> int:
        return int(self.components_.shape[1])


def _solver(n: int, width: int) -> str:
    if min(n, width) > _LARGEST_EXACT:
        return "randomized"
    return "full" if n < width else "covariance_eigh"


def _scales(variances: Any) -> Any:
    """Standard deviations; a direction without any is not blown up to noise."""
    floor = float(variances[0]) * 1e-9 or 1.0
    return np.sqrt(np.maximum(variances, floor))
