"""The spaces in which colors are compared: each from 8-bit sRGB and back."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from kmosaic._oklab import oklab
from kmosaic._parts import each, parts_of
from kmosaic._values import Distances
from kmosaic.palette import lab, oklab_back
from kmosaic.palette.weighed import LAB, OKLAB

_TOGETHER = 1 << 15  # colors: what comes between fits into the cache
Colors = npt.NDArray[np.uint8]  # (n, 3) RGB or (n, 4) RGBA, 8 bits each, not premultiplied


class Space(NamedTuple):
    """One space: black is at its origin."""

    of: Callable[[Colors], Distances]  # (n, 3) sRGB -> (n, 3) coordinates
    back: Callable[[Distances], Distances]  # coordinates -> sRGB, 0 to 255 and beyond
    white: tuple[float, ...]
    step: float  # about the difference that one step of 8 bits makes
    squares: bool = False  # the mean of squared differences is to be least, not that of differences


SPACES = {
    "oklab": Space(
        lambda rgb: OKLAB.bent(oklab(rgb)),
        lambda places: oklab_back.srgb(OKLAB.straight(places)),
        white=tuple(OKLAB.bent(np.array([[1.0, 0.0, 0.0]]))[0].tolist()),
        step=1 / 255,
    ),
    "lab": Space(
        lambda rgb: LAB.bent(lab.lab(rgb) / 100),
        lambda places: lab.srgb(LAB.straight(places) * 100),
        white=tuple(LAB.bent(np.array([[1.0, 0.0, 0.0]]))[0].tolist()),
        step=1 / 255,
    ),
    "rgb": Space(lambda rgb: rgb.astype(np.float64), lambda x: x, (255.0, 255.0, 255.0), 1.0, True),
}


def coordinates(space: Space, colors: Colors) -> Distances:
    """Where colors lie: (n, 3) for RGB, (n, 4) for RGBA.

    With alpha, the squared distance of two colors is the mean of what it is over black and over
    white: over a background b a color x of opacity a shows a·x + (1 - a)·b, and for differences u
    of a·x and v of a, (|u|² + |u - v·white|²) / 2 = |u - v·white/2|² + |v·white/2|².

    >>> half = np.array([[255, 255, 255, 51], [0, 0, 0, 255]], np.uint8)
    >>> coordinates(SPACES["oklab"], half).round(3).tolist()
    [[0.075, 0.0, 0.0, 0.075], [-0.376, 0.0, 0.0, 0.376]]
    """
    if len(colors) > _TOGETHER:
        parts = parts_of(len(colors), _TOGETHER)
        return np.concatenate(each(lambda part: _coordinates(space, colors[part]), parts))
    return _coordinates(space, colors)


def _coordinates(space: Space, colors: Colors) -> Distances:
    found = space.of(colors[:, :3])
    if colors.shape[1] == 3:
        return found
    alpha = colors[:, 3:] / 255.0
    half = np.asarray(space.white) / 2
    return np.concatenate([alpha * (found - half), alpha * float(np.linalg.norm(half))], axis=1)


def with_alpha(colors: Colors) -> Colors:
    """Colors as RGBA, (n, 4); RGB is opaque.

    >>> with_alpha(np.array([[1, 2, 3]], np.uint8)).tolist()
    [[1, 2, 3, 255]]
    """
    if colors.shape[1] == 4:
        return colors
    return np.concatenate([colors, np.full((len(colors), 1), 255, np.uint8)], axis=1)


def seen_or_not(colors: Colors) -> Colors:
    """Colors with opacity, (..., 4), as GIF has them: opaque or, of less than half, invisible.

    >>> seen_or_not(np.array([[1, 2, 3, 128], [1, 2, 3, 127]], np.uint8)).tolist()
    [[1, 2, 3, 255], [0, 0, 0, 0]]
    """
    found = colors.copy()
    found[..., 3] = 255
    found[colors[..., 3] < 128] = 0
    return found


def nearest_colors(space: Space, places: Distances) -> Colors:
    """The 8-bit color at each place, (n, 3) or (n, 4); what has alpha stays visible.

    >>> nearest_colors(SPACES["rgb"], np.array([[0.4, 300.0, -2.0]])).tolist()
    [[0, 255, 0]]
    """
    if places.shape[1] == 3:
        return _bytes(space.back(places))
    half = np.asarray(space.white) / 2
    alpha = np.clip(places[:, 3:] / float(np.linalg.norm(half)), 1 / 255, 1.0)
    rgb = _bytes(space.back(places[:, :3] / alpha + half))
    return np.concatenate([rgb, np.maximum(_bytes(alpha * 255), 1)], axis=1)


def _bytes(values: Distances) -> Colors:
    return np.rint(np.clip(values, 0, 255)).astype(np.uint8)
