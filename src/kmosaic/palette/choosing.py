"""Which colors a palette has: those that are fixed, and those that k-means finds beside them."""

from __future__ import annotations

import numpy as np

from kmosaic._arguments import argument
from kmosaic._errors import InputError
from kmosaic.palette.centers import find_centers
from kmosaic.palette.counting import keys_of
from kmosaic.palette.entries import ColorRows
from kmosaic.palette.ranking import Ranked
from kmosaic.palette.seen import Seen
from kmosaic.palette.spaces import SPACES, Colors, with_alpha
from kmosaic.palette.wish import MOST_COLORS, Wish

_CLEAR = np.zeros((1, 4), np.uint8)


def choose(seen: Seen, n_colors: int, wish: Wish) -> Colors:
    """The colors of a palette that is found, (n, 3) or (n, 4). Raises InputError."""
    fixed, clear = wish.keep, bool((wish.keep[:, 3] == 0).any())
    if seen.has_clear and not clear:
        fixed = np.concatenate([_CLEAR, fixed])
    invisible = len(fixed) == n_colors and not fixed[:, 3].any() and len(seen.colors) > 0
    if len(fixed) > n_colors or invisible:
        raise InputError(_too_few(n_colors, len(fixed), seen.has_clear))
    return _narrow(_ordered(_visible(seen, n_colors, fixed, wish), wish))


def ranked(seen: Seen, wish: Wish) -> Ranked:
    """The colors of a palette that is given, of which fewer can be taken. Raises InputError."""
    assert wish.palette is not None
    return Ranked(seen, _with_clear(wish.palette, seen.has_clear), wish.keep)


def choose_ranked(seen: Seen, n_colors: int, among: Ranked) -> Colors:
    """At most n_colors of a palette that is given. Raises InputError."""
    invisible = len(seen.colors) > 0 and not among.shows(n_colors)
    if among.n_fixed > n_colors or (invisible and n_colors < len(among.entries)):
        raise InputError(_too_few(n_colors, among.n_fixed, seen.has_clear))
    return _narrow(among.best(n_colors))


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
    asked = f"{argument('n_colors')} is {n_colors}"
    return f"{asked}, and there are {fixed} {what} already: ask for more colors."


def _visible(seen: Seen, n_colors: int, fixed: Colors, wish: Wish) -> Colors:
    """All entries: those that are fixed and those that are found for what can be seen."""
    new = seen.colors
    if len(fixed):
        new = new[~np.isin(keys_of(new), keys_of(fixed))]
    if len(fixed) + len(new) <= n_colors:
        return np.concatenate([fixed, new])
    if len(fixed) == n_colors:
        return fixed
    shown = fixed[fixed[:, 3] > 0]
    columns = 3 if seen.opaque and (shown[:, 3] == 255).all() else 4
    rows = ColorRows(seen, columns)
    free = n_colors - len(fixed)
    random_state = np.random.RandomState(wish.random_state)
    known = np.ascontiguousarray(shown[:, :columns])
    count = free + len(known)
    if len(seen.colors) > count:
        centers = find_centers(
            seen.space, rows.rows, rows.weights, seen.colors, count, random_state
        )
        found = rows.settled(known, rows.beside(known, centers))
    else:
        found = rows.entries(np.concatenate([known, seen.narrow(columns)[:free]]))
    found = rows.opaque(found, len(known))
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
