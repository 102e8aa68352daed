"""sRGB colors in CIELAB for the white of D65, and back (IEC 61966-2-1, CIE 15)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from kmosaic._oklab import linear
from kmosaic._values import Distances
from kmosaic.palette.oklab_back import from_linear, mixed

_TO_XYZ = np.array(
    [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
)
_WHITE = _TO_XYZ.sum(axis=1)
_TO_CURVED, _FROM_XYZ = _TO_XYZ / _WHITE[:, None], np.linalg.inv(_TO_XYZ)
_KNEE = 6 / 29


def lab(rgb: npt.NDArray[np.uint8]) -> Distances:
    """Lightness 0 to 100, green-red and blue-yellow of 8-bit sRGB colors, (n, 3).

    >>> lab(np.array([[255, 0, 0]], np.uint8)).round(2).tolist()
    [[53.24, 80.09, 67.2]]
    """
    light = mixed(linear(rgb), _TO_CURVED)
    curved = np.where(light > _KNEE**3, np.cbrt(light), light / (3 * _KNEE**2) + 4 / 29)
    x, y, z = curved[:, 0], curved[:, 1], curved[:, 2]
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1)


def srgb(places: Distances) -> Distances:
    """Colors of CIELAB, (n, 3), as sRGB from 0 to 255, beyond where sRGB has no such color.

    >>> srgb(lab(np.array([[255, 0, 9]], np.uint8))).round().tolist()
    [[255.0, 0.0, 9.0]]
    """
    y = (places[:, 0] + 16) / 116
    curved = np.stack([y + places[:, 1] / 500, y, y - places[:, 2] / 200], axis=-1)
    light = np.where(curved > _KNEE, curved**3, 3 * _KNEE**2 * (curved - 4 / 29))
    return from_linear(mixed(light * _WHITE, _FROM_XYZ))
