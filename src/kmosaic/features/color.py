"""Which colors an image has, and how much of each."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from math import prod
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from kmosaic._errors import InputError
from kmosaic._oklab import oklab
from kmosaic.data.items import Image
from kmosaic.features.base import ImageFeatures, Matrix
from kmosaic.features.canvas import Size, choose_size, stack
from kmosaic.features.look import look

_LIMIT = 0.15  # of a and b: nearly all colors of photographs are paler; the rest counts as this


class Color(ImageFeatures):
    """A histogram of the image's colors in OKLab, a space where distances are as people see them.

    bins: how many steps of lightness, green to red, and blue to yellow; a pixel counts for the
    eight nearest in proportion. The columns are square roots of shares, so that Euclidean distance
    is Hellinger's distance between histograms. size: see `Pixels`; 64 where images do not share a
    smaller size.

    >>> Color().fit_transform(np.zeros((1, 8, 8, 3), np.uint8)).max()
    np.float32(1.0)
    """

    def __init__(
        self, size: int | Size | None = None, bins: tuple[int, int, int] = (6, 5, 5)
    ) -> None:
        self.size = size
        self.bins = bins

    def fit(self, X: Any, y: Any = None) -> Self:
        """Choose the size where it was not given."""
        if len(self.bins) != 3 or min(self.bins) < 2:
            raise InputError(f"bins must be three numbers of 2 or more, not {self.bins!r}.")
        self.size_ = choose_size(self.size, look(X), otherwise=64)
        return self

    def rows(self, images: Sequence[Image]) -> Matrix:
        """The histograms of one block of images, shape (n, product of bins)."""
        colors = oklab(stack(images, self.size_, gray=False))
        low, width = (0.0, -_LIMIT, -_LIMIT), (1.0, 2 * _LIMIT, 2 * _LIMIT)
        positions = [
            np.clip((colors[..., axis].reshape(len(images), -1) - low[axis]) / width[axis], 0, 1)
            * (self.bins[axis] - 1)
            for axis in range(3)
        ]
        shares = _shared_out(positions, self.bins)
        roots: Matrix = np.sqrt(shares).astype(np.float32)
        return roots

    @property
    def max_side(self) -> int | None:
        """Twice the canvas, so that the last step of making it smaller is a smooth one."""
        return 2 * max(self.size_)

    @property
    def _n_features_out(self) -> int:
        return prod(self.bins)


def _shared_out(
    positions: Sequence[npt.NDArray[np.float64]], bins: tuple[int, int, int]
) -> npt.NDArray[np.float64]:
    """Histograms of points between bins, three times (n, points) to (n, cells), each of sum 1."""
    n, points = positions[0].shape
    lower = [
        np.minimum(position.astype(np.int64), steps - 2)
        for position, steps in zip(positions, bins, strict=True)
    ]
    above = [position - below for position, below in zip(positions, lower, strict=True)]
    sides = [(1 - share, share) for share in above]
    cells = prod(bins)
    first = np.arange(n)[:, None] * cells + (lower[0] * bins[1] + lower[1]) * bins[2] + lower[2]
    shares = np.zeros(n * cells)
    for i, j, k in product((0, 1), repeat=3):
        cell = first + (i * bins[1] + j) * bins[2] + k
        weight = sides[0][i] * sides[1][j] * sides[2][k]
        shares += np.bincount(cell.ravel(), weight.ravel(), minlength=len(shares))
    histograms: npt.NDArray[np.float64] = shares.reshape(n, cells) / points
    return histograms
