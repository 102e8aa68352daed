"""How far a row is from the ordinary clusters, and what each column has to do with it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kmosaic._values import Distances, Rows

_TOGETHER = 1 << 16  # numbers that are looked at in one go: they stay in the cache


@dataclass(frozen=True)
class Reasons:
    """Why rows have their scores."""

    contributions: Distances  # (n, d) of each column; a row of them adds up to its score
    expected: Distances  # (n, d) what would be ordinary for such a row
    spread: Distances  # (n, d) how far ordinary rows are from that


@dataclass(frozen=True)
class Ordinary:
    """The clusters of several fits, in the units of the data."""

    centers: Distances  # (m, d)
    spreads: Distances  # (m, d)
    fits: npt.NDArray[np.int32]  # (m,) which fit each is of: 0, 1, 2, ..., ascending

    def scores(self, rows: Rows) -> Distances:
        """The score of each row, (n,), from 0 up.

        In one fit it is min over clusters of mean over columns of log(1 + ((x - c) / s)²), where
        s is the cluster's own spread: a squared distance in which a number that is a hundred
        spreads off does not count ten thousand times. The score is the mean over all fits.
        """
        found = np.zeros(len(rows))
        for begin, part in _parts(rows):
            for of_fit in self._of_fits():
                found[begin : begin + len(part)] += self._nearest(part, of_fit)[1]
        return found / self.n_fits

    def reasons(self, rows: Rows) -> Reasons:
        """The scores of rows, column by column."""
        parts, expected, spread = (np.zeros(rows.shape) for _ in range(3))
        for begin, part in _parts(rows):
            here = slice(begin, begin + len(part))
            for of_fit in self._of_fits():
                nearest, _ = self._nearest(part, of_fit)
                centers, spreads = self.centers[nearest], self.spreads[nearest]
                parts[here] += _damped(part, centers, spreads)
                expected[here] += centers
                spread[here] += spreads
        count = self.n_fits
        return Reasons(parts / (count * rows.shape[1]), expected / count, spread / count)

    @property
    def n_fits(self) -> int:
        """How many fits there are."""
        return int(self.fits[-1]) + 1

    def _of_fits(self) -> list[npt.NDArray[np.int64]]:
        return [np.flatnonzero(self.fits == fit) for fit in range(self.n_fits)]

    def _nearest(
        self, rows: Distances, among: npt.NDArray[np.int64]
    ) -> tuple[npt.NDArray[np.int64], Distances]:
        """The cluster that is nearest in its own spreads, and how far; ties to the first."""
        least = np.full(len(rows), np.inf)
        nearest = np.full(len(rows), among[0])
        for cluster in among:
            far = _damped(rows, self.centers[cluster], self.spreads[cluster]).mean(axis=1)
            nearer = far < least
            least[nearer], nearest[nearer] = far[nearer], cluster
        return nearest, least


def _damped(rows: Distances, centers: Distances, spreads: Distances) -> Distances:
    far = (rows - centers) / spreads
    np.multiply(far, far, out=far)
    return np.log1p(far, out=far)


def _parts(rows: Rows) -> Iterator[tuple[int, Distances]]:
    step = max(_TOGETHER // rows.shape[1], 1)
    for begin in range(0, len(rows), step):
        yield begin, np.asarray(rows[begin : begin + step], dtype=np.float64)
