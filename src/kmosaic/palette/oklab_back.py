"""From OKLab back to sRGB (Ottosson 2020, https://bottosson.github.io/posts/oklab/)."""

from __future__ import annotations

import numpy as np

from kmosaic._values import Distances

_TO_CONES = np.array(
    [
        [1.0, 0.3963377774, 0.2158037573],
        [1.0, -0.1055613458, -0.0638541728],
        [1.0, -0.0894841775, -1.2914855480],
    ]
)
_TO_LINEAR = np.array(
    [
        [4.0767416621, -3.3077115913, 0.2309699292],
        [-1.2684380046, 2.6097574011, -0.3413193965],
        [-0.0041960863, -0.7034186147, 1.7076147010],
    ]
)


def srgb(places: Distances) -> Distances:
    """Colors of OKLab, (n, 3), as sRGB from 0 to 255, beyond where sRGB has no such color.

    >>> srgb(np.array([[1.0, 0.0, 0.0], [0.0, 0.0, 0.0]])).round().tolist()
    [[255.0, 255.0, 255.0], [0.0, 0.0, 0.0]]
    """
    return from_linear(mixed(mixed(places, _TO_CONES) ** 3, _TO_LINEAR))


def mixed(colors: Distances, matrix: Distances) -> Distances:
    """Each color times the matrix; sums written out, so that a color comes out alike anywhere."""
    one, two, three = colors[:, 0], colors[:, 1], colors[:, 2]
    return np.stack([a * one + b * two + c * three for a, b, c in matrix], axis=-1)


def from_linear(linear: Distances) -> Distances:
    """Linear light, 0 to 1, as sRGB values, 0 to 255."""
    bright = 1.055 * np.maximum(linear, 0.0031308) ** (1 / 2.4) - 0.055
    return 255 * np.where(linear <= 0.0031308, 12.92 * linear, bright)
