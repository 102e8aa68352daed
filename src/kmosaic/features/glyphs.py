"""Written signs made comparable: ink on an empty ground, upright, in the middle.

Straightening by second moments is the classical step before reading handwriting; see for example
Liu et al., "Handwritten digit recognition: investigation of normalization and feature extraction
techniques", Pattern Recognition 37 (2004).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import PIL.Image
from PIL.Image import Resampling

from kmosaic.data.items import Image
from kmosaic.features.canvas import Size, in_gray

Stack = npt.NDArray[Any]  # (n, height, width)

_FAINT = 0.1  # of the strongest ink: less is the grain of the paper and has no say in the moments
_SPREAD = 5 / 28  # of the canvas: the common standard deviation of the ink, so that strokes fit in
_LEAST_SPREAD = 0.3  # pixels: less is a dot or a hairline
_MOST_ENLARGED = 3  # times: a dot is not blown up to fill the canvas
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


@dataclass(frozen=True)
class Shape:
    """Where the ink of each image lies and how far it spreads, by moments; each (n, 1, 1)."""

    center_y: Stack
    center_x: Stack
    slant: Stack  # pixels across for each pixel down
    height: Stack  # standard deviation of the ink down, in pixels
    width: Stack  # standard deviation across, once upright


def straightened(papers: Image, *, same_size: bool = False) -> Image:
    """Shear each sign until it leans to no side, and move its center of mass to the middle.

    papers: ink on an empty ground, shape (n, height, width); the result has the same shape.
    same_size: also scale the larger of its two spreads to a common one, and the smaller halfway.

    >>> sign = np.zeros((1, 9, 9), np.uint8)
    >>> sign[0, range(9), range(9)] = 255
    >>> int(straightened(sign)[0, :, 4].sum()) == 9 * 255
    True
    """
    values = papers.astype(np.float32)
    _, height, width = values.shape
    y, x = np.arange(height, dtype=np.float32)[:, None], np.arange(width, dtype=np.float32)
    shape = moments(values)
    tall, wide = _scales(shape, min(height, width)) if same_size else (1, 1)
    down = tall * (y - (height - 1) / 2)
    source_y = np.broadcast_to(down + shape.center_y, values.shape)
    source_x = wide * (x - (width - 1) / 2) + shape.slant * down + shape.center_x
    return np.rint(_sampled(values, source_y, source_x)).astype(np.uint8)


def moments(values: Stack) -> Shape:
    """Center, slant and spread of the ink of each image."""
    _, height, width = values.shape
    y, x = np.arange(height, dtype=np.float32)[:, None], np.arange(width, dtype=np.float32)
    mass = np.where(values > _FAINT * values.max(axis=(1, 2), keepdims=True), values, 0)
    total = np.maximum(_total(mass), 1)
    empty = _total(mass) == 0
    center_y = np.where(empty, (height - 1) / 2, _total(mass * y) / total)
    center_x = np.where(empty, (width - 1) / 2, _total(mass * x) / total)
    off_y, off_x = y - center_y, x - center_x
    upright = _total(mass * off_y * off_y) / total
    leaning = _total(mass * off_y * off_x) / total
    # A flat sign has no upright part to lean: then the quotient would be noise.
    slant = np.where(upright > 0.25, leaning / np.maximum(upright, 0.25), 0)
    slant = np.clip(slant, -_STEEPEST, _STEEPEST)
    sheared = off_x - slant * off_y
    across = _total(mass * sheared * sheared) / total
    return Shape(center_y, center_x, slant, np.sqrt(upright), np.sqrt(across))


def _scales(shape: Shape, side: int) -> tuple[Stack, Stack]:
    """Pixels of the image for each pixel of the canvas, down and across."""
    larger = np.maximum(np.maximum(shape.height, shape.width), _LEAST_SPREAD)
    scale = np.maximum(larger / (_SPREAD * side), 1 / _MOST_ENLARGED)
    # The root takes proportions halfway: a thin stroke stays thin, but not as thin as it was.
    tall = scale * np.sqrt(np.maximum(shape.height, _LEAST_SPREAD) / larger)
    wide = scale * np.sqrt(np.maximum(shape.width, _LEAST_SPREAD) / larger)
    return tall, wide


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
