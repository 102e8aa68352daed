"""Which colors a palette has: those that are fixed, and those that k-means finds beside them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from kmosaic._errors import InputError
from kmosaic.palette.centers import find_centers
from kmosaic.palette.counting import Counted, colors_of, together
from kmosaic.palette.entries import ColorRows
from kmosaic.palette.spaces import SPACES, Colors, Space, with_alpha
from kmosaic.palette.wish import MOST_COLORS, Wish

_CLEAR = np.zeros((1, 4), np.uint8)


def choose(counted: Sequence[Counted], n_colors: int, wish: Wish) -> Colors:
    """The colors of a palette, (n, 3) or (n, 4)."""
    keys, counts = together([(one.keys, one.counts) for one in counted])
    seen = colors_of(keys)
    if wish.palette is not None:
        return _narrow(_with_clear(wish.palette, bool(seen[0, 3] == 0)))
    fixed, clear = wish.keep, bool((wish.keep[:, 3] == 0).any())
    if seen[0, 3] == 0 and not clear:
        fixed = np.concatenate([_CLEAR, fixed])
    if len(fixed) > n_colors or (len(fixed) == n_colors and len(fixed) < len(seen) == 1):
        raise InputError(_too_few(n_colors, len(fixed), seen[0, 3] == 0))
    visible = seen[:, 3] > 0
    found = _visible(seen[visible], counts[visible], n_colors, fixed, wish)
    return _narrow(_ordered(found, wish))


def _with_clear(palette: Colors, wanted: bool) -> Colors:
    """The palette, and one entry more if something is invisible and no entry is."""
    if not wanted or (palette[:, 3] == 0).any():
        return palette
    if len(palette) == MOST_COLORS:
        raise InputError(
            f"The image has transparent parts, and the palette has {MOST_COLORS} colors none of "
            "which is transparent: give one color fewer."
        )
    return np.concatenate([_CLEAR, palette])


def _too_few(n_colors: int, fixed: int, clear: bool) -> str:
    what = "colors to keep, with the one that is transparent," if clear else "colors to keep"
    return f"n_colors is {n_colors}, and there are {fixed} {what} already: ask for more colors."


def _visible(
    seen: Colors, counts: npt.NDArray[np.int64], n_colors: int, fixed: Colors, wish: Wish
) -> Colors:
    """All entries: those that are fixed and those that are found for what can be seen."""
    keys = {tuple(color) for color in fixed.tolist()}
    others = np.array([tuple(color) not in keys for color in seen.tolist()], bool) if keys else None
    new = seen if others is None else seen[others]
    if len(fixed) + len(new) <= n_colors:
        return np.concatenate([fixed, new])
    if len(fixed) == n_colors:
        return fixed
    shown = fixed[fixed[:, 3] > 0]
    columns = 3 if (seen[:, 3] == 255).all() and (shown[:, 3] == 255).all() else 4
    space: Space = SPACES[wish.space]
    weights = counts.astype(np.float64)
    rows = ColorRows(space, np.ascontiguousarray(seen[:, :columns]), weights)
    free = n_colors - len(fixed)
    random_state = np.random.RandomState(wish.random_state)
    known = np.ascontiguousarray(shown[:, :columns])
    if len(seen) > free + len(known):
        centers = find_centers(
            rows.rows, weights, seen, free + len(known), space.step, random_state
        )
        found = rows.settled(known, rows.beside(known, centers))
    else:
        found = rows.entries(np.concatenate([known, seen[:free, :columns]]))
    entries = rows.all_used(found, len(known)).colors[len(known) :]
    return np.concatenate([fixed, with_alpha(entries)])


def _ordered(colors: Colors, wish: Wish) -> Colors:
    """Least opaque first, so that a PNG lists the opacity of few; then from dark to light."""
    light = SPACES["oklab"].of(colors[:, :3])[:, 0]
    order = np.lexsort((light, colors[:, 3]))
    return colors[order]


def _narrow(colors: Colors) -> Colors:
    opaque = (colors[:, 3] == 255).all()
    return np.ascontiguousarray(colors[:, :3]) if opaque else colors
