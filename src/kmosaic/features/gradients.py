"""Histograms of oriented gradients of many images of one size at once.

Dalal and Triggs, "Histograms of oriented gradients for human detection", CVPR 2005. Without soft
votes and with one image at a time, `skimage.feature.hog` computes the same; the tests hold one
against the other.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

_CLIP = np.float32(0.2)  # of L2-Hys: no single orientation may rule a block
_SMALL = np.float32(1e-5)  # of L2-Hys, for strengths of 0 to 1
_ON_THE_LIMIT = np.float32(1e-5)  # of an orientation's width: rounding must not move it over

Stack = npt.NDArray[Any]  # (n, height, width)
Histograms = npt.NDArray[np.float32]  # (n, rows of cells, columns of cells, orientations)


def cell_histograms(images: Stack, cell: int, orientations: int, *, soft: bool) -> Histograms:
    """How strong the edges of each orientation are in each square cell (mean over its pixels).

    images: 8-bit pixels. An edge's orientation is its angle without its sign, 0 to 180 degrees.
    soft: a pixel votes for the two nearest orientations and the four nearest cells, for each in
    proportion to its nearness, as in the paper; else for the nearest alone. Beyond the outermost
    cells there are none, and such votes are lost.
    """
    across, down = _slopes(images)
    n, height, width = across.shape
    rows, columns = height // cell, width // cell
    across, down = (
        across[:, : rows * cell, : columns * cell],
        down[:, : rows * cell, : columns * cell],
    )
    strength = np.sqrt(across * across + down * down) / np.float32(255)
    turn = np.arctan2(down, across) * np.float32(orientations / np.pi) % np.float32(orientations)
    votes = np.zeros((*turn.shape, orientations), np.float32)
    for bins, weights in _votes(turn, strength, orientations, soft=soft):
        places = bins[..., None]
        before = np.take_along_axis(votes, places, axis=3)
        np.put_along_axis(votes, places, before + weights[..., None], axis=3)
    # One small product for each row of an image, so that no image's sums depend on the others.
    pooled = _shares(columns, cell, soft=soft) @ votes
    pooled = pooled.reshape(n, rows * cell, columns * orientations)
    means: Histograms = _shares(rows, cell, soft=soft) @ pooled
    return means.reshape(n, rows, columns, orientations)


def normalized_blocks(histograms: Histograms, block: int) -> npt.NDArray[np.float32]:
    """Each block of block x block cells as a column vector of L2-Hys norm, shape (n, d).

    Blocks overlap by all but one cell, so that a cell comes in with several neighborhoods.
    """
    n, rows, columns, orientations = histograms.shape
    down, across = rows - block + 1, columns - block + 1
    out = np.empty((n, down, across, block * block * orientations), dtype=np.float32)
    for i in range(down):
        for j in range(across):
            part = histograms[:, i : i + block, j : j + block].reshape(n, -1)
            out[:, i, j] = _unit(np.minimum(_unit(part), _CLIP))
    return out.reshape(n, -1)


def _slopes(images: Stack) -> tuple[Stack, Stack]:
    """Central differences along rows and columns; none at the rim, as in scikit-image."""
    values = images.astype(np.float32)
    across, down = np.zeros_like(values), np.zeros_like(values)
    across[:, :, 1:-1] = values[:, :, 2:] - values[:, :, :-2]
    down[:, 1:-1] = values[:, 2:] - values[:, :-2]
    return across, down


def _votes(
    turn: Stack, strength: Stack, orientations: int, *, soft: bool
) -> Iterator[tuple[npt.NDArray[np.int64], Stack]]:
    """Which orientation each pixel votes for, and how strongly; two rounds of voting if soft."""
    if not soft:
        # Slopes of 8-bit pixels are whole numbers, so that angles right on a limit do occur.
        yield (turn + _ON_THE_LIMIT).astype(np.int64) % orientations, strength
        return
    position = turn - np.float32(0.5)  # in the middle of an orientation its share is one
    lower = np.floor(position)
    share = position - lower
    below = lower.astype(np.int64)
    yield below % orientations, strength * (1 - share)
    yield (below + 1) % orientations, strength * share


def _shares(cells: int, cell: int, *, soft: bool) -> npt.NDArray[np.float32]:
    """How much of each pixel's vote each cell along one axis gets, (cells, pixels); mean over it.

    >>> (4 * _shares(2, 4, soft=True)).round(3).tolist()[0]
    [0.625, 0.875, 0.875, 0.625, 0.375, 0.125, 0.0, 0.0]
    """
    middles = (np.arange(cells) + 0.5) * cell - 0.5
    away = np.abs(np.arange(cells * cell) - middles[:, None]) / cell
    shares = np.maximum(0, 1 - away) if soft else away < 0.5
    return (shares / cell).astype(np.float32)


def _unit(vectors: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    length = np.sqrt(np.einsum("ij,ij->i", vectors, vectors) + _SMALL**2)
    result: npt.NDArray[np.float32] = vectors / length[:, None]
    return result
