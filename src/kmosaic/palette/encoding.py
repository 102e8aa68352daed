"""Pictures in few colors as files: indexed PNG, WebP without loss, GIF."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import PIL.Image

from kmosaic._arguments import argument
from kmosaic._errors import InputError
from kmosaic.palette.spaces import Colors, with_alpha

FORMATS = ("png", "webp", "gif")
_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_MOST_LOOPS = (1 << 16) - 1
_INDEXED = 3  # the color type of PNG
_BEST, _QUICK, _MUCH = 9, 6, 1 << 22  # levels of zlib; bytes from which the best takes too long


class Frame(NamedTuple):
    """One picture: an entry for each pixel."""

    indices: npt.NDArray[np.uint8]  # (h, w)
    colors: Colors  # (n, 3) or (n, 4)
    milliseconds: int = 0  # of an animation


def format_of(path: Path) -> str:
    """The format that the ending of a name stands for. Raises InputError.

    >>> format_of(Path("small.PNG"))
    'png'
    """
    found = path.suffix.lower().lstrip(".")
    if found not in FORMATS:
        raise InputError(
            f"{path} ends in none of .png, .webp and .gif: these are the formats that hold few "
            "colors without loss."
        )
    return found


def format_for(path: Path, asked: str | None) -> str:
    """The format of a file, which its ending and what is asked for agree on. Raises InputError.

    >>> format_for(Path("small.png"), None)
    'png'
    """
    found = format_of(path)
    if asked not in {None, found}:
        raise InputError(
            f"{path} ends in .{found}, and {argument('format')} is {asked!r}: they differ."
        )
    return found


def encode(frames: Sequence[Frame], format: str = "png", loop: int = 0) -> bytes:
    """One picture, or an animation (WebP and GIF), as the bytes of a file. Raises InputError."""
    if format not in FORMATS:
        known = ", ".join(map(repr, FORMATS))
        raise InputError(f"{argument('format', format)} is not known: use {known}.")
    if format == "png":
        if len(frames) > 1:
            raise InputError("An animation cannot be written as PNG: use 'webp' or 'gif'.")
        return png(frames[0])
    return _webp(frames, loop) if format == "webp" else _gif(frames, loop)


def bits_for(n_colors: int) -> int:
    """Bits that an indexed PNG takes for a pixel.

    >>> [bits_for(n) for n in (1, 2, 3, 4, 5, 16, 17, 256)]
    [1, 1, 2, 2, 4, 4, 8, 8]
    """
    return next(bits for bits in (1, 2, 4, 8) if n_colors <= 1 << bits)


def png(frame: Frame) -> bytes:
    """An indexed PNG of as few bits as hold the colors, with no row filter (best for indices).

    >>> small = png(Frame(np.zeros((2, 3), np.uint8), np.array([[255, 0, 0]], np.uint8)))
    >>> PIL.Image.open(io.BytesIO(small)).convert("RGB").getpixel((2, 1))
    (255, 0, 0)
    """
    height, width = frame.indices.shape
    bits = bits_for(len(frame.colors))
    rows = packed(frame.indices, bits)
    level = _QUICK if rows.size > _MUCH else _BEST
    parts = [
        _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, bits, _INDEXED, 0, 0, 0)),
        _chunk(b"PLTE", frame.colors[:, :3].tobytes()),
    ]
    alphas = with_alpha(frame.colors)[:, 3]
    seen_through = np.flatnonzero(alphas < 255)
    if len(seen_through):  # those that follow are opaque
        parts.append(_chunk(b"tRNS", alphas[: seen_through[-1] + 1].tobytes()))
    parts += [_chunk(b"IDAT", zlib.compress(rows.tobytes(), level)), _chunk(b"IEND", b"")]
    return _SIGNATURE + b"".join(parts)


def packed(indices: npt.NDArray[np.uint8], bits: int) -> npt.NDArray[np.uint8]:
    """Rows of bytes, the leftmost pixel in the highest bits, each after the byte of its filter."""
    height, width = indices.shape
    a_byte = 8 // bits
    wide = np.zeros((height, -(-width // a_byte) * a_byte), np.uint8)
    wide[:, :width] = indices
    rows = np.zeros((height, 1 + wide.shape[1] // a_byte), np.uint8)
    for place in range(a_byte):
        rows[:, 1:] |= wide[:, place::a_byte] << np.uint8(8 - bits * (place + 1))
    return rows


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _webp(frames: Sequence[Frame], loop: int) -> bytes:
    images = [PIL.Image.fromarray(frame.colors[frame.indices]) for frame in frames]
    more: dict[str, Any] = {"lossless": True, "exact": True, "quality": 80}
    if len(images) > 1:
        loop = min(loop, _MOST_LOOPS)
        more |= _moving(frames, images, loop) | {"minimize_size": True}
    return _saved(images[0], "WEBP", more)


def _gif(frames: Sequence[Frame], loop: int) -> bytes:
    """GIF knows only what is seen and what is not: a color is opaque, or less than half of it is
    and it becomes the one that is invisible.
    """
    alphas = with_alpha(frames[0].colors)[:, 3]
    clear = np.flatnonzero(alphas < 128)
    clear = clear[np.argsort(alphas[clear], kind="stable")]
    becomes = np.arange(256, dtype=np.uint8)
    becomes[clear] = clear[:1]
    images = []
    for frame in frames:
        image = PIL.Image.fromarray(becomes[frame.indices], "P")
        image.putpalette(np.ascontiguousarray(frame.colors[:, :3]).tobytes())
        images.append(image)
    more: dict[str, Any] = {"optimize": False}
    if len(clear):
        more |= {"transparency": int(clear[0]), "disposal": 2}
    if len(images) > 1:
        more |= _moving(frames, images, max(loop - 1, 0))
        if loop == 1:
            del more["loop"]  # what is said is how often they are repeated
    return _saved(images[0], "GIF", more)


def _moving(frames: Sequence[Frame], images: list[Any], loop: int) -> dict[str, Any]:
    lasting = [frame.milliseconds for frame in frames]
    return {"save_all": True, "append_images": images[1:], "duration": lasting, "loop": loop}


def _saved(image: PIL.Image.Image, format: str, more: dict[str, Any]) -> bytes:
    file = io.BytesIO()
    image.save(file, format, **more)
    return file.getvalue()
