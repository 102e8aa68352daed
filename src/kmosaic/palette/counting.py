"""The different colors of a picture: how often each comes, and where."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kmosaic._parts import each, parts_of
from kmosaic.palette.spaces import Colors

Keys = npt.NDArray[np.uint32]  # R + 256 G + 256² B + 256³ A
_TOGETHER = 1 << 22  # pixels: colors that come again do so nearby, so a part has few of them
_OPAQUE, _RGB = np.uint32(0xFF << 24), np.uint32(0xFFFFFF)
_MANY = 4  # parts from which on a table of all opaque colors is the quicker way to add up


@dataclass(frozen=True, eq=False)
class Counted:
    """A picture as its different colors and the place of each pixel among them."""

    keys: Keys  # (n,) of the different colors, ascending
    counts: npt.NDArray[np.int64]  # (n,) pixels of each
    pixels: Keys  # (h, w), one a pixel

    @property
    def colors(self) -> Colors:
        """The different colors, (n, 4)."""
        return colors_of(self.keys)

    @property
    def opaque(self) -> bool:
        """Whether no pixel shows what is behind it."""
        return bool((self.keys >= _OPAQUE).all())

    def painted(self, values: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
        """The picture with a value for each of its colors, (h, w)."""
        flat = self.pixels.ravel()
        found = np.empty(len(flat), np.uint8)
        if self.opaque:
            table = np.zeros(1 << 24, np.uint8)  # only what is touched takes memory
            table[self.keys & _RGB] = values

        def paint(part: slice) -> None:
            if self.opaque:
                # No index lies outside, so "wrap" changes none; it is the quickest way to say so.
                places = (flat[part] & _RGB).astype(np.intp)
                table.take(places, out=found[part], mode="wrap")
            else:
                found[part] = values[np.searchsorted(self.keys, flat[part])]

        each(paint, parts_of(len(flat), _TOGETHER))
        return found.reshape(self.pixels.shape)


def colors_of(keys: Keys) -> Colors:
    """RGBA of each key, (n, 4)."""
    return np.ascontiguousarray(keys.astype("<u4")).view(np.uint8).reshape(-1, 4)


def keys_of(colors: Colors) -> Keys:
    """The key of each color; RGB is opaque.

    >>> keys_of(np.array([[1, 2, 0]], np.uint8)).tolist() == [1 + 2 * 256 + 255 * 256**3]
    True
    """
    whole = np.ascontiguousarray(colors)
    if colors.shape[-1] == 4:
        return whole.view("<u4")[..., 0].astype(np.uint32)
    keys = np.empty(whole.shape[:-1], np.uint32)
    one_a_color, count = keys.reshape(-1), keys.size
    if count:
        # Four bytes from every third: the fourth is red of the next color, and opacity hides it.
        overlapping: Keys = np.ndarray((count - 1,), "<u4", whole, 0, (3,))
        np.bitwise_or(overlapping, _OPAQUE, out=one_a_color[:-1])
        red, green, blue = whole.reshape(-1, 3)[-1].tolist()
        one_a_color[-1] = int(_OPAQUE) | blue << 16 | green << 8 | red
    return keys


def count(pixels: Colors) -> Counted:
    """Count the colors of a picture, (h, w, 3) or (h, w, 4); all that is invisible is one color.

    >>> counted = count(np.array([[[9, 9, 9], [0, 0, 0], [9, 9, 9]]], np.uint8))
    >>> counted.colors.tolist(), counted.counts.tolist()
    ([[0, 0, 0, 255], [9, 9, 9, 255]], [1, 2])
    """
    flat = pixels.reshape(-1, pixels.shape[-1])
    keys = np.empty(len(flat), np.uint32)

    def work(part: slice) -> tuple[Keys, npt.NDArray[np.int64]]:
        some = keys_of(flat[part])
        if pixels.shape[-1] == 4:
            some[some <= _RGB] = 0
        keys[part] = some
        some.sort()
        first = _firsts(some)
        return some[first], np.diff(first, append=len(some)).astype(np.int64, copy=False)

    found, counts = together(each(work, parts_of(len(flat), _TOGETHER)))
    return Counted(found, counts, keys.reshape(pixels.shape[:-1]))


def _firsts(keys: Keys) -> npt.NDArray[np.intp]:
    """Where in ascending keys another one begins."""
    other = np.ones(len(keys), np.bool_)
    np.not_equal(keys[1:], keys[:-1], out=other[1:])
    return np.flatnonzero(other)


def together(
    parts: list[tuple[Keys, npt.NDArray[np.int64]]],
) -> tuple[Keys, npt.NDArray[np.int64]]:
    """Colors and counts of several parts as those of the whole."""
    if len(parts) == 1:
        return parts[0]
    if len(parts) >= _MANY and all(keys[0] >= _OPAQUE for keys, _ in parts):
        return _by_table(parts)
    keys = np.concatenate([part[0] for part in parts])
    order = np.argsort(keys, kind="stable")
    keys = keys[order]
    first = _firsts(keys)
    counts = np.concatenate([part[1] for part in parts])[order]
    return keys[first], np.add.reduceat(counts, first)


def _by_table(
    parts: list[tuple[Keys, npt.NDArray[np.int64]]],
) -> tuple[Keys, npt.NDArray[np.int64]]:
    table = np.zeros(1 << 24, np.uint32)  # only what is touched takes memory
    for keys, counts in parts:
        places = (keys & _RGB).astype(np.intp)  # each comes once in a part
        table[places] = table.take(places, mode="wrap") + counts.astype(np.uint32)

    def find(some: slice) -> npt.NDArray[np.intp]:
        places: npt.NDArray[np.intp] = np.flatnonzero(table[some]) + some.start
        return places

    found = np.concatenate(each(find, parts_of(len(table), _TOGETHER)))
    return found.astype(np.uint32) | _OPAQUE, table[found].astype(np.int64)
