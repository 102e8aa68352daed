"""What there is to say of an image in few colors."""

from __future__ import annotations

from kmosaic.palette import Palette, Wish
from kmosaic.palette.goals import Goal

_OWN = "It keeps its own colors, not those asked for."


def notes_of(
    palette: Palette, reached: tuple[str, ...], goal: Goal, wish: Wish, kept: bool, shared: bool
) -> tuple[str, ...]:
    """What was done to the picture, if that was written, and what the colors could not reach."""
    own = shared or wish.palette is not None or len(wish.keep) > 0
    if kept:
        return (_OWN,) if own else ()
    notes, count = [*palette.notes, *reached], len(palette.colors)
    if goal.n_colors and count < goal.n_colors:
        notes.append(_few(count) if wish.palette is None else _all_given(count))
    return tuple(notes)


def _few(count: int) -> str:
    if count == 1:
        return "It has only 1 color, which is as it was."
    return f"It has only {count} colors, and they are as they were."


def _all_given(count: int) -> str:
    return f"The palette has only {count} color{'' if count == 1 else 's'}."
