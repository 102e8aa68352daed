"""Colors as people give them: names, numbers, a list or a file of these."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from PIL import ImageColor

from kmosaic._arguments import argument
from kmosaic._errors import InputError
from kmosaic._paths import expanded
from kmosaic.palette.spaces import Colors

MOST = 256
Color = tuple[int, int, int, int]


def colors_given(given: Any, name: str) -> Colors:
    """Different colors, (n, 4), in the order given; a path is a file of colors.

    Raises InputError for what is no color, for more than 256, and for a file without any.

    >>> colors_given(["#fff", "red", (1, 2, 3, 0)], "keep_colors").tolist()
    [[255, 255, 255, 255], [255, 0, 0, 255], [0, 0, 0, 0]]
    """
    if hasattr(given, "colors"):  # another Palette
        given = given.colors
    file = file_given(given)
    if file is not None:
        from kmosaic.palette.color_files import colors_in

        found = colors_in(file)
    else:
        several: Iterable[Any] = [given] if isinstance(given, str) else given
        found = [color_of(one, name) for one in several]
    different = dict.fromkeys((0, 0, 0, 0) if color[3] == 0 else color for color in found)
    if name == "palette" and not different:
        raise InputError(
            f"{argument(name)} has no colors: give one or more, or none at all for "
            f"{argument('n_colors')}."
        )
    if len(different) > MOST:
        raise InputError(f"{argument(name)} has {len(different)} colors: {MOST} are the most.")
    return np.array(list(different), np.uint8).reshape(-1, 4)


def file_given(given: Any) -> Path | None:
    """The file that holds the colors, if a path is given and no color.

    >>> file_given("red"), file_given("few.hex") == Path("few.hex")
    (None, True)
    """
    is_file = isinstance(given, Path) or (isinstance(given, str) and not is_color(given))
    return Path(expanded(given)) if is_file else None


def is_color(text: str) -> bool:
    """Whether a text is a color as CSS knows it.

    >>> is_color("#12ab"), is_color("palette.hex")
    (True, False)
    """
    try:
        ImageColor.getcolor(text.strip(), "RGBA")
    except ValueError:
        return False
    return True


def color_of(given: Any, name: str) -> Color:
    """One color as RGBA. Raises InputError."""
    if isinstance(given, str) and is_color(given):
        red, green, blue, alpha = ImageColor.getcolor(given.strip(), "RGBA")  # type: ignore[misc]
        return red, green, blue, alpha
    values = [] if isinstance(given, str) else np.atleast_1d(given).tolist()
    whole = all(isinstance(value, int) and 0 <= value <= 255 for value in values)
    if not whole or len(values) not in {3, 4}:
        raise InputError(
            f"{argument(name)}: {given!r} is no color: give '#rrggbb', '#rrggbbaa', a name that "
            "CSS knows, or three or four whole numbers from 0 to 255."
        )
    red, green, blue, alpha = [*values, 255][:4]
    return red, green, blue, alpha
