"""What `kmosaic compress` prints: bytes before and after, and how near the colors are."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console

from kmosaic._errors import InputError
from kmosaic._paths import expanded
from kmosaic._store.answers import ANSWER
from kmosaic.palette.encoding import format_for
from kmosaic.report.compressed import PAGE, change, size
from kmosaic.tasks.compressed import Compressed, write_image
from kmosaic.tasks.compressed_places import check_file
from kmosaic.tasks.shrunk import Shrunk

MOST_LINES = 30
STREAM = "-"


def format_of(out: str, asked: str | None, export: str | None, palette: Any) -> str | None:
    """The format for a place: what its ending says, if it is a file.

    Raises InputError where the image of standard input, or its colors, cannot go there.
    """
    if out == STREAM:
        return asked
    found = format_for(Path(out), asked)
    check_file(Path(expanded(out)), export, [], palette)
    return found


def put(
    done: Shrunk, out: str, console: Console, export: str | None = None, as_json: bool = False
) -> None:
    """Write one image to a file or to standard output, and its numbers to standard error.

    export: a kind of palette file to write beside it. as_json: the numbers, on standard output if
    the image is not.
    """
    if out == STREAM:
        sys.stdout.buffer.write(done.data)
        sys.stdout.buffer.flush()
        console.print(numbers(done), soft_wrap=True, markup=False)
        return
    place = Path(expanded(out))
    files = write_image(done, place, export)
    if as_json:
        _print_json(done.written_as(place.name).summary())
        return
    console.print(numbers(done), soft_wrap=True, markup=False)
    if place.name not in files:
        console.print(_did_not_write(place), soft_wrap=True, markup=False)


def check_stream(export: str | None, as_json: bool) -> None:
    """Raise InputError for what cannot be if the image goes to standard output."""
    if export:
        raise InputError("--export-palette writes beside the image: name a file by --out.")
    if as_json:
        raise InputError(
            "--json needs standard output, where the image goes: name a file by --out."
        )
    if sys.stdout.isatty():
        raise InputError(
            "Standard output is a terminal, which shows no images: end with > small.png, or name a "
            "file by --out."
        )


def to_stream(done: Compressed, console: Console) -> None:
    """Write the one image to standard output."""
    if len(done.images) != 1:
        raise InputError(f"--out - takes one image, and there are {len(done.images)}.")
    put(done.images[0], STREAM, console)


def show(done: Compressed, as_json: bool) -> None:
    """Print the answer on standard output."""
    if as_json:
        _print_json(done.summary())
        return
    console = Console(highlight=False, markup=False, emoji=False)
    console.print(to_text(done), soft_wrap=not console.is_terminal)


def _print_json(summary: dict[str, Any]) -> None:
    console = Console(highlight=False, markup=False, emoji=False)
    text = json.dumps(summary, ensure_ascii=False, allow_nan=False, indent=1)
    console.print(text, soft_wrap=True)


MOST_SKIPPED = 10  # files told that were left out


def to_text(done: Compressed) -> str:
    """The answer for a person."""
    lines = [f"{image.file}: {numbers(image)}" for image in done.images]
    if len(lines) > MOST_LINES:
        rest = len(lines) - MOST_LINES
        lines[MOST_LINES:] = [f"... and {rest:,} more images{_in_full(done)}"]
    lines += [
        f"  {image.file}: {note}" for image in done.images[:MOST_LINES] for note in image.notes
    ]
    before, after = done.bytes
    if len(done.images) > 1:
        lines += ["", f"In all {size(before)} became {size(after)} ({change(before, after)})"]
    if done.skipped:
        lines += [
            "",
            f"{len(done.skipped):,} left out:",
            *(f"  {one.reason}" for one in done.skipped[:MOST_SKIPPED]),
        ]
        if len(done.skipped) > MOST_SKIPPED:
            lines.append(f"  ... and {len(done.skipped) - MOST_SKIPPED:,} more{_in_full(done)}")
    lines += ["", f"Time: {sum(done.seconds.values()):.1f} s"]
    return "\n".join([*lines, *_wrote(done)])


def _in_full(done: Compressed) -> str:
    """Where all of them are told."""
    if done.out is None or ANSWER not in done.files:
        return ", which --json lists all"
    return f", see {done.out / ANSWER} for all"


def numbers(image: Shrunk) -> str:
    """Bytes, colors and differences of an image in a line."""
    if image.kept:
        return f"{size(image.after)}, {image.why_kept}."
    psnr = f"{image.psnr:.1f} dB" if image.mse else "without loss"
    count = len(image.colors)
    became = change(image.before, image.after)
    return (
        f"{size(image.before)} became {size(image.after)} ({became}), "
        f"{count} color{'' if count == 1 else 's'}, MSE {image.mse:.2f}, PSNR {psnr}, "
        f"ΔE {image.delta_e:.2f}."
    )


def _wrote(done: Compressed) -> Sequence[str]:
    if done.out is None:
        return ["Wrote nothing"]
    if not done.out.is_dir():
        return [*(f"Wrote {done.out.parent / name}" for name in done.files), *_left_out(done)]
    count = len(done.images)
    more = f", look at {done.out / PAGE}" if PAGE in done.files else ""
    return [f"Wrote {done.out}/ ({count} image{'' if count == 1 else 's'}{more})"]


def _left_out(done: Compressed) -> Sequence[str]:
    """Why the one file was not written, if it was not."""
    if done.out is None or done.out.name in done.files:
        return []
    return [_did_not_write(done.out)]


def _did_not_write(place: Path) -> str:
    return f"Did not write {place}; --no-skip-if-larger would."
