"""Which colors of a palette that is given a picture needs most."""

from __future__ import annotations

from functools import cached_property

import numpy as np
import numpy.typing as npt

from kmosaic._values import Distances
from kmosaic.palette.centers import cells
from kmosaic.palette.counting import keys_of
from kmosaic.palette.entries import ColorRows
from kmosaic.palette.seen import Seen
from kmosaic.palette.spaces import Colors, coordinates

_CELLS = 8192  # of the colors of the picture: more change little in what is missed least


class Ranked:
    """The entries of a palette by how much a picture would miss them.

    One after the other goes, the one that costs least at that point, so that fewer of them are
    always some of more. Those to keep never go.
    """

    def __init__(self, seen: Seen, entries: Colors, keep: Colors) -> None:
        self.entries = entries  # (n, 4)
        clear = entries[:, 3] == 0
        self._must = np.isin(keys_of(entries), keys_of(keep)) | (clear & seen.has_clear)
        self.n_fixed = int(self._must.sum())
        self._seen = seen

    def shows(self, n_colors: int) -> bool:
        """Whether one of so many can be seen."""
        return bool((self.best(n_colors)[:, 3] > 0).any())

    def best(self, n_colors: int) -> Colors:
        """The n_colors that are missed most, (n, 4), in the order of the palette."""
        left = np.ones(len(self.entries), bool)
        if n_colors < len(left):
            left[self._leaving[: len(left) - n_colors]] = False
        return self.entries[left]

    @cached_property
    def _leaving(self) -> npt.NDArray[np.intp]:
        """The entries that can go, those first that nothing needs."""
        clear = self.entries[:, 3] == 0
        shown = np.flatnonzero(~clear)
        gone = _leaving(_costs(self._seen, self.entries[shown]), self._must[shown])
        return np.concatenate([np.flatnonzero(clear & ~self._must), shown[gone]])


def _costs(seen: Seen, shown: Colors) -> tuple[Distances, Distances]:
    """What each color of the picture costs with each entry, (m, n), and its pixels, (m,)."""
    columns = 3 if seen.opaque and (shown[:, 3] == 255).all() else 4
    all_rows = ColorRows(seen, columns)
    rows, weights, _ = cells(all_rows.rows, all_rows.weights, seen.colors, _CELLS, at_least=1)
    places = coordinates(seen.space, np.ascontiguousarray(shown[:, :columns]))
    squared = np.zeros((len(rows), len(places)))
    for column in range(rows.shape[1]):
        squared += np.square(rows[:, column, None] - places[None, :, column])
    return squared if seen.space.squares else np.sqrt(squared), weights


def _leaving(
    costs: tuple[Distances, Distances], must: npt.NDArray[np.bool_]
) -> npt.NDArray[np.intp]:
    """The entries that can go, the least missed first; of the same, the later one.

    >>> far = np.array([[0.0, 1.0, 9.0], [5.0, 0.0, 4.0], [9.0, 2.0, 0.0]])
    >>> _leaving((far, np.ones(3)), np.array([False, False, True])).tolist()
    [0, 1]
    """
    table, weights = costs[0].copy(), costs[1]
    left = np.ones(len(must), bool)
    gone: list[int] = []
    first, second, more = _two_least(table)
    while left.sum() > 1 and (left & ~must).any():
        missed = np.bincount(first, weights * more, minlength=len(must))
        missed[~left | must] = np.inf
        goes = len(missed) - 1 - int(np.argmin(missed[::-1]))
        gone.append(goes)
        left[goes] = False
        table[:, goes] = np.inf
        if left.sum() > 1:
            some = np.flatnonzero((first == goes) | (second == goes))
            first[some], second[some], more[some] = _two_least(table[some])
    return np.array([*gone, *np.flatnonzero(left & ~must)], np.intp)


def _two_least(table: Distances) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp], Distances]:
    """The columns of the least and the next value of each row, and by how much it is more."""
    rows = np.arange(len(table))
    if table.shape[1] < 2 or not len(rows):
        none = np.zeros(len(rows), np.intp)
        return none, none.copy(), np.zeros(len(rows))
    first = table.argmin(axis=1)
    least = table[rows, first]
    others = table.copy()
    others[rows, first] = np.inf
    second = others.argmin(axis=1)
    return first, second, others[rows, second] - least
