"""Images as the input of a neural network."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
import numpy.typing as npt

from kmosaic.data.items import Image
from kmosaic.features.canvas import Size, stack

Resize = Literal["stretch", "crop"]
Order = Literal["rgb", "bgr", "gray"]


def prepared(
    images: Sequence[Image],
    size: Size,
    resize: Resize,
    channels: Order,
    scale: float,
    mean: float | tuple[float, ...],
    std: float | tuple[float, ...],
) -> npt.NDArray[np.float32]:
    """Images as float32 (n, height, width, channels): (pixel * scale - mean) / std.

    >>> gray = [np.full((4, 4), 255, np.uint8)]
    >>> prepared(gray, (1, 1), "stretch", "rgb", 1 / 255, 0.5, 0.5).tolist()
    [[[[1.0, 1.0, 1.0]]]]
    """
    if resize == "crop":
        images = [middle(image, size) for image in images]
    canvas = stack(images, size, gray=channels == "gray").reshape(len(images), *size, -1)
    if channels == "bgr":
        canvas = canvas[..., ::-1]
    values = canvas * np.float32(scale) - np.asarray(mean, dtype=np.float32)
    return np.asarray(values / np.asarray(std, dtype=np.float32), dtype=np.float32)


def middle(image: Image, size: Size) -> Image:
    """The largest middle part of an image that has the proportions of a size.

    >>> middle(np.zeros((10, 30), np.uint8), (5, 5)).shape
    (10, 10)
    """
    height, width = image.shape[:2]
    scale = min(height / size[0], width / size[1])
    new = max(1, round(size[0] * scale)), max(1, round(size[1] * scale))
    top, left = (height - new[0]) // 2, (width - new[1]) // 2
    return image[top : top + new[0], left : left + new[1]]
