"""OKLab and CIELAB with differences weighed as CIEDE2000 weighs them.

CIEDE2000 (Sharma, Wu & Dalal 2005) divides a difference of lightness by
1 + 0.015 (L - 50)² / sqrt(20 + (L - 50)²) and one of chroma by 1 + 0.045 C: people see less of a
difference where it is very dark, very light or very colorful. Distances that k-means can work with
are Euclidean, so the axes themselves are bent: each is the integral of what divides, as in DIN99.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from kmosaic._values import Distances

_GRID = np.linspace(-0.25, 1.25, 6001)  # of lightness; colors between those of sRGB lie within
_FROM_MIDDLE = (100 * _GRID - 50) ** 2
_SLOWNESS = 1 + 0.015 * _FROM_MIDDLE / np.sqrt(20 + _FROM_MIDDLE)
_STEPS = np.diff(_GRID) * 2 / (_SLOWNESS[1:] + _SLOWNESS[:-1])
_BENT = np.concatenate([[0.0], np.cumsum(_STEPS)])
_BENT -= np.interp(0.0, _GRID, _BENT)
_RISES = np.append(np.diff(_BENT) / np.diff(_GRID), 0.0)
_NEXT = np.append(_GRID[1:], np.inf)


class Weighing(NamedTuple):
    """How the axes of a space of lightness 0 to 1 are bent."""

    chroma: float  # as much as lightness where there is next to none
    bend: float  # of chroma: the larger, the less of a difference between strong colors
    toe: bool = False  # lightness is that of OKLab, which is too high where it is dark

    def bent(self, places: Distances) -> Distances:
        """Lightness, green-red and blue-yellow, (n, 3), bent.

        >>> LAB.bent(np.array([[0.5, 0.0, 0.0], [1.0, 0.0, 1.0]])).round(3).tolist()
        [[0.376, 0.0, 0.0], [0.752, 0.0, 0.455]]
        """
        lightness = _toe(places[:, 0]) if self.toe else places[:, 0]
        chroma = np.hypot(places[:, 1], places[:, 2])
        shrunk = self.chroma / self.bend * np.log1p(self.bend * chroma)
        return _stacked(_bent(lightness), places, chroma, shrunk, self.chroma)

    def straight(self, bent: Distances) -> Distances:
        """The way back.

        >>> LAB.straight(LAB.bent(np.array([[0.5, -0.1, 0.7]]))).round(6).tolist()
        [[0.5, -0.1, 0.7]]
        """
        lightness = np.interp(bent[:, 0], _BENT, _GRID)
        shrunk = np.hypot(bent[:, 1], bent[:, 2])
        chroma = np.expm1(self.bend / self.chroma * shrunk) / self.bend
        return _stacked(
            _no_toe(lightness) if self.toe else lightness, bent, shrunk, chroma, 1 / self.chroma
        )


OKLAB, LAB = Weighing(chroma=4.5, bend=25.0, toe=True), Weighing(chroma=1.2, bend=4.5)


def _bent(lightness: Distances) -> Distances:
    """np.interp(lightness, _GRID, _BENT) to the last bit, which need not search: steps are equal.

    >>> some = np.linspace(-0.3, 1.3, 1001)
    >>> bool((_bent(some) == np.interp(some, _GRID, _BENT)).all())
    True
    """
    within = np.clip(lightness, _GRID[0], _GRID[-1])
    step = ((within - _GRID[0]) * (len(_GRID) - 1) / (_GRID[-1] - _GRID[0])).astype(np.intp)
    step -= within < _GRID[step]  # a step too far or too short, as divisions are rounded
    step += within >= _NEXT[step]
    found: Distances = _RISES[step] * (within - _GRID[step]) + _BENT[step]
    return found


_K1, _K2 = 0.206, 0.03  # of the toe
_K3 = (1 + _K1) / (1 + _K2)


def _toe(lightness: Distances) -> Distances:
    """Lightness of OKLab as CIELAB has it (Ottosson 2021, Okhsv and Okhsl)."""
    wide = _K3 * lightness - _K1
    return 0.5 * (wide + np.sqrt(wide**2 + 4 * _K2 * _K3 * lightness))


def _no_toe(lightness: Distances) -> Distances:
    found: Distances = (lightness**2 + _K1 * lightness) / (_K3 * (lightness + _K2))
    return found


def _stacked(
    lightness: Distances, places: Distances, before: Distances, after: Distances, least: float
) -> Distances:
    """Hues as they are, chromas changed from one length to another."""
    factor = np.where(before > 0, after / np.where(before > 0, before, 1.0), least)
    return np.stack([lightness, places[:, 1] * factor, places[:, 2] * factor], axis=-1)
