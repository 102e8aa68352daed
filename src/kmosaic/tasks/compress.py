"""Image files in few colors, each as small a file as that gives."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from kmosaic._engine import n_threads
from kmosaic._errors import InputError
from kmosaic._events import Listener, counted, silent
from kmosaic._paths import expanded
from kmosaic._store.files import whole_file
from kmosaic._timing import Stopwatch
from kmosaic.data.items import Skipped
from kmosaic.output import check_out, whole_folder
from kmosaic.palette import Wish, wish_of
from kmosaic.palette.color_files import KINDS, written
from kmosaic.palette.encoding import FORMATS, format_of
from kmosaic.palette.goals import Goal
from kmosaic.report.compressed import PAGE, write_page
from kmosaic.tasks.compressing import Job, Shrunk, compress_together, shrink
from kmosaic.tasks.image_files import ImageFile, image_files

ANSWER = "compressed.json"


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
        return f"<Compressed: {len(self.images)} images, {before:,} bytes became {after:,}>"

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
            "seconds": {stage: round(spent, 3) for stage, spent in self.seconds.items()},
            "out": None if self.out is None else str(self.out),
            "files": list(self.files),
        }


def compress(
    images: Sequence[str | Path],
    n_colors: int | None = None,
    *,
    quality: float | None = None,
    max_bytes: int | None = None,
    out: str | Path | None = None,
    format: str | None = None,
    space: str = "oklab",
    dither: str = "none",
    dither_strength: float = 1.0,
    palette: Any = None,
    keep_colors: Any = (),
    shared_palette: bool = False,
    export_palette: str | None = None,
    skip_if_larger: bool = True,
    report: bool = True,
    seed: int = 0,
    on_progress: Listener = silent,
) -> Compressed:
    """Write image files in few colors: an indexed PNG, a WebP without loss or a GIF.

    images: files, folders (any depth) and patterns such as "*.jpg". Exactly one of these says how
    many colors: n_colors, 1 to 256; quality, 0 to 100, the fewest with a mean CIEDE2000 difference
    of at most (100 - quality) / 10; max_bytes, the most with which each file is no larger; palette
    stands for itself. out: a folder for the files, the report and compressed.json, or the name of
    a file (.png, .webp, .gif) for one image; None writes nothing. format: "png" (default), "webp"
    or "gif". shared_palette: the same colors for all images, and animations become animations
    (WebP, or GIF by default). export_palette: write the colors too, as "hex", "json", "gpl", "act"
    or "css". skip_if_larger: keep the file that was where the new one would be no smaller. The
    rest: see `kmosaic.quantize`. Raises InputError for what cannot be used, OutputError for what
    cannot be written.

    >>> import tempfile, PIL.Image
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     PIL.Image.radial_gradient("L").convert("RGB").save(f"{folder}/a.png")
    ...     done = compress([f"{folder}/a.png"], 8, out=f"{folder}/small")
    ...     sorted(path.name for path in done.out.iterdir() if path.name[0] != ".")
    ['a.png', 'compressed.json', 'report.html']
    """
    out = None if out is None else Path(expanded(out))
    one_file = out is not None and out.suffix.lower().lstrip(".") in FORMATS
    if format is None and out is not None and one_file:
        format = format_of(out)
    goal = Goal(n_colors, quality, max_bytes)
    wish = wish_of(space, dither, dither_strength, palette, keep_colors, seed)
    job = _job(goal, wish, format, shared_palette, skip_if_larger)
    job = job._replace(report=report and not one_file and out is not None)
    if export_palette is not None and export_palette not in KINDS:
        known = ", ".join(map(repr, KINDS))
        raise InputError(f"export_palette={export_palette!r} is not known: use {known}.")
    watch = Stopwatch()
    files = image_files(images)
    _check_places(out, one_file, files, images)
    with watch.stage("images"):
        done, skipped = _all(files, job, on_progress)
    settings = {
        "n_colors": n_colors, "quality": quality, "max_bytes": max_bytes, "format": format,
        "space": space, "dither": dither, "dither_strength": dither_strength,
        "palette": None if palette is None else str(palette), "keep_colors": list(keep_colors),
        "shared_palette": shared_palette, "skip_if_larger": skip_if_larger, "seed": seed,
    }  # fmt: skip
    found = Compressed(tuple(done), tuple(skipped), settings, watch.seconds, out)
    if out is None:
        return found
    if one_file:
        return replace(found, files=_write_file(found, out, export_palette))
    return _write_folder(found, out, export_palette, report, images)


def compress_bytes(
    data: bytes,
    n_colors: int | None = None,
    *,
    quality: float | None = None,
    max_bytes: int | None = None,
    format: str | None = None,
    space: str = "oklab",
    dither: str = "none",
    dither_strength: float = 1.0,
    palette: Any = None,
    keep_colors: Any = (),
    shared_palette: bool = False,
    skip_if_larger: bool = True,
    seed: int = 0,
) -> Shrunk:
    """The bytes of one image file in few colors; settings as `compress` has them.

    >>> import io, PIL.Image
    >>> file = io.BytesIO()
    >>> PIL.Image.radial_gradient("L").convert("RGB").save(file, "PNG")
    >>> small = compress_bytes(file.getvalue(), 4)
    >>> len(small.colors), small.data[:4], small.after < small.before
    (4, b'\x89PNG', True)
    """
    wish = wish_of(space, dither, dither_strength, palette, keep_colors, seed)
    goal = Goal(n_colors, quality, max_bytes)
    return shrink(data, "The image", _job(goal, wish, format, shared_palette, skip_if_larger))


def _job(
    goal: Goal, wish: Wish, format: str | None, shared_palette: bool, skip_if_larger: bool
) -> Job:
    if wish.palette is None or goal != Goal():
        goal.check()
    if format is not None and format not in FORMATS:
        raise InputError(f"format={format!r} is not known: use {', '.join(map(repr, FORMATS))}.")
    return Job(goal, wish, format, shared_palette, skip_if_larger)


def _check_places(
    out: Path | None, one_file: bool, files: list[ImageFile], given: Sequence[str | Path]
) -> None:
    if out is None:
        return
    if not one_file:
        for path in {*map(str, given), *(str(file.path) for file in files)}:
            check_out(out, path)
    elif len(files) > 1:
        raise InputError(f"{out} is one file, and there are {len(files)} images: name a folder.")
    elif out.is_dir():
        raise InputError(f"{out} is a folder: name a file, or a folder without such an ending.")


def _all(files: list[ImageFile], job: Job, tell: Listener) -> tuple[list[Shrunk], list[Skipped]]:
    if job.shared:
        return compress_together(files, job, tell)
    found: list[Shrunk] = []
    skipped: list[Skipped] = []

    def work(file: ImageFile) -> Shrunk | Skipped:
        try:
            return shrink(file.path.read_bytes(), file.name, job, str(file.path))
        except OSError as error:
            reason = f"{file.path} cannot be read: {error.strerror or error}."
        except InputError as error:
            if file.is_named:
                raise
            reason = str(error)
        if file.is_named:
            raise InputError(reason)
        return Skipped(str(file.path), reason)

    with _mapped(min(n_threads(), len(files))) as mapped:
        for one in counted(mapped(work, files), tell, "images", len(files), "images"):
            (skipped if isinstance(one, Skipped) else found).append(one)
    if not found:
        raise InputError(
            f"None of {len(files)} images could be read; the first: {skipped[0].reason}"
        )
    return found, skipped


@contextmanager
def _mapped(threads: int) -> Iterator[Callable[..., Any]]:
    """A map() over so many threads; what has not begun when an error comes is not begun."""
    pool = ThreadPoolExecutor(threads)
    try:
        yield pool.map
    finally:
        pool.shutdown(cancel_futures=True)


def _write_file(found: Compressed, out: Path, export: str | None) -> tuple[str, ...]:
    image = found.images[0]
    files = []
    if not image.kept:
        with whole_file(out) as file:
            file.write(image.data)
        files.append(out.name)
    if export:
        beside = out.with_suffix(KINDS[export].suffix)
        with whole_file(beside) as file:
            file.write(written(image.colors, export))
        files.append(beside.name)
    return tuple(files)


def _write_folder(
    found: Compressed, out: Path, export: str | None, report: bool, images: Sequence[Any]
) -> Compressed:
    watch = Stopwatch()
    files = []
    with watch.stage("writing"), whole_folder(out, source=None) as folder:
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
                folder / PAGE, [one.shown() for one in found.images], found.settings, command
            )
            files.append(PAGE)
        found = replace(found, seconds=found.seconds | watch.seconds, files=(*files, ANSWER))
        with whole_file(folder / ANSWER, text=True) as file:
            json.dump(found.summary(), file, indent=1, ensure_ascii=False)
    return found
