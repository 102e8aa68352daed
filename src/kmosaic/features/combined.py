"""Several features side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self

import numpy as np
from sklearn.base import clone

from kmosaic._errors import InputError
from kmosaic.data.items import Batch, Image, Items
from kmosaic.features.base import ImageFeatures, Matrix
from kmosaic.features.sampled import sampled_rows

_LEARN_FROM = 2_000  # rows: enough to know how far images are apart


class Combined(ImageFeatures):
    """The columns of several features, scaled so that each part counts as its weight says.

    extractors: the parts. weights: how much each part contributes to the distance between two
    images, relative to the others; None is 1 each. The scale is learned from at most 2,000 images
    drawn with random_state.

    >>> from kmosaic.features import Color, HOG
    >>> both = Combined((HOG(), Color()), weights=(1.0, 0.6))
    >>> both.fit_transform(np.zeros((2, 16, 16, 3), np.uint8)).shape
    (2, 3066)
    """

    def __init__(
        self,
        extractors: tuple[ImageFeatures, ...],
        weights: tuple[float, ...] | None = None,
        random_state: int = 0,
    ) -> None:
        self.extractors = extractors
        self.weights = weights
        self.random_state = random_state

    def fit(self, X: Any, y: Any = None) -> Self:
        """Fit each part and learn how far its rows spread."""
        weights = self.weights or (1.0,) * len(self.extractors)
        if not self.extractors or len(weights) != len(self.extractors) or min(weights) <= 0:
            raise InputError("weights must be one positive number for each of the extractors.")
        self.extractors_ = tuple(clone(part).fit(X) for part in self.extractors)
        spreads = [
            _spread(sampled_rows(part, X, _LEARN_FROM, self.random_state))
            for part in self.extractors_
        ]
        self.scales_ = tuple(
            float(weight / spread) for weight, spread in zip(weights, spreads, strict=True)
        )
        return self

    def rows(self, images: Sequence[Image]) -> Matrix:
        """The columns of all parts for one block of images."""
        return self.rows_of(Batch(np.arange(len(images)), list(images)))

    def rows_of(self, batch: Batch) -> Matrix:
        """The columns of all parts for one block of items."""
        parts = zip(self.extractors_, self.scales_, strict=True)
        return np.hstack([part.rows_of(batch) * np.float32(scale) for part, scale in parts])

    def check_items(self, items: Items) -> None:
        """As every part does."""
        for part in self.extractors_:
            part.check_items(items)

    @property
    def max_side(self) -> int | None:
        """What the part that needs the most needs."""
        sides = [part.max_side for part in self.extractors_]
        return None if None in sides else max(side for side in sides if side is not None)

    @property
    def _n_features_out(self) -> int:
        return sum(part._n_features_out for part in self.extractors_)


def _spread(rows: Matrix) -> float:
    """How far rows are from their mean: the root of the mean squared distance; 1 if they agree."""
    spread = float(np.sqrt(rows.var(axis=0, dtype=np.float64).sum()))
    return spread if spread > 1e-6 else 1.0
