"""The different colors of pictures that share a palette, and where they lie in a space."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from kmosaic._values import Distances
from kmosaic.palette.counting import Counted, colors_of, together
from kmosaic.palette.spaces import Colors, Space, coordinates


class Seen:
    """All different colors of some pictures, for any number of palettes."""

    def __init__(self, counted: Sequence[Counted], space: Space) -> None:
        self.space = space
        self._keys, counts = together([(one.keys, one.counts) for one in counted])
        colors = colors_of(self._keys)
        self.has_clear = bool(colors[0, 3] == 0)  # it comes first, as keys ascend
        self.colors: Colors = colors[int(self.has_clear) :]  # that are visible, (m, 4)
        self.counts: npt.NDArray[np.int64] = counts[int(self.has_clear) :]
        self.opaque = bool((self.colors[:, 3] == 255).all())
        self._places: dict[int, Distances] = {}

    def narrow(self, columns: int) -> Colors:
        """The colors as RGB, 3 columns, or RGBA, 4."""
        return np.ascontiguousarray(self.colors[:, :columns])

    def places(self, columns: int) -> Distances:
        """Where the colors lie, RGB if there are 3 columns, RGBA if 4."""
        if columns not in self._places:
            self._places[columns] = coordinates(self.space, self.narrow(columns))
        return self._places[columns]

    def of(self, values: npt.NDArray[np.uint8], clear: int, one: Counted) -> npt.NDArray[np.uint8]:
        """A value for each color of one of the pictures; clear: for what is invisible."""
        if self.has_clear:
            values = np.concatenate([np.array([clear], np.uint8), values])
        if len(one.keys) == len(self._keys):
            return values
        return values[np.searchsorted(self._keys, one.keys)]
