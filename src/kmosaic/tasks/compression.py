"""Image files in few colors, each as small a file as that gives."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from kmosaic._arguments import argument
from kmosaic._engine import n_threads
from kmosaic._errors import InputError
from kmosaic._events import Listener, counted, silent
from kmosaic._paths import expanded
from kmosaic._timing import Stopwatch
from kmosaic.data.items import Skipped
from kmosaic.data.names import is_image_name
from kmosaic.palette import Wish, wish_of
from kmosaic.palette.color_files import KINDS, hex_of
from kmosaic.palette.encoding import FORMATS, format_for
from kmosaic.palette.goals import Goal
from kmosaic.palette.spaces import Colors
from kmosaic.tasks.compressed import Compressed, write_file, write_folder
from kmosaic.tasks.compressed_places import check_file, check_folder
from kmosaic.tasks.compressing import Job, compress_together, shrink
from kmosaic.tasks.image_files import ImageFile, image_files
from kmosaic.tasks.shrunk import Shrunk


def compress(
    images: str | Path | Sequence[str | Path],
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

    images: files, folders (any depth) and patterns such as "*.jpg"; one or several. Exactly one of
    these says how many colors: n_colors, 1 to 256; quality, 0 to 100, the fewest with a mean
    CIEDE2000 difference of at most (100 - quality) / 10; max_bytes, the most with which each file
    is no larger; of a palette all colors are taken if none of them is given. out: a folder for the
    files, the report and answer.json, or the name of a file (.png, .webp, .gif) for one image; None
    writes nothing. format: "png" (default), "webp" or "gif". shared_palette: the same colors for
    all images, and animations become animations (WebP, or GIF by default). export_palette: write
    the colors too, as "hex", "json", "gpl", "act" or "css". skip_if_larger: keep the file that was
    where the new one would be no smaller. The rest: see `kmosaic.quantize`. Raises InputError for
    what cannot be used, OutputError for what cannot be written.

    >>> import tempfile, PIL.Image
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     PIL.Image.radial_gradient("L").convert("RGB").save(f"{folder}/a.png")
    ...     done = compress(f"{folder}/a.png", 8, out=f"{folder}/small")
    ...     sorted(path.name for path in done.out.iterdir() if path.name[0] != ".")
    ['a.png', 'answer.json', 'report.html']
    """
    if isinstance(images, str) or not isinstance(images, Sequence):
        images = [images]
    out = None if out is None else Path(expanded(out))
    one_file = out is not None and is_image_name(out.name) and not out.is_dir()
    if out is not None and one_file:
        format = format_for(out, format)
    goal = Goal(n_colors, quality, max_bytes)
    wish = wish_of(space, dither, dither_strength, palette, keep_colors, seed)
    job = _job(goal, wish, format, shared_palette, skip_if_larger)
    job = job._replace(report=report and not one_file and out is not None)
    if export_palette is not None and export_palette not in KINDS:
        known = ", ".join(map(repr, KINDS))
        asked = argument("export_palette", export_palette)
        raise InputError(f"{asked} is not known: use {known}.")
    watch = Stopwatch()
    files = image_files(images, export_palette and KINDS[export_palette].suffix)
    if out is not None and one_file:
        check_file(out, export_palette, [file.path for file in files], palette)
    elif out is not None:
        check_folder(out, {*map(Path, images), *(file.path for file in files)}, palette)
    with watch.stage("images"):
        done, skipped = _all(files, job, on_progress)
    settings = {
        "n_colors": n_colors, "quality": quality, "max_bytes": max_bytes, "format": format,
        "space": space, "dither": dither, "dither_strength": dither_strength,
        "palette": _as_given(palette, wish), "keep_colors": _hex(wish.keep),
        "shared_palette": shared_palette, "skip_if_larger": skip_if_larger, "seed": seed,
    }  # fmt: skip
    found = Compressed(tuple(done), tuple(skipped), settings, watch.seconds, out)
    if out is None:
        return found
    if one_file:
        return write_file(found, out, export_palette)
    return write_folder(found, out, export_palette, report, images)


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
        known = ", ".join(map(repr, FORMATS))
        raise InputError(f"{argument('format', format)} is not known: use {known}.")
    return Job(goal, wish, format, shared_palette, skip_if_larger)


def _as_given(palette: Any, wish: Wish) -> str | list[str] | None:
    """A palette as it can be given again: a file, or its colors."""
    if wish.palette is None:
        return None
    return str(palette) if isinstance(palette, str | Path) else _hex(wish.palette)


def _hex(colors: Colors) -> list[str]:
    return [hex_of(color) for color in colors.tolist()]


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
