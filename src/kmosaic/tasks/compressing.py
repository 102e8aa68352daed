"""One image file, or several that share a palette, in few colors."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import PIL.Image

from kmosaic._arguments import argument
from kmosaic._errors import InputError
from kmosaic._events import Listener, Progress
from kmosaic.data.decode import damage
from kmosaic.data.items import Skipped
from kmosaic.palette import Palette, Subject, Wish
from kmosaic.palette.encoding import Frame, encode
from kmosaic.palette.goals import Animated, Goal, Reached, reach
from kmosaic.palette.pictures import (
    Picture,
    for_gif,
    frames_of,
    opened,
    picture_in,
    still,
    times_played,
)
from kmosaic.tasks.compressed_words import notes_of
from kmosaic.tasks.image_files import ImageFile
from kmosaic.tasks.shrunk import Shrunk, Tried

_SHOWN = 1600  # pixels of the longer side on the page
_MOST_FRAMES = 2000


class Job(NamedTuple):
    """How image files are to be compressed."""

    goal: Goal
    wish: Wish
    format: str | None  # None: PNG, and GIF for animations
    shared: bool = False
    skip_if_larger: bool = True
    report: bool = False  # keep what the page shows


class _Film(NamedTuple):
    pictures: list[Picture]
    animated: Animated | None


def shrink(data: bytes, name: str, job: Job, path: str | None = None) -> Shrunk:
    """One image file in few colors. Raises InputError."""
    film = _film(data, path or name, job)
    wish, format = job.wish, _format(job, film)
    if format == "gif":
        wish = wish.seen_or_not()
    reached = reach(Subject(film.pictures, wish), job.goal, format, film.animated)
    return _shrunk(data, name, job, path, film, reached)


def compress_together(
    files: list[ImageFile], job: Job, tell: Listener
) -> tuple[list[Shrunk], list[Skipped]]:
    """Image files that share one palette; each of their pixels counts the same."""
    if job.goal.max_bytes is not None and len(files) > 1:
        raise InputError(
            f"{argument('max_bytes')} is of each file: with one palette for several, give "
            f"{argument('n_colors')} or {argument('quality')}."
        )
    films: list[tuple[ImageFile, bytes, _Film]] = []
    skipped = []
    for file in files:
        try:
            data = file.path.read_bytes()
            films.append((file, data, _film(data, str(file.path), job)))
        except (InputError, OSError) as error:
            if file.is_named:
                raise
            skipped.append(Skipped(str(file.path), str(error)))
    if not films:
        raise InputError(f"None of {len(files)} images could be read: {skipped[0].reason}")
    if len(films) == 1:
        file, data, film = films[0]
        return [shrink(data, file.name, job, str(file.path))], skipped
    wish = job.wish
    if any(_format(job, film) == "gif" for _, _, film in films):  # all can hold these colors
        wish = wish.seen_or_not()
    subject = Subject([picture for _, _, film in films for picture in film.pictures], wish)
    reached = reach(subject, job.goal, "gif", Animated((0,) * len(subject.pictures)))
    rest, done = reached.palettes, []
    tell(Progress("images", 0, len(films), "images"))
    for number, (file, data, film) in enumerate(films, start=1):
        mine, rest = rest[: len(film.pictures)], rest[len(film.pictures) :]
        lasting = film.animated or Animated((0,))
        frames = [
            Frame(one.indices, one.colors, shown)
            for one, shown in zip(mine, lasting.milliseconds, strict=True)
        ]
        bytes_of = encode(frames, _format(job, film), lasting.loop)
        one = Reached(mine, bytes_of, reached.notes)
        done.append(_shrunk(data, file.name, job, str(file.path), film, one))
        tell(Progress("images", number, len(films), "images"))
    return done, skipped


def _format(job: Job, film: _Film) -> str:
    chosen = job.format or ("gif" if film.animated else "png")
    if film.animated and chosen == "png":
        raise InputError("An animation cannot be written as PNG: use 'webp' or 'gif'.")
    return chosen


def _film(data: bytes, name: str, job: Job) -> _Film:
    """The frames of an animation or one picture, as the format can hold them."""
    film = _frames(data, name, job.shared)
    if _format(job, film) != "gif":
        return film
    return film._replace(pictures=[for_gif(picture) for picture in film.pictures])


def _frames(data: bytes, name: str, shared: bool) -> _Film:
    """The frames of an animation if they are to share a palette, else one picture."""
    if not shared:
        return _Film([picture_in(data, name)], None)
    with opened(data, name) as picture:
        count = frames_of(picture)
        if count == 1 or picture.format in {"TIFF", "MPO"}:
            return _Film([picture_in(data, name)], None)
        if count > _MOST_FRAMES:
            raise InputError(f"{name} has {count:,} frames: {_MOST_FRAMES:,} are the most.")
        pictures, lasting = [], []
        try:
            for number in range(count):
                picture.seek(number)
                pictures.append(still(picture.convert("RGBA")))
                lasting.append(int(picture.info.get("duration", 100)))
        except Exception as error:
            raise InputError(f"{name} is {damage(error)}.") from error
        return _Film(pictures, Animated(tuple(lasting), times_played(picture)))


def _shrunk(
    data: bytes, name: str, job: Job, path: str | None, film: _Film, reached: Reached
) -> Shrunk:
    palettes = reached.palettes
    if _format(job, film) == "gif":
        palettes = [palette.seen_or_not() for palette in palettes]
    sizes = [palette.indices.size for palette in palettes]
    kept = job.skip_if_larger and len(reached.data) >= len(data)
    was = _ending(data, path or name) if kept else "." + _format(job, film)
    tried = Tried(
        len(reached.data),
        len(palettes[0].colors),
        _mean([palette.mse for palette in palettes], sizes),
        _mean([palette.delta_e for palette in palettes], sizes),
    )
    found = Shrunk(
        name=name,
        file=name + was,
        before=len(data),
        after=len(data) if kept else len(reached.data),
        colors=palettes[0].colors,
        counts=np.sum([palette.counts for palette in palettes], axis=0),
        size=palettes[0].image.size,
        tried=tried,
        notes=notes_of(palettes[0], reached.notes, job.goal, job.wish, kept, job.shared),
        kept=kept,
        data=data if kept else reached.data,
        path=path,
        frames=len(palettes),
    )
    if not job.report:
        return found
    return replace(found, pictures=_for_the_page(film.pictures[0], palettes[0]))


def _mean(values: list[float], sizes: list[int]) -> float:
    return float(np.average(values, weights=sizes))


def _ending(data: bytes, name: str) -> str:
    """The ending of the file that is kept, also where its name has none."""
    ending = name.rpartition("/")[2].rpartition(".")[2]
    if ending and ending != name.rpartition("/")[2]:
        return "." + ending
    with opened(data, name) as picture:
        return "." + (picture.format or "png").lower()


def _for_the_page(before: Picture, after: Palette) -> tuple[bytes, bytes]:
    """Both pictures as files that a browser shows, the same pixels of each where it is large."""
    step = max(1, -(-max(after.indices.shape) // _SHOWN))
    pixels = before.pixels if before.whole is None else before.whole
    was = PIL.Image.fromarray(np.ascontiguousarray(pixels[::step, ::step]))
    file = io.BytesIO()
    was.save(file, "WEBP", quality=92)
    indices = np.ascontiguousarray(after.indices[::step, ::step])
    return file.getvalue(), encode([Frame(indices, after.colors)], "png")
