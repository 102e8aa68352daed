"""The bytes of one image file as pixels, or the reason why not."""

from __future__ import annotations

import io
from collections.abc import Callable

import numpy as np
import PIL.Image

# Registered here, before any thread asks, and nothing else: some plug-ins start programs (EPS).
from PIL import (
    BmpImagePlugin,  # noqa: F401
    GifImagePlugin,  # noqa: F401
    ImageOps,
    JpegImagePlugin,  # noqa: F401  (opens MPO, the stereo JPEG of cameras, too)
    MpoImagePlugin,  # noqa: F401
    PngImagePlugin,  # noqa: F401
    TiffImagePlugin,  # noqa: F401
    WebPImagePlugin,  # noqa: F401
)

from kmosaic.data.items import Image
from kmosaic.data.pixels import NoPixelsError, flat, smaller
from kmosaic.data.quiet import quiet_pillow

FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "DIB", "TIFF")
MAX_PIXELS = 100_000_000  # a picture of 10,000 x 10,000: 300 MB decoded
_WORKING_BYTES = 8  # a pixel while it is decoded: Pillow's copy and ours
_ATTEMPTS = 5
START = 16  # bytes that Pillow tells formats apart by
_NO_IMAGE = "not a PNG, JPEG, WebP, GIF, BMP or TIFF image, or its beginning is damaged"

Allow = Callable[[int], None]


class UnreadableError(Exception):
    """One image cannot be read; the message is the reason, ready to stand after a colon."""


def most_bytes(max_pixels: int) -> int:
    """The largest image file worth reading: more bytes than its pixels can need are no image."""
    return 8 * max_pixels + (16 << 20)


def no_limit(size: int) -> None:
    """Allow any number of bytes."""


def check_start(start: bytes, size: int, max_pixels: int) -> None:
    """Raise UnreadableError if a file of this size with these first bytes is not worth reading.

    A few bytes in an archive can unpack to hundreds of megabytes; this is asked before they do.

    >>> check_start(bytes(16), 10**8, MAX_PIXELS)
    Traceback (most recent call last):
    kmosaic.data.decode.UnreadableError: not a PNG, JPEG, WebP, GIF, BMP or TIFF image, or its \
beginning is damaged
    """
    if size > most_bytes(max_pixels):
        raise UnreadableError(f"{size:,} bytes are more than an image can need")
    prefix = start[:START].ljust(START, b"\0")
    accepts = (PIL.Image.OPEN[kind][1] for kind in FORMATS)
    if start and not any(accept is None or accept(prefix) for accept in accepts):
        raise UnreadableError(_NO_IMAGE)


def decode(
    data: bytes,
    *,
    max_pixels: int = MAX_PIXELS,
    max_side: int | None = None,
    allow: Allow = no_limit,
) -> Image:
    """Pixels of an image file, (h, w) gray or (h, w, 3) RGB, upright; the first frame if animated.

    max_pixels: larger pictures are refused before they are decoded. max_side: see `Items.batches`.
    allow is told the bytes that decoding takes before it takes them. Raises UnreadableError.

    >>> import io, PIL.Image
    >>> file = io.BytesIO()
    >>> PIL.Image.new("RGB", (4, 2), "red").save(file, "PNG")
    >>> decode(file.getvalue()).shape
    (2, 4, 3)
    """
    if not data:
        raise UnreadableError("the file is empty")
    for _ in range(_ATTEMPTS):
        try:
            return _decode(data, max_pixels, max_side, allow)
        except UnreadableError:
            raise
        except PIL.UnidentifiedImageError:
            raise UnreadableError(_NO_IMAGE) from None
        except PIL.Image.DecompressionBombError:
            raise UnreadableError(
                "more pixels than Pillow allows (to read it, set PIL.Image.MAX_IMAGE_PIXELS = None "
                "as well as max_pixels)"
            ) from None
        except MemoryError:
            raise UnreadableError("not enough memory to decode it") from None
        except Warning:  # another thread restored filters that make errors of warnings: once more
            continue
        except Exception as error:  # damaged files: OSError, SyntaxError, struct.error, zlib.error…
            raise UnreadableError(damage(error)) from error
    raise UnreadableError("Pillow warns of it, and warnings are errors here")


def _decode(data: bytes, max_pixels: int, max_side: int | None, allow: Allow) -> Image:
    with quiet_pillow(), PIL.Image.open(io.BytesIO(data), formats=FORMATS) as picture:
        if picture.width * picture.height > max_pixels:
            raise UnreadableError(
                f"{picture.width:,} x {picture.height:,} pixels are over the limit of "
                f"{max_pixels / 1e6:g} megapixels (max_pixels)"
            )
        if max_side:
            picture.draft(None, (max_side, max_side))
        allow(_WORKING_BYTES * picture.width * picture.height)
        picture.load()
        return np.asarray(smaller(flat(_upright(picture)), max_side))


def _upright(picture: PIL.Image.Image) -> PIL.Image.Image:
    """Turn the picture as its camera noted; damaged notes do not make the pixels unreadable."""
    try:
        return ImageOps.exif_transpose(picture)
    except Exception:
        return picture


def damage(error: Exception) -> str:
    """What is wrong with an image file, in words, by the error that Pillow raised.

    >>> damage(OSError("image file is truncated (12 bytes not processed)"))
    'cut off: the end of the file is missing'
    """
    if isinstance(error, NoPixelsError):
        return f"no picture: {error}"
    if "truncated" in str(error).lower():
        return "cut off: the end of the file is missing"
    return "damaged or cut off: its pixels cannot be decoded"
