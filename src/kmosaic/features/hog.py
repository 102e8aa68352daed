"""Histograms of oriented gradients: the shape of things, whatever their brightness."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self

import numpy as np

from kmosaic._errors import InputError
from kmosaic.data.items import Image
from kmosaic.features.base import ImageFeatures, Matrix
from kmosaic.features.canvas import Size, choose_size, stack
from kmosaic.features.gradients import cell_histograms, normalized_blocks
from kmosaic.features.look import look


class HOG(ImageFeatures):
    """Histograms of oriented gradients (Dalal and Triggs, CVPR 2005) of the gray image.

    size: see `Pixels`; without it images are 64 x 64 unless they share a smaller size. cell: pixels
    a side; None takes an eighth of the image (4 at 28 x 28 and 32 x 32). block: cells a side of the
    blocks that are normalized together. soft: a pixel votes for its two nearest orientations and
    four nearest cells; not soft is what `skimage.feature.hog` computes. mirror: an image and its
    mirror image (left to right) become the same, as they should for photographs and must not for
    writing.

    >>> HOG().fit_transform(np.zeros((2, 28, 28), np.uint8)).shape
    (2, 2025)
    """

    def __init__(
        self,
        size: int | Size | None = None,
        cell: int | None = None,
        block: int = 3,
        orientations: int = 9,
        soft: bool = True,
        mirror: bool = False,
    ) -> None:
        self.size = size
        self.cell = cell
        self.block = block
        self.orientations = orientations
        self.soft = soft
        self.mirror = mirror

    def fit(self, X: Any, y: Any = None) -> Self:
        """Choose the sizes of image, cells and blocks where they were not given."""
        for name in ("block", "orientations") + (("cell",) if self.cell is not None else ()):
            if getattr(self, name) < 1:
                raise InputError(f"{name} must be 1 or more, not {getattr(self, name)}.")
        height, width = choose_size(self.size, look(X), otherwise=64)
        self.cell_ = self.cell or max(2, int(max(height, width) / 8 + 0.5))
        # An image that is smaller than a cell is enlarged to one.
        self.size_ = max(height, self.cell_), max(width, self.cell_)
        self.block_ = min(self.block, *self._cells())
        return self

    def rows(self, images: Sequence[Image]) -> Matrix:
        """The normalized histograms of one block of images, shape (n, d)."""
        canvas = stack(images, self.size_, gray=True)
        found = self._histograms(canvas)
        if not self.mirror:
            return found
        return (found + self._histograms(canvas[:, :, ::-1])) * np.float32(0.5)

    def _histograms(self, canvas: Image) -> Matrix:
        cells = cell_histograms(canvas, self.cell_, self.orientations, soft=self.soft)
        return normalized_blocks(cells, self.block_)

    def _cells(self) -> Size:
        return self.size_[0] // self.cell_, self.size_[1] // self.cell_

    @property
    def max_side(self) -> int | None:
        """Twice the canvas, so that the last step of making it smaller is a smooth one."""
        return 2 * max(self.size_)

    @property
    def _n_features_out(self) -> int:
        rows, columns = (cells - self.block_ + 1 for cells in self._cells())
        return rows * columns * self.block_**2 * self.orientations
