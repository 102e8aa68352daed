"""Dithering: neighbors make up for what a color cannot show.

Errors are those of sRGB values. Which two entries may be nearest is looked up in a table of the
color cube, and the nearer of the two is taken, so a pixel takes the same time with any palette.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from kmosaic._engine import Data
from kmosaic.palette.spaces import Colors, Space, coordinates, with_alpha

Indices = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]
_BITS = 5  # of each channel in the table
_SOLID = 240  # opacity from which an entry may stand for what is opaque
_SHARES = ((0, 1, 7), (1, -1, 3), (1, 0, 5), (1, 1, 1))  # rows down, columns right, sixteenths
_BAYER = 8  # side of the square of thresholds


class Table:
    """The two entries that are nearest to the middle of each cell of the color cube."""

    def __init__(self, entries: Colors, space: Space) -> None:
        steps = np.arange(1 << _BITS, dtype=np.uint8) << np.uint8(8 - _BITS)
        middles = steps + np.uint8(1 << (7 - _BITS))
        cube = np.stack(np.meshgrid(middles, middles, middles, indexing="ij"), axis=-1)
        places = coordinates(space, entries)
        self.entries = entries.astype(np.float32)
        data = Data(coordinates(space, cube.reshape(-1, 3)))
        if len(entries) == 1:
            self.first = self.second = np.zeros(len(cube) ** 3, np.uint8)
        else:
            first, _, second, _ = data.nearest_two(places)
            self.first, self.second = first.astype(np.uint8), second.astype(np.uint8)

    def nearest(self, wanted: Floats) -> Indices:
        """The entry for each color, (n, 3), 0 to 255."""
        cells = wanted.astype(np.uint8) >> np.uint8(8 - _BITS)
        cell = (cells[:, 0].astype(np.intp) << 2 * _BITS) + (
            (cells[:, 1].astype(np.intp) << _BITS) + cells[:, 2]
        )
        one, two = self.first[cell], self.second[cell]
        nearer = _squared(wanted - self.entries[two]) < _squared(wanted - self.entries[one])
        found: Indices = np.where(nearer, two, one)
        return found


def _squared(away: Floats) -> Floats:
    found: Floats = np.einsum("ij,ij->i", away, away)
    return found


def dither(
    how: str, pixels: Colors, indices: Indices, colors: Colors, space: Space, strength: float
) -> None:
    """Change the entries, (h, w), of the opaque pixels, (h, w, 3) or (h, w, 4), of a picture."""
    entries = with_alpha(colors)
    solid = np.flatnonzero(entries[:, 3] >= _SOLID)
    if not len(solid):
        return
    table = Table(np.ascontiguousarray(entries[solid, :3]), space)
    opaque = pixels[:, :, 3] == 255 if pixels.shape[2] == 4 else None
    found = DITHERS[how](pixels[:, :, :3], table, strength, opaque)
    if opaque is None:
        indices[:] = solid[found]
    else:
        indices[opaque] = solid[found[opaque]]


def floyd_steinberg(
    pixels: Colors, table: Table, strength: float, opaque: npt.NDArray[np.bool_] | None
) -> Indices:
    """Give the error of a pixel to those to the right and below (Floyd & Steinberg 1976).

    A pixel waits for its left neighbor and three above, so all with the same x + 2y go together.
    """
    height, width = pixels.shape[:2]
    errors = np.zeros((height + 1, width + 2, 3), np.float32)
    found = np.zeros((height, width), np.uint8)
    shares = [(down, right, np.float32(share / 16 * strength)) for down, right, share in _SHARES]
    for front in range(width + 2 * height - 2):
        rows = np.arange(max(0, -(-(front - width + 1) // 2)), min(height, front // 2 + 1))
        columns = front - 2 * rows
        wanted = np.clip(pixels[rows, columns] + errors[rows, columns + 1], 0, 255)
        best = table.nearest(wanted)
        found[rows, columns] = best
        error = wanted - table.entries[best]
        if opaque is not None:
            error[~opaque[rows, columns]] = 0
        for down, right, share in shares:
            errors[rows + down, columns + 1 + right] += share * error
    return found


def ordered(
    pixels: Colors, table: Table, strength: float, opaque: npt.NDArray[np.bool_] | None
) -> Indices:
    """Add a pattern of thresholds, as wide as entries lie apart (Bayer 1973)."""
    del opaque  # no pixel concerns another
    height, width = pixels.shape[:2]
    pattern = (bayer(_BAYER) - 0.5).astype(np.float32) * np.float32(strength * _apart(table))
    tiles = np.tile(pattern, (1, -(-width // _BAYER)))[:, :width]
    found = np.empty((height, width), np.uint8)
    for row in range(height):
        wanted = np.clip(pixels[row] + tiles[row % _BAYER, :, None], 0, 255)
        found[row] = table.nearest(wanted)
    return found


def _apart(table: Table) -> float:
    """The mean step in each channel from an entry to the nearest other one."""
    entries = table.entries.astype(np.float64)
    if len(entries) < 2:
        return 0.0
    away = Data(entries).nearest_two(entries)[3]
    return float(np.sqrt(away / 3).mean())


def bayer(side: int) -> npt.NDArray[np.float64]:
    """Thresholds from 0 to 1, (side, side), neighbors far apart; side a power of two.

    >>> (bayer(2) * 4).tolist()
    [[0.5, 2.5], [3.5, 1.5]]
    """
    found = np.zeros((1, 1), np.int64)
    while len(found) < side:
        found = np.block([[4 * found, 4 * found + 2], [4 * found + 3, 4 * found + 1]])
    return (found + 0.5) / found.size


DITHERS: dict[str, Callable[..., Indices]] = {
    "none": lambda *_: np.zeros((0, 0), np.uint8),
    "floyd-steinberg": floyd_steinberg,
    "ordered": ordered,
}
