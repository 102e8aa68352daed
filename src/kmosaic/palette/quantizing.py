"""A picture in n colors: counted, grouped by k-means, and painted."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from kmosaic.palette.choosing import choose, choose_ranked, ranked
from kmosaic.palette.counting import Counted, count
from kmosaic.palette.dithering import dither
from kmosaic.palette.entries import nearest_entries
from kmosaic.palette.pictures import Picture, picture_of
from kmosaic.palette.ranking import Ranked
from kmosaic.palette.result import Palette, as_image
from kmosaic.palette.seen import Seen
from kmosaic.palette.spaces import SPACES, Colors, with_alpha
from kmosaic.palette.wish import MOST_COLORS, Wish, check_count, wish_of

_BY_DEFAULT = 16


def quantize(
    image: Any,
    n_colors: int | None = None,
    *,
    space: str = "oklab",
    dither: str = "none",
    dither_strength: float = 1.0,
    palette: Any = None,
    keep_colors: Any = (),
    random_state: int | None = 0,
) -> Palette:
    """Show a picture in n_colors colors, chosen by k-means over all its different colors.

    image: a Pillow image, a path, or an array (h, w), (h, w, 3) or (h, w, 4) of uint8. n_colors: 1
    to 256, by default 16; a picture that has at least so many gets exactly so many. space: where
    differences of colors are measured, "oklab" (default, as people see them), "lab" or "rgb" (least
    squared error of the numbers). dither: "none" (default), "floyd-steinberg" or "ordered";
    dither_strength: 0 to 1. palette: a file or a list of colors ("#rrggbb" or numbers) to take
    instead of finding any: all of them, or the n_colors that the picture would miss most.
    keep_colors: colors that must be among them. random_state: the same seed gives the same colors.

    What is not opaque is compared over black and over white; what cannot be seen at all stays so,
    and is one of the n_colors. A picture is turned as its EXIF data say and brought from its color
    profile to sRGB. Raises InputError for what is no picture, and for settings out of range.

    >>> import PIL.Image
    >>> found = quantize(PIL.Image.radial_gradient("L"), 8)
    >>> len(found.colors), found.image.size
    (8, (256, 256))
    """
    wish = wish_of(space, dither, dither_strength, palette, keep_colors, random_state)
    return quantize_together([image], n_colors, wish)[0]


def quantize_together(images: Sequence[Any], n_colors: int | None, wish: Wish) -> list[Palette]:
    """Show several pictures in the same n_colors colors; every picture counts by its pixels.

    None: as many as the palette has that is given, or 16.
    """
    if n_colors is None:
        n_colors = _BY_DEFAULT if wish.palette is None else MOST_COLORS
    check_count(n_colors)
    subject = Subject([picture_of(image) for image in images], wish)
    return subject.painted(subject.colors(n_colors))


class Subject:
    """Pictures that share a palette, counted once for any number of tries."""

    def __init__(self, pictures: Sequence[Picture], wish: Wish) -> None:
        self.pictures = pictures
        self.wish = wish
        self._counted = [count(picture.pixels) for picture in pictures]
        self._originals = [
            one if picture.whole is None else count(picture.whole)
            for picture, one in zip(pictures, self._counted, strict=True)
        ]
        self._seen = Seen(self._counted, SPACES[wish.space])

    def colors(self, n_colors: int) -> Colors:
        """The colors of a palette, (n, 3) or (n, 4). Raises InputError."""
        if self.wish.palette is not None:
            return choose_ranked(self._seen, n_colors, self._ranked)
        return choose(self._seen, n_colors, self.wish)

    @cached_property
    def _ranked(self) -> Ranked:
        return ranked(self._seen, self.wish)

    def painted(self, colors: Colors) -> list[Palette]:
        """The pictures in these colors."""
        nearest = nearest_entries(self._seen, colors)
        clear = int(np.argmax(with_alpha(colors)[:, 3] == 0))
        return [
            self._painted(picture, counted, self._seen.of(nearest, clear, counted), colors, was)
            for picture, counted, was in zip(
                self.pictures, self._counted, self._originals, strict=True
            )
        ]

    def _painted(
        self,
        picture: Picture,
        counted: Counted,
        entries: npt.NDArray[np.uint8],
        colors: Colors,
        original: Counted,
    ) -> Palette:
        indices, wish = counted.painted(entries), self.wish
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
            original,
            entries if plain and original is counted else None,
        )
