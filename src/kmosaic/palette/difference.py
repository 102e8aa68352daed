"""How far a picture in few colors is from the original."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from kmosaic._values import Distances
from kmosaic.palette.counting import Counted, colors_of
from kmosaic.palette.lab import lab
from kmosaic.palette.spaces import Colors, with_alpha

_TOGETHER = 1 << 18  # pairs of colors


class Pairs(NamedTuple):
    """Each pair of an original color and the one it became, with the number of its pixels."""

    before: Colors  # (m, 4)
    after: Colors  # (m, 4)
    counts: npt.NDArray[np.int64]


def pairs(original: Counted, indices: npt.NDArray[np.uint8], colors: Colors) -> Pairs:
    """The pairs of two pictures of the same size."""
    both = original.pixels.ravel().astype(np.uint64) << np.uint64(8) | indices.ravel()
    found, counts = np.unique(both, return_counts=True)
    place = (found & np.uint64(255)).astype(np.intp)
    before = colors_of((found >> np.uint64(8)).astype(np.uint32))
    return Pairs(before, with_alpha(colors)[place], counts)


def pairs_of(original: Counted, entries: npt.NDArray[np.uint8], colors: Colors) -> Pairs:
    """The pairs where all pixels of a color became the same: entries has one for each color."""
    return Pairs(original.colors, with_alpha(colors)[entries], original.counts)


def mean_squared_error(of: Pairs) -> float:
    """Mean over pixels, channels and both backgrounds, black and white."""
    total = sum(float(np.square(one - other).mean(axis=1) @ of.counts) for one, other in _shown(of))
    return total / (2 * int(of.counts.sum()))


def mean_delta_e(of: Pairs) -> float:
    """Mean CIEDE2000 difference over pixels and both backgrounds."""
    total = 0.0
    for start in range(0, len(of.counts), _TOGETHER):
        some = slice(start, start + _TOGETHER)
        part = Pairs(of.before[some], of.after[some], of.counts[some])
        for one, other in _shown(part):
            total += float(ciede2000(lab(_whole(one)), lab(_whole(other))) @ part.counts)
    return total / (2 * int(of.counts.sum()))


def _shown(of: Pairs) -> list[tuple[Distances, Distances]]:
    """Both colors of each pair over black and over white, RGB 0 to 255."""
    opaque = bool((of.before[:, 3] == 255).all() and (of.after[:, 3] == 255).all())
    grounds = (0.0,) if opaque else (0.0, 255.0)
    found = [(_over(of.before, ground), _over(of.after, ground)) for ground in grounds]
    return found * 2 if opaque else found


def _over(colors: Colors, ground: float) -> Distances:
    alpha = colors[:, 3:] / 255.0
    return alpha * colors[:, :3] + (1 - alpha) * ground


def _whole(values: Distances) -> npt.NDArray[np.uint8]:
    return np.rint(values).astype(np.uint8)


def ciede2000(one: Distances, other: Distances) -> Distances:
    """The CIEDE2000 difference of colors of CIELAB, (n, 3) each (Sharma, Wu & Dalal 2005).

    >>> ciede2000(np.array([[50.0, 2.6772, -79.7751]]), np.array([[50.0, 0.0, -82.7485]])).round(4)
    array([2.0425])
    """
    l1, a1, b1 = one.T
    l2, a2, b2 = other.T
    mean7 = ((np.hypot(a1, b1) + np.hypot(a2, b2)) / 2) ** 7
    stretch = 1.5 - 0.5 * np.sqrt(mean7 / (mean7 + 25.0**7))
    a1, a2 = a1 * stretch, a2 * stretch
    c1, c2 = np.hypot(a1, b1), np.hypot(a2, b2)
    h1, h2 = (np.degrees(np.arctan2(b, a)) % 360 for a, b in ((a1, b1), (a2, b2)))
    colored = c1 * c2 > 0
    turn = np.where(colored, (h2 - h1 + 180) % 360 - 180, 0.0)
    turn = np.where(turn == -180, np.where(h2 > h1, 180.0, -180.0), turn)
    hue = np.where(colored, (h1 + turn / 2) % 360, h1 + h2)
    light, chroma = (l1 + l2) / 2, (c1 + c2) / 2
    t = (
        1
        - 0.17 * np.cos(np.radians(hue - 30))
        + 0.24 * np.cos(np.radians(2 * hue))
        + 0.32 * np.cos(np.radians(3 * hue + 6))
        - 0.20 * np.cos(np.radians(4 * hue - 63))
    )
    from_50 = (light - 50) ** 2
    dl = (l2 - l1) / (1 + 0.015 * from_50 / np.sqrt(20 + from_50))
    dc = (c2 - c1) / (1 + 0.045 * chroma)
    dh = 2 * np.sqrt(c1 * c2) * np.sin(np.radians(turn / 2)) / (1 + 0.015 * chroma * t)
    blue = 30 * np.exp(-(((hue - 275) / 25) ** 2))
    chroma7 = chroma**7
    rotation = -2 * np.sqrt(chroma7 / (chroma7 + 25.0**7)) * np.sin(np.radians(2 * blue))
    found: Distances = np.sqrt(np.maximum(dl**2 + dc**2 + dh**2 + rotation * dc * dh, 0))
    return found
