"""sRGB colors in OKLab (Ottosson 2020, https://bottosson.github.io/posts/oklab/)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

_STEPS = np.arange(256) / 255
_LINEAR = np.where(_STEPS <= 0.04045, _STEPS / 12.92, ((_STEPS + 0.055) / 1.055) ** 2.4)

_TO_CONES = (
    (0.4122214708, 0.5363325363, 0.0514459929),
    (0.2119034982, 0.6806995451, 0.1073969566),
    (0.0883024619, 0.2817188376, 0.6299787005),
)
_TO_LAB = (
    (0.2104542553, 0.7936177850, -0.0040720468),
    (1.9779984951, -2.4285922050, 0.4505937099),
    (0.0259040371, 0.7827717662, -0.8086757660),
)


def oklab(rgb: npt.NDArray[np.uint8]) -> npt.NDArray[np.float64]:
    """Lightness 0 to 1, green-red and blue-yellow of 8-bit sRGB colors, shape (..., 3).

    >>> oklab(np.array([255, 0, 0], np.uint8)).round(3).tolist()
    [0.628, 0.225, 0.126]
    """
    light = [_LINEAR.take(rgb[..., channel]) for channel in range(3)]
    cones = [np.cbrt(cone) for cone in _mixed(light, _TO_CONES)]
    return np.stack(_mixed(cones, _TO_LAB), axis=-1)


def linear(rgb: npt.NDArray[np.uint8]) -> npt.NDArray[np.float64]:
    """8-bit sRGB values as linear light, 0 to 1, of the same shape.

    >>> linear(np.array([0, 188, 255], np.uint8)).round(2).tolist()
    [0.0, 0.5, 1.0]
    """
    return _LINEAR[rgb]


def _mixed(
    channels: list[npt.NDArray[np.float64]], matrix: tuple[tuple[float, float, float], ...]
) -> list[npt.NDArray[np.float64]]:
    # Sums written out: a library's matrix product may round the last pixels of a block otherwise.
    # Each channel by itself: numbers that lie side by side take half of the time.
    one, two, three = channels
    return [a * one + b * two + c * three for a, b, c in matrix]
