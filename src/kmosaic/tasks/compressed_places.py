"""Where compressed images and their colors may go: never over what is read, or what is not ours."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import PIL.Image

from kmosaic._arguments import argument
from kmosaic._errors import InputError
from kmosaic._store.whole_folder import check_out
from kmosaic.data.quiet import quiet_pillow
from kmosaic.palette.color_files import KINDS, colors_in
from kmosaic.palette.color_names import file_given
from kmosaic.palette.wish import MOST_COLORS


def check_file(out: Path, export: str | None, images: Iterable[Path], palette: Any) -> None:
    """Raise InputError where one file cannot be the result, or is what is read.

    images: the one that is read, if it is a file; palette: as it was given.
    """
    place, sources = argument("out", str(out)), list(images)
    if len(sources) > 1:
        raise InputError(
            f"{place} is one file, and there are {len(sources)} images: name a folder."
        )
    given = file_given(palette)
    reads = [path for path in (*sources, given) if path is not None and path.exists()]
    for goal in (out, palette_beside(out, export)) if export else (out,):
        if goal.is_dir():
            raise InputError(f"{place}: {goal} is a folder. Choose another name.")
        if goal.exists() and any(goal.samefile(read) for read in reads):
            raise InputError(
                f"{place}: {goal} is what is read, and would be lost. Choose another name."
            )


def check_folder(out: Path, images: Iterable[Path], palette: Any) -> None:
    """Raise InputError where a folder cannot take results, or holds what is read."""
    for path in images:
        check_out(out, path)
    check_out(out, palette=file_given(palette))


def palette_beside(out: Path, export: str) -> Path:
    """Where the colors of an image go."""
    return out.with_suffix(KINDS[export].suffix)


def check_palette_beside(out: Path, export: str, data: Mapping[Path, bytes]) -> None:
    """Raise InputError where the colors of an image would replace a file that is not ours.

    data: what is to be written where.
    """
    goal = palette_beside(out, export)
    if not goal.exists() or _is_earlier(goal, out, export, data[goal]):
        return
    raise InputError(
        f"{argument('export_palette', export)} writes {goal}, which is there already and not known "
        f"to be the palette of an earlier {out.name}: move it away, or choose another name by "
        f"{argument('out')}."
    )


def _is_earlier(goal: Path, out: Path, export: str, new: bytes) -> bool:
    """Whether a palette is written as kmosaic writes it, and the image beside it has its colors."""
    try:
        if goal.read_bytes() == new:
            return True
        colors = colors_in(goal)
        table = KINDS[export].write([list(color) for color in colors])
        with quiet_pillow(), PIL.Image.open(out) as image:
            used = image.convert("RGBA").getcolors(MOST_COLORS) or []
    except Exception:  # what cannot be read is not ours
        return False
    seen = {color[:3] for _, color in used if color[3] > 0}  # type: ignore[index]
    return goal.read_bytes() == table and bool(used) and seen <= {one[:3] for one in colors}
