"""Compressed images as a result, and their folder."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from kmosaic._store.answers import ANSWER, made, write_answer
from kmosaic._store.files import whole_file
from kmosaic._store.whole_folder import whole_folder
from kmosaic._timing import Stopwatch
from kmosaic.data.items import Skipped
from kmosaic.palette.color_files import KINDS, written
from kmosaic.report.compressed import PAGE, write_page
from kmosaic.tasks.compressed_places import check_palette_beside, palette_beside
from kmosaic.tasks.shrunk import Shrunk


@dataclass(frozen=True)
class Compressed:
    """What became of image files, and where they were written."""

    images: tuple[Shrunk, ...]
    skipped: tuple[Skipped, ...]  # that could not be read
    settings: dict[str, Any]
    seconds: dict[str, float]  # time per stage
    out: Path | None = None
    files: tuple[str, ...] = ()  # below `out`, or the one file

    def __repr__(self) -> str:
        """The answer in a line."""
        before, after = self.bytes
        images = f"{len(self.images)} image{'' if len(self.images) == 1 else 's'}"
        return f"<Compressed: {images}, {before:,} bytes became {after:,}>"

    @property
    def bytes(self) -> tuple[int, int]:
        """Of all files, before and after."""
        return sum(one.before for one in self.images), sum(one.after for one in self.images)

    def summary(self) -> dict[str, Any]:
        """The same as plain values, ready for JSON."""
        before, after = self.bytes
        return {
            "n": len(self.images),
            "bytes_before": before,
            "bytes_after": after,
            "images": [one.summary() for one in self.images],
            "skipped": [{"path": one.id, "reason": one.reason} for one in self.skipped],
            "settings": self.settings,
            **made(self.seconds, self.out, self.files),
        }


def write_file(found: Compressed, out: Path, export: str | None) -> Compressed:
    """Write the one image, and its colors beside it if wished."""
    (image,) = found.images
    files = write_image(image, out, export)
    return replace(found, files=files, images=(image.written_as(out.name),))


def write_image(image: Shrunk, out: Path, export: str | None) -> tuple[str, ...]:
    """Write an image, and its colors beside it if wished; return the names of the files.

    A file that is kept is copied where it is of the same kind as the one asked for. Raises
    InputError where the colors would replace a file of another's, OutputError; nothing is written
    then.
    """
    files = {out: image.data} if image.fits(out.name) else {}
    if export:
        files[palette_beside(out, export)] = written(image.colors, export)
        check_palette_beside(out, export, files)
    with contextlib.suppress(OSError):  # which is told when a file is written
        out.parent.mkdir(parents=True, exist_ok=True)
    with contextlib.ExitStack() as whole:  # all are beside their places before one is in its place
        for path, data in files.items():
            whole.enter_context(whole_file(path)).write(data)
    return tuple(path.name for path in files)


def write_folder(
    found: Compressed, out: Path, export: str | None, report: bool, images: Sequence[Any]
) -> Compressed:
    """Write all images, the page and the answer into a folder."""
    watch = Stopwatch()
    files, sources = [], tuple(map(Path, images))
    with (
        watch.stage("writing"),
        whole_folder(out, source=sources, command="compress") as folder,
    ):
        for image in found.images:
            path = folder / image.file
            path.parent.mkdir(parents=True, exist_ok=True)
            if image.kept and image.path is not None:
                shutil.copyfile(image.path, path)
            else:
                path.write_bytes(image.data)
            files.append(image.file)
            if export:
                colors = path.with_name(image.name.rpartition("/")[2] + KINDS[export].suffix)
                colors.write_bytes(written(image.colors, export))
                files.append(colors.relative_to(folder).as_posix())
        if report:
            command = [str(one) for one in images]
            write_page(
                folder / PAGE,
                [one.shown() for one in found.images],
                found.settings,
                command,
                found.skipped,
            )
            files.append(PAGE)
        found = replace(found, seconds=found.seconds | watch.seconds, files=(*files, ANSWER))
        write_answer(found.summary(), folder / ANSWER)
    return found
