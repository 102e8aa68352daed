"""The pixels themselves, on one canvas."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any, Literal, Self

import numpy as np

from kmosaic._errors import InputError
from kmosaic.data.items import Image
from kmosaic.features.base import ImageFeatures, Matrix
from kmosaic.features.canvas import Size, choose_size, is_gray, stack
from kmosaic.features.look import look

Color = Literal["gray", "rgb"]


class Pixels(ImageFeatures):
    """The pixels as columns, 0 to 1, after every image was stretched to one size.

    size: pixels a side, or (height, width); None keeps the images' own size where they share one
    of at most 64 pixels a side, else takes 32. color: "gray" or "rgb"; None is gray where no image
    that was looked at has color.

    >>> Pixels().fit_transform(np.full((2, 8, 8), 255, np.uint8)).sum(axis=1).tolist()
    [64.0, 64.0]
    """

    def __init__(self, size: int | Size | None = None, color: Color | None = None) -> None:
        self.size = size
        self.color = color

    def fit(self, X: Any, y: Any = None) -> Self:
        """Choose the size and the color where they were not given."""
        images = look(X)
        self.size_ = choose_size(self.size, images, otherwise=32)
        self.color_ = choose_color(self.color, images)
        return self

    def rows(self, images: Sequence[Image]) -> Matrix:
        """The pixels of one block of images, shape (n, height * width * channels)."""
        canvas = stack(images, self.size_, gray=self.color_ == "gray")
        return canvas.reshape(len(canvas), -1).astype(np.float32) / np.float32(255)

    @property
    def max_side(self) -> int | None:
        """Twice the canvas, so that the last step of making it smaller is a smooth one."""
        return 2 * max(self.size_)

    @property
    def _n_features_out(self) -> int:
        return prod(self.size_) * (1 if self.color_ == "gray" else 3)


def choose_color(color: Color | None, images: Sequence[Image]) -> Color:
    """The color mode: as asked for, else gray if no image has color."""
    if color not in (None, "gray", "rgb"):
        raise InputError(f"color must be 'gray', 'rgb' or None, not {color!r}.")
    return color or ("gray" if all(map(is_gray, images)) else "rgb")
