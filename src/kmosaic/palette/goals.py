"""How many colors: as many as asked for, as few as look well, or as many as fit into a file.

Of a palette that is given, these are some of its colors.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

from kmosaic._arguments import argument
from kmosaic._errors import InputError
from kmosaic.palette.encoding import Frame, encode
from kmosaic.palette.quantizing import Subject
from kmosaic.palette.result import Palette
from kmosaic.palette.wish import MOST_COLORS, check_count, is_number

_A_NOTICEABLE = 10  # points of quality for a mean difference of 1, which is about noticeable


class Goal(NamedTuple):
    """What decides the number of colors; exactly one of the three is given."""

    n_colors: int | None = None
    quality: float | None = None  # 0 to 100
    max_bytes: int | None = None  # of each file

    def check(self) -> None:
        """Raise InputError unless exactly one is given, and within its range."""
        if sum(one is not None for one in self) != 1:
            first, second, third = map(argument, self._fields)
            raise InputError(
                f"Give one of {first}, {second} and {third}: one decides. Only with a "
                f"{argument('palette')} can all of them be left out."
            )
        if self.n_colors is not None:
            check_count(self.n_colors)
        if self.quality is not None and not (is_number(self.quality) and 0 <= self.quality <= 100):
            name = argument("quality")
            shown = f"{self.quality:g}" if is_number(self.quality) else repr(self.quality)
            raise InputError(f"{name} is {shown}: give a number from 0 to 100.")
        if self.max_bytes is not None and not (is_number(self.max_bytes) and self.max_bytes >= 1):
            name = argument("max_bytes")
            raise InputError(f"{name} is {self.max_bytes!r}: give 1 or more, the bytes of a file.")


class Reached(NamedTuple):
    """Pictures in few colors, their file, and what there is to say."""

    palettes: list[Palette]
    data: bytes
    notes: tuple[str, ...] = ()


class Animated(NamedTuple):
    """How long each of several frames is shown, and how often all are played (0: for ever)."""

    milliseconds: tuple[int, ...]
    loop: int = 0


def most_difference(quality: float) -> float:
    """The mean CIEDE2000 difference that a quality allows.

    >>> most_difference(100), most_difference(90), most_difference(75)
    (0.0, 1.0, 2.5)
    """
    return (100 - quality) / _A_NOTICEABLE


def reach(subject: Subject, goal: Goal, format: str, animated: Animated | None = None) -> Reached:
    """The pictures of a subject (frames, if animated, else one) in colors that reach the goal.

    quality: the fewest colors with which the mean difference is at most `most_difference`.
    max_bytes: the most colors with which the file is no larger. Raises InputError if no number of
    colors makes it so small; what no number of colors makes so good is told in the notes.
    """

    def tried(n_colors: int) -> Reached:
        return _as_file(subject, n_colors, format, animated)

    if goal == Goal():  # all colors of the palette that is given
        return tried(MOST_COLORS)
    if goal.n_colors is not None:
        return tried(goal.n_colors)
    if goal.quality is not None:
        return _of_quality(tried, goal.quality)
    assert goal.max_bytes is not None
    return _of_size(tried, goal.max_bytes)


def _as_file(subject: Subject, n_colors: int, format: str, animated: Animated | None) -> Reached:
    palettes = subject.painted(subject.colors(n_colors))
    lasting = animated.milliseconds if animated else (0,) * len(palettes)
    frames = [
        Frame(palette.indices, palette.colors, shown)
        for palette, shown in zip(palettes, lasting, strict=True)
    ]
    data = encode(frames, format, animated.loop if animated else 0)
    return Reached(palettes, data)


def difference(palettes: list[Palette]) -> float:
    """The mean difference of all pixels of pictures."""
    pixels = [palette.indices.size for palette in palettes]
    each = zip(palettes, pixels, strict=True)
    return sum(palette.delta_e * size for palette, size in each) / sum(pixels)


def _of_quality(tried: Callable[[int], Reached], quality: float) -> Reached:
    most = most_difference(quality)
    found = tried(MOST_COLORS)
    reached = difference(found.palettes)
    if reached > most:
        count = len(found.palettes[0].colors)
        which = "the most there can be" if count == MOST_COLORS else "all there are"
        note = (
            f"{count} color{'' if count == 1 else 's'}, {which}, come to a difference of "
            f"{reached:.2f}: a quality of {quality:g} allows {most:.2f}."
        )
        return found._replace(notes=(note,))
    low, high = 0, len(found.palettes[0].colors)
    while high - low > 1:
        middle = _between(low, high)
        better = _tried(tried, middle)
        if better is not None and difference(better.palettes) <= most:
            high, found = middle, better
        else:
            low = middle
    return found


def _of_size(tried: Callable[[int], Reached], most: int) -> Reached:
    found = tried(MOST_COLORS)
    if len(found.data) <= most:
        return found
    low, high, best = 0, len(found.palettes[0].colors), None
    smallest = len(found.data)
    while high - low > 1:
        middle = _between(low, high)
        other = _tried(tried, middle)
        if other is not None:
            smallest = min(smallest, len(other.data))
        if other is not None and len(other.data) > most:
            high = middle
        else:
            low, best = middle, other or best
    if best is None:
        raise InputError(
            f"{argument('max_bytes')} is {most}, and the fewest colors take {smallest:,} bytes: "
            "allow more, or make the picture smaller."
        )
    return best


def _between(low: int, high: int) -> int:
    """A number between two, nearer to the lower one where they are far apart."""
    return max(low + 1, min(high - 1, round(math.sqrt(max(low, 1) * high))))


def _tried(tried: Callable[[int], Reached], n_colors: int) -> Reached | None:
    """None where the colors to keep are more than that."""
    try:
        return tried(n_colors)
    except InputError:
        return None
