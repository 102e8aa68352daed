"""Written signs made comparable: ink on an empty ground, upright, in the middle.

Straightening by second moments is the classical step before reading handwriting; see for example
Liu et al., "Handwritten digit recognition: investigation of normalization and feature extraction
techniques", Pattern Recognition 37 (2004).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import PIL.Image
from PIL.Image import Resampling

from kmosaic.data.items import Image
from kmosaic.features.canvas import Size, in_gray

Stack = npt.NDArray[Any]  # (n, height, width)

_FAINT = 0.1  # of the strongest ink: less is the grain of the paper and has no say in the moments
_STEEPEST = 1.0  # slant, in pixels across per pixel down: 45 degrees


def ink(image: Image) -> Image:
    """How far each pixel is from the ground, which is the median of the rim; shape (h, w).

    Dark signs on light paper and light signs on a dark ground come out the same.

    >>> ink(np.array([[255, 255, 255], [255, 55, 255], [255, 255, 255]], np.uint8))[1].tolist()
    [0, 200, 0]
    """
    gray = in_gray(image).astype(np.int16)
    around = rim(gray)
    middle = len(around) // 2
    ground = int(np.partition(around, middle)[middle])
    return np.abs(gray - ground).astype(np.uint8)


def rim(gray: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """The outermost pixels of a gray image."""
    return np.concatenate([gray[0], gray[-1], gray[1:-1, 0], gray[1:-1, -1]])


def on_paper(image: Image, size: Size) -> Image:
    """The ink of one image in the middle of an empty canvas, as large as fits, not distorted."""
    found = ink(image)
    height, width = size
    if found.shape == size:
        return found
    scale = min(height / found.shape[0], width / found.shape[1])
    new = max(1, round(found.shape[0] * scale)), max(1, round(found.shape[1] * scale))
    picture = PIL.Image.fromarray(found).resize((new[1], new[0]), Resampling.LANCZOS)
    paper = np.zeros(size, dtype=np.uint8)
    top, left = (height - new[0]) // 2, (width - new[1]) // 2
    paper[top : top + new[0], left : left + new[1]] = np.asarray(picture)
    return paper


def straightened(papers: Image) -> Image:
    """Shear each sign until it leans to no side, and move its center of mass to the middle.

    papers: ink on an empty ground, shape (n, height, width); the result has the same shape.

    >>> sign = np.zeros((1, 9, 9), np.uint8)
    >>> sign[0, range(9), range(9)] = 255
    >>> int(straightened(sign)[0, :, 4].sum()) == 9 * 255
    True
    """
    values = papers.astype(np.float32)
    _, height, width = values.shape
    y, x = np.arange(height, dtype=np.float32)[:, None], np.arange(width, dtype=np.float32)
    center_y, center_x, slant = moments(values)
    from_middle = y - (height - 1) / 2
    source_y = np.broadcast_to(from_middle + center_y, values.shape)
    source_x = x - (width - 1) / 2 + slant * from_middle + center_x
    return np.rint(_sampled(values, source_y, source_x)).astype(np.uint8)


def moments(values: Stack) -> tuple[Stack, Stack, Stack]:
    """Center of mass (y, x) and slant of each image, each of shape (n, 1, 1)."""
    _, height, width = values.shape
    y, x = np.arange(height, dtype=np.float32)[:, None], np.arange(width, dtype=np.float32)
    mass = np.where(values > _FAINT * values.max(axis=(1, 2), keepdims=True), values, 0)
    total = np.maximum(_total(mass), 1)
    empty = _total(mass) == 0
    center_y = np.where(empty, (height - 1) / 2, _total(mass * y) / total)
    center_x = np.where(empty, (width - 1) / 2, _total(mass * x) / total)
    off_y = y - center_y
    upright = _total(mass * off_y * off_y) / total
    leaning = _total(mass * off_y * (x - center_x)) / total
    # A flat sign has no upright part to lean: then the quotient would be noise.
    slant = np.where(upright > 0.25, leaning / np.maximum(upright, 0.25), 0)
    return center_y, center_x, np.clip(slant, -_STEEPEST, _STEEPEST)


def _total(values: Stack) -> Stack:
    summed: Stack = values.sum(axis=(1, 2), keepdims=True, dtype=np.float64).astype(np.float32)
    return summed


def _sampled(values: Stack, y: Stack, x: Stack) -> Stack:
    """Values at points between pixels, by bilinear interpolation, zero outside."""
    n, height, width = values.shape
    framed = np.pad(values, ((0, 0), (1, 1), (1, 1))).ravel()
    y, x = np.clip(y + 1, 0, height + 0.999), np.clip(x + 1, 0, width + 0.999)
    top, left = y.astype(np.int64), x.astype(np.int64)
    down, across = y - top, x - left
    row = width + 2
    at = np.arange(n)[:, None, None] * ((height + 2) * row) + top * row + left
    upper = framed[at] * (1 - across) + framed[at + 1] * across
    lower = framed[at + row] * (1 - across) + framed[at + row + 1] * across
    result: Stack = upper * (1 - down) + lower * down
    return result
