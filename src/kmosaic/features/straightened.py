"""A step before other features: straighten written signs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self

import numpy as np
from sklearn.base import clone

from kmosaic.data import as_items
from kmosaic.data.items import Image
from kmosaic.features.base import ImageFeatures, Matrix
from kmosaic.features.canvas import Size, choose_size
from kmosaic.features.glyphs import on_paper, straightened
from kmosaic.features.look import look

_SMALLEST_OWN = 20  # smaller signs are enlarged: their strokes need room to be straightened
_COMMON_SIZE = 28


class Straightened(ImageFeatures):
    """Other features of written signs that were made upright, centered and light on dark.

    extractor: the features that follow, for example `HOG()`. size: pixels a side, or (height,
    width); None keeps a size that all images share if it is 20 to 64 pixels, else takes 28.
    same_size: signs are also brought to one size, and halfway to the same proportions; without it
    they keep both.

    >>> from kmosaic.features import Pixels
    >>> Straightened(Pixels()).fit_transform(np.zeros((2, 8, 8), np.uint8)).shape
    (2, 784)
    """

    def __init__(
        self, extractor: ImageFeatures, size: int | Size | None = None, same_size: bool = False
    ) -> None:
        self.extractor = extractor
        self.size = size
        self.same_size = same_size

    def fit(self, X: Any, y: Any = None) -> Self:
        """Choose the size where it was not given, and fit the features that follow."""
        images = look(as_items(X))
        size = choose_size(self.size, images, otherwise=_COMMON_SIZE)
        small = self.size is None and max(size) < _SMALLEST_OWN
        self.size_: Size = (_COMMON_SIZE, _COMMON_SIZE) if small else size
        self.extractor_: ImageFeatures = clone(self.extractor).fit(self._upright(images))
        return self

    def rows(self, images: Sequence[Image]) -> Matrix:
        """The features of one block of straightened images."""
        return self.extractor_.rows(list(self._upright(images)))

    def _upright(self, images: Sequence[Image]) -> Image:
        papers = np.stack([on_paper(image, self.size_) for image in images])
        return straightened(papers, same_size=self.same_size)

    @property
    def max_side(self) -> int | None:
        """Four times the canvas: thin strokes must last until the ink is told from the paper."""
        return 4 * max(self.size_)

    @property
    def _n_features_out(self) -> int:
        return self.extractor_._n_features_out
