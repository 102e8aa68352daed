"""From centers to the entries of a palette: whole numbers, each in use."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kmosaic._engine import Data
from kmosaic._values import Distances, Labels
from kmosaic.kmeans.standing import Ground, Standing
from kmosaic.palette.seen import Seen
from kmosaic.palette.spaces import Colors, coordinates, nearest_colors, with_alpha

_MOST_ROUNDS = 20
_LEAST = 1e-5  # a gain below this share of the error is not worth another round
_NEARLY_OPAQUE = 245  # of 255
_MANY, _FEW_ROUNDS = 1 << 18, 1  # of more colors each round takes long, and gains little


@dataclass(frozen=True, eq=False)
class Entries:
    """Colors of a palette, and which of them is nearest to each color of the picture."""

    colors: Colors  # (n, 3) or (n, 4)
    labels: Labels  # (m,)
    error: float  # Σ w·|x - c|²
    means: Distances  # (n, d), of the colors of the picture nearest to each


def nearest_entries(seen: Seen, entries: Colors) -> npt.NDArray[np.uint8]:
    """The number of the nearest entry of each color that can be seen, which stays so.

    Ties go to the first.
    """
    entries = with_alpha(entries)
    shown = np.flatnonzero(entries[:, 3] > 0)
    if not len(shown) or not len(seen.colors):
        return np.zeros(len(seen.colors), np.uint8)
    columns = 3 if seen.opaque and (entries[shown, 3] == 255).all() else 4
    places = coordinates(seen.space, np.ascontiguousarray(entries[shown, :columns]))
    return shown[Data(seen.places(columns)).nearest(places)[0]].astype(np.uint8)


class ColorRows:
    """The colors of a picture, (m, 3) or (m, 4), as rows that entries of 8 bits are fitted to."""

    def __init__(self, seen: Seen, columns: int) -> None:
        self.space = seen.space
        self.colors = seen.narrow(columns)
        self.weights = seen.counts.astype(np.float64)
        self.rows = seen.places(columns)
        self._data = Data(self.rows, self.weights)

    def entries(self, colors: Colors) -> Entries:
        """Each color of the picture to the nearest of these, ties to the first."""
        found = self._data.summarize(coordinates(self.space, colors))
        return Entries(colors, found.labels, found.inertia, found.means)

    def settled(self, fixed: Colors, free: Colors) -> Entries:
        """Entries, the fixed ones first, after rounds of Lloyd in which means are of 8 bits."""
        best = self.entries(np.concatenate([fixed, free]))
        for _ in range(_MOST_ROUNDS if len(self.rows) <= _MANY else _FEW_ROUNDS):
            means = nearest_colors(self.space, best.means[len(fixed) :])
            found = self.entries(np.concatenate([fixed, means]))
            gain = best.error - found.error
            if gain > 0:
                best = found
            if gain <= _LEAST * best.error:
                break
        return best

    def opaque(self, found: Entries, fixed: int) -> Entries:
        """The same with entries that are nearly opaque made so where most of their pixels are.

        A few pixels of a smooth edge would make a whole disc translucent, if by 2 of 255.
        """
        if self.colors.shape[1] == 3:
            return found
        count = len(found.colors)
        of_these = np.bincount(found.labels, self.weights, count)
        full = np.bincount(found.labels, self.weights * (self.colors[:, 3] == 255), count)
        alpha = found.colors[:, 3]
        nearly = (alpha >= _NEARLY_OPAQUE) & (2 * full > of_these)
        nearly[:fixed] = False
        colors = found.colors.copy()
        colors[nearly, 3] = 255
        if not nearly.any() or len(np.unique(colors, axis=0)) < count:
            return found
        return self.entries(colors)

    def all_used(self, found: Entries, fixed: int) -> Entries:
        """The same with entries that no color needs put where there is most error.

        Each of these becomes a color of the picture, so the error falls with every round: it ends.
        """
        while True:
            unused = np.bincount(found.labels, minlength=len(found.colors)) == 0
            unused[:fixed] = False
            free = int(unused.sum())
            if not free:
                return found
            squared = np.square(self.rows - coordinates(self.space, found.colors)[found.labels])
            errors = self.weights * squared.sum(axis=1)
            worst = np.argsort(-errors, kind="stable")[:free]
            worst = worst[errors[worst] > 0]
            kept = found.colors[~unused]
            if not len(worst):
                return self.entries(kept)
            found = self.entries(np.concatenate([kept, self.colors[worst]]))

    def beside(self, fixed: Colors, centers: Distances) -> Colors:
        """The colors of so many of the centers as are most use beside those that are fixed."""
        if not len(fixed):
            return nearest_colors(self.space, centers)
        known = coordinates(self.space, fixed)
        standing = Standing(Ground(self._data), np.concatenate([known, centers]))
        utilities = standing.utilities[len(fixed) :]
        kept = np.sort(np.argsort(-utilities, kind="stable")[: len(centers) - len(fixed)])
        return nearest_colors(self.space, centers[kept])
