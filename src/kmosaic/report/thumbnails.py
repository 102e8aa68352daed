"""Small pictures of the items that the page shows, embedded as data URIs."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import PIL.features
import PIL.Image

from kmosaic._events import Listener, counted, silent
from kmosaic.data.items import Image, Items
from kmosaic.report.facts import Picture

# Bounds on the bytes of data URIs; together with the text they keep the page under 15 MB.
BYTES_FOR_MEMBERS, BYTES_FOR_TILES, BYTES_FOR_MAP = 6_000_000, 1_500_000, 4_500_000
_SIDES = (256, 192, 128, 96, 64, 48, 32, 24, 16)
_SMALLEST = 48  # pixels a side, unless the pictures cannot be packed
_BYTES_PER_PIXEL = 0.27  # of a photograph as a data URI, measured at the quality below, rounded up
_LOSSLESS_UP_TO = 64  # pixels a side: small gray glyphs are smaller, and exact, without loss
_QUALITY = 78


@dataclass(frozen=True)
class Decoded:
    """Images by position, each no larger than it is needed."""

    images: Mapping[int, Image]

    def pictures(self, positions: Iterable[int], side: int, budget: int) -> dict[int, Picture]:
        """Encode the images at these positions, at most `side` pixels a side.

        Smaller where they would not fit in so many bytes, as with noise, which WebP cannot pack.
        """
        wanted = sorted({int(p) for p in positions} & self.images.keys())

        def encoded(side: int) -> list[Picture]:
            return [encode(shrink(self.images[position], side)) for position in wanted]

        return dict(zip(wanted, fitting(encoded, side, budget), strict=True))


def decode(
    items: Items, positions: npt.ArrayLike, side: int, on_progress: Listener = silent
) -> Decoded:
    """Decode the items at these positions once, in order, keeping at most `side` pixels a side.

    What cannot be read any more (a file deleted since) is left out.
    """
    wanted = np.unique(np.asarray(positions, dtype=np.int64))
    if items.kind != "images" or not len(wanted):
        return Decoded({})
    pairs = (
        (int(wanted[at]), image)
        for batch in items.take(wanted).batches(max_side=side)
        for at, image in zip(batch.index, batch.images, strict=True)
    )
    told = counted(pairs, on_progress, "report", len(wanted), unit="thumbnails")
    return Decoded({position: shrink(image, side) for position, image in told})


def fitting(make: Callable[[int], list[Picture]], side: int, budget: int) -> list[Picture]:
    """Make pictures at this side, in pixels, or at the largest smaller one that fits the bytes."""
    made = make(side)
    for smaller in (one for one in _SIDES if one < side):
        if sum(len(picture.uri) for picture in made) <= budget:
            break
        made = make(smaller)
    return made


def side_for(n_pictures: int) -> int:
    """The largest side, in pixels, at which so many photographs stay within the budget.

    >>> side_for(100), side_for(280), side_for(3600)
    (256, 256, 64)
    """
    fit = (s for s in _SIDES if n_pictures * s * s * _BYTES_PER_PIXEL <= BYTES_FOR_MEMBERS)
    return max(next(fit, 0), _SMALLEST)


def shrink(image: Image, side: int) -> Image:
    """Shrink an image to at most `side` pixels a side, never enlarge it."""
    if max(image.shape[:2]) <= side:
        return image
    picture = PIL.Image.fromarray(image)
    picture.thumbnail((side, side), PIL.Image.Resampling.LANCZOS)
    return np.asarray(picture)


def encode(image: Image) -> Picture:
    """Embed an image: without loss if it is small and gray, else as a photograph.

    >>> encode(np.zeros((2, 3), dtype=np.uint8)).width
    3
    """
    lossless = image.ndim == 2 and max(image.shape) <= _LOSSLESS_UP_TO
    return _embed(PIL.Image.fromarray(image), lossless=lossless, quality=_QUALITY)


def sheets(images: Sequence[Image | None], tile: int, columns: int, rows: int) -> list[Picture]:
    """Lay square tiles side by side on as few pictures as it takes, row by row.

    An image is cut to its middle square; a missing one leaves its place empty.
    """
    per_sheet = columns * rows
    gray = all(image is None or image.ndim == 2 for image in images)
    laid = []
    for first in range(0, len(images), per_sheet):
        part = images[first : first + per_sheet]
        height = -(-len(part) // columns) * tile
        sheet = PIL.Image.new("L" if gray else "RGB", (columns * tile, height))
        for place, image in enumerate(part):
            if image is not None:
                at = (place % columns * tile, place // columns * tile)
                sheet.paste(_square(image, tile), at)
        laid.append(_embed(sheet, lossless=gray and tile <= _LOSSLESS_UP_TO, quality=62))
    return laid


def _square(image: Image, side: int) -> PIL.Image.Image:
    """Cut out the middle square, at this size."""
    picture = PIL.Image.fromarray(image)
    short = min(picture.size)
    left, top = (picture.width - short) // 2, (picture.height - short) // 2
    square = picture.crop((left, top, left + short, top + short))
    if short == side:
        return square
    method = PIL.Image.Resampling.LANCZOS if short > side else PIL.Image.Resampling.NEAREST
    return square.resize((side, side), method)


def _embed(picture: PIL.Image.Image, *, lossless: bool, quality: int) -> Picture:
    data = io.BytesIO()
    kind = "webp" if PIL.features.check("webp") else "png"
    if kind == "webp":
        picture.save(data, "WEBP", lossless=lossless, quality=quality, method=4)
    else:
        picture.save(data, "PNG", optimize=True)
    text = base64.b64encode(data.getvalue()).decode("ascii")
    return Picture(f"data:image/{kind};base64,{text}", picture.width, picture.height)
