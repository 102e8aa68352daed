"""Images of any size and mode on one common canvas."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import PIL.Image
from PIL.Image import Resampling

from kmosaic._errors import InputError
from kmosaic.data.items import Image

Size = tuple[int, int]  # (height, width) in pixels

LARGEST_OWN = 64  # up to this side, images of one size keep it


def is_gray(image: Image, tolerance: int = 0) -> bool:
    """Tell whether an image has no color: one channel, or three that agree.

    >>> is_gray(np.zeros((2, 2, 3), np.uint8))
    True
    """
    if image.ndim == 2:
        return True
    channels = image.astype(np.int16)
    return bool((np.ptp(channels, axis=2) <= tolerance).all())


def choose_size(size: int | Size | None, images: Sequence[Image], otherwise: int) -> Size:
    """The canvas: as asked for, else the images' own common size if it is small, else a square.

    >>> choose_size(None, [np.zeros((28, 20), np.uint8)], otherwise=32)
    (28, 20)
    """
    if size is not None:
        return check_size(size)
    sizes = {image.shape[:2] for image in images}
    if len(sizes) == 1:
        height, width = sizes.pop()
        if max(height, width) <= LARGEST_OWN:
            return height, width
    return otherwise, otherwise


def check_size(size: int | Size) -> Size:
    """A size as (height, width); raises InputError if it is none.

    >>> check_size(32)
    (32, 32)
    """
    sides = size if isinstance(size, tuple | list) else (size, size)
    whole = all(isinstance(side, int | np.integer) and 1 <= side <= 4096 for side in sides)
    if len(sides) != 2 or not whole:
        raise InputError(f"size must be one number or height,width from 1 to 4096, not {size!r}.")
    return int(sides[0]), int(sides[1])


def stack(images: Sequence[Image], size: Size, *, gray: bool) -> Image:
    """All images stretched to one size, shape (n, height, width) gray or (n, height, width, 3).

    Smaller images are enlarged by Lanczos' kernel; larger ones are averaged by it as well.
    """
    shape = size if gray else (*size, 3)
    canvas = np.empty((len(images), *shape), dtype=np.uint8)
    for place, image in zip(canvas, images, strict=True):
        place[...] = fitted(image, size, gray=gray)
    return canvas


def fitted(image: Image, size: Size, *, gray: bool) -> Image:
    """One image stretched to a size, in gray or in color.

    >>> fitted(np.full((2, 3, 3), 7, np.uint8), (1, 1), gray=True).tolist()
    [[7]]
    """
    image = in_gray(image) if gray else in_color(image)
    if image.shape[:2] == size:
        return image
    height, width = size
    picture = PIL.Image.fromarray(image).resize((width, height), Resampling.LANCZOS)
    return np.asarray(picture)


def in_gray(image: Image) -> Image:
    """The image in gray (ITU-R 601 luma), shape (h, w)."""
    return image if image.ndim == 2 else np.asarray(PIL.Image.fromarray(image).convert("L"))


def in_color(image: Image) -> Image:
    """The image in RGB, shape (h, w, 3)."""
    return image if image.ndim == 3 else np.repeat(image[:, :, None], 3, axis=2)
