"""How a picture is to be quantized."""

from __future__ import annotations

import numbers
from typing import Any, NamedTuple

import numpy as np

from kmosaic._arguments import argument
from kmosaic._errors import InputError
from kmosaic.palette.color_names import colors_given
from kmosaic.palette.counting import keys_of
from kmosaic.palette.dithering import DITHERS
from kmosaic.palette.spaces import SPACES, Colors, seen_or_not

MOST_COLORS = 256


class Wish(NamedTuple):
    """How a picture is to be quantized."""

    space: str
    dither: str
    strength: float
    palette: Colors | None  # of these colors only, (n, 4); those to keep are among them
    keep: Colors  # these in any case, (n, 4)
    random_state: int | None

    def seen_or_not(self) -> Wish:
        """The same with colors that are opaque or invisible, as GIF has them."""
        fixed, keep = self.palette, _different(seen_or_not(self.keep))
        fixed = None if fixed is None else _different(seen_or_not(fixed))
        return self._replace(palette=fixed, keep=keep)


def _different(colors: Colors) -> Colors:
    """Each color once, in their order."""
    return colors[np.sort(np.unique(keys_of(colors), return_index=True)[1])]


def wish_of(
    space: str = "oklab",
    dither: str = "none",
    dither_strength: float = 1.0,
    palette: Any = None,
    keep_colors: Any = (),
    random_state: int | None = 0,
) -> Wish:
    """Settings that were checked. Raises InputError."""
    for name, value, known in (("space", space, SPACES), ("dither", dither, DITHERS)):
        if value not in known:
            use = ", ".join(map(repr, known))
            raise InputError(f"{argument(name, value)} is not known: use {use}.")
    if not (is_number(dither_strength) and 0 <= dither_strength <= 1):
        name = argument("dither_strength")
        raise InputError(f"{name} is {dither_strength!r}: give a number from 0 to 1.")
    fixed = None if palette is None else colors_given(palette, "palette")
    kept = colors_given(keep_colors, "keep_colors")
    if fixed is not None:
        fixed = _both(fixed, kept)
    return Wish(space, dither, dither_strength, fixed, kept, random_state)


def _both(palette: Colors, keep: Colors) -> Colors:
    """The colors of a palette, and those to keep that it has not. Raises InputError."""
    new = keep[~np.isin(keys_of(keep), keys_of(palette))]
    if len(palette) + len(new) > MOST_COLORS:
        raise InputError(
            f"{argument('palette')} has {len(palette)} colors, and {argument('keep_colors')} "
            f"{len(new)} more: {MOST_COLORS} are the most together."
        )
    return np.concatenate([palette, new])


def is_number(given: Any) -> bool:
    """Whether it is a number, and no text or truth value.

    >>> is_number(90), is_number(np.float32(0.5)), is_number("90"), is_number(True)
    (True, True, False, False)
    """
    return isinstance(given, numbers.Real) and not isinstance(given, bool)


def check_count(n_colors: Any) -> None:
    """Raise InputError unless it is a whole number from 1 to 256."""
    whole = isinstance(n_colors, int | np.integer) and not isinstance(n_colors, bool)
    if not whole or not 1 <= n_colors <= MOST_COLORS:
        raise InputError(
            f"{argument('n_colors')} is {n_colors!r}: give a whole number from 1 to {MOST_COLORS}, "
            "which is what an indexed picture can hold."
        )
