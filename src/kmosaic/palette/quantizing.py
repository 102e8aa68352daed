"""A picture in n colors: counted, grouped by k-means, and painted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from kmosaic._errors import InputError
from kmosaic.palette.centers import find_centers
from kmosaic.palette.color_names import colors_given
from kmosaic.palette.counting import Counted, colors_of, count, together
from kmosaic.palette.dithering import DITHERS, dither
from kmosaic.palette.entries import ColorRows, nearest_entries
from kmosaic.palette.pictures import Picture, picture_of
from kmosaic.palette.result import Palette, as_image
from kmosaic.palette.spaces import SPACES, Colors, Space, with_alpha

MOST_COLORS = 256
_CLEAR = np.zeros((1, 4), np.uint8)


class Wish(NamedTuple):
    """How a picture is to be quantized."""

    space: str
    dither: str
    strength: float
    palette: Colors | None  # these colors and no others, (n, 4)
    keep: Colors  # these among others, (n, 4)
    random_state: int | None


def quantize(
    image: Any,
    n_colors: int = 16,
    *,
    space: str = "oklab",
    dither: str = "none",
    dither_strength: float = 1.0,
    palette: Any = None,
    keep: Any = (),
    random_state: int | None = 0,
) -> Palette:
    """Show a picture in n_colors colors, chosen by k-means over all its different colors.

    image: a Pillow image, a path, or an array (h, w), (h, w, 3) or (h, w, 4) of uint8. n_colors: 1
    to 256; a picture that has at least so many gets exactly so many. space: where differences of
    colors are measured, "oklab" (default, as people see them), "lab" or "rgb" (least squared error
    of the numbers). dither: "none" (default), "floyd-steinberg" or "ordered"; dither_strength: 0 to
    1. palette: a file or a list of colors ("#rrggbb" or numbers) to take instead of finding any;
    n_colors then has no say. keep: colors that must be among the n_colors. random_state: the same
    seed gives the same colors.

    What is not opaque is compared over black and over white; what cannot be seen at all stays so,
    and is one of the n_colors. A picture is turned as its EXIF data say and brought from its color
    profile to sRGB. Raises InputError for what is no picture, and for settings out of range.

    >>> import PIL.Image
    >>> found = quantize(PIL.Image.radial_gradient("L"), 8)
    >>> len(found.colors), found.image.size
    (8, (256, 256))
    """
    wish = wish_of(space, dither, dither_strength, palette, keep, random_state)
    return quantize_together([image], n_colors, wish)[0]


def quantize_together(images: Sequence[Any], n_colors: int, wish: Wish) -> list[Palette]:
    """Show several pictures in the same n_colors colors; every picture counts by its pixels."""
    check_count(n_colors)
    subject = Subject([picture_of(image) for image in images], wish)
    return subject.painted(subject.colors(n_colors))


class Subject:
    """Pictures that share a palette, counted once for any number of tries."""

    def __init__(self, pictures: Sequence[Picture], wish: Wish) -> None:
        self.pictures = pictures
        self.wish = wish
        self.counted = [count(picture.pixels) for picture in pictures]

    def colors(self, n_colors: int) -> Colors:
        """The colors of a palette, (n, 3) or (n, 4). Raises InputError."""
        return choose(self.counted, n_colors, self.wish)

    def painted(self, colors: Colors) -> list[Palette]:
        """The pictures in these colors."""
        both = zip(self.pictures, self.counted, strict=True)
        return [_painted(picture, counted, colors, self.wish) for picture, counted in both]


def wish_of(
    space: str = "oklab",
    dither: str = "none",
    dither_strength: float = 1.0,
    palette: Any = None,
    keep: Any = (),
    random_state: int | None = 0,
) -> Wish:
    """Settings that were checked. Raises InputError."""
    for name, value, known in (("space", space, SPACES), ("dither", dither, DITHERS)):
        if value not in known:
            raise InputError(f"{name}={value!r} is not known: use {', '.join(map(repr, known))}.")
    if not 0 <= dither_strength <= 1:
        raise InputError(f"dither_strength is {dither_strength}: give a number from 0 to 1.")
    fixed = None if palette is None else colors_given(palette, "palette")
    return Wish(space, dither, dither_strength, fixed, colors_given(keep, "keep"), random_state)


def check_count(n_colors: Any) -> None:
    """Raise InputError unless it is a whole number from 1 to 256."""
    whole = isinstance(n_colors, int | np.integer) and not isinstance(n_colors, bool)
    if not whole or not 1 <= n_colors <= MOST_COLORS:
        raise InputError(
            f"n_colors is {n_colors!r}: give a whole number from 1 to {MOST_COLORS}, which is what "
            "an indexed picture can hold."
        )


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


def _painted(picture: Picture, counted: Counted, colors: Colors, wish: Wish) -> Palette:
    entries = nearest_entries(SPACES[wish.space], counted.colors, colors)
    indices = counted.painted(entries)
    plain = wish.dither == "none" or wish.strength == 0
    if not plain:
        dither(wish.dither, picture.pixels, indices, colors, SPACES[wish.space], wish.strength)
    return Palette(
        as_image(indices, colors),
        colors,
        indices,
        wish.space,
        wish.dither,
        picture.notes,
        counted,
        entries if plain else None,
    )
