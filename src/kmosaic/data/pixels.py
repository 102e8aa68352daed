"""Every kind of picture as 8-bit gray or RGB: the modes of image files, and arrays of numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import PIL.Image

from kmosaic.data.items import Image

_GRAY_MODES = frozenset({"1", "L", "LA", "La"})
_SIXTEEN_BITS = np.rint(np.arange(65536) / 257).astype(np.uint8)


class NoPixelsError(ValueError):
    """A file was read, and its numbers are no pixels; the message is the reason."""


def flat(picture: PIL.Image.Image) -> PIL.Image.Image:
    """A picture of any mode as mode L (gray stays gray) or RGB, transparent parts over white.

    16-bit gray is divided by 257, so that 65,535 becomes 255. For 32-bit integers and floats see
    `stretched`. CMYK, LAB, HSV and YCbCr become RGB.

    >>> flat(PIL.Image.new("LA", (1, 1), (0, 128))).getpixel((0, 0))
    127
    """
    if picture.mode in {"L", "RGB"} and "transparency" not in picture.info:
        return picture
    if picture.mode.startswith("I;16"):
        return PIL.Image.fromarray(_SIXTEEN_BITS[np.asarray(picture).astype(np.uint16)])
    if picture.mode in {"I", "F"}:
        return PIL.Image.fromarray(stretched(np.asarray(picture), deep=picture.format == "PNG"))
    gray = picture.mode in _GRAY_MODES or _palette_is_gray(picture)
    mode = "L" if gray else "RGB"
    if not picture.has_transparency_data:
        return picture.convert(mode)
    clear = picture.convert("RGBA")
    over_white = PIL.Image.new(mode, picture.size, "white")
    over_white.paste(clear.convert(mode), mask=clear.getchannel("A"))
    return over_white


def _palette_is_gray(picture: PIL.Image.Image) -> bool:
    if picture.mode not in {"P", "PA"} or picture.palette is None:
        return False
    colors = np.asarray(picture.getpalette("RGB") or [0, 0, 0]).reshape(-1, 3)
    return bool((colors == colors[:, :1]).all())


def stretched(values: npt.NDArray[Any], *, deep: bool = False) -> Image:
    """One picture of 32-bit integers or floats as 8 bits.

    The usual ranges are read as `factor_for` says (deep: known to be 16 bits); any other range is
    stretched so that its lowest value becomes 0 and its highest 255.

    >>> stretched(np.array([[-2.0, 0.0, 2.0]])).tolist()
    [[0, 128, 255]]
    """
    low, high = float(values.min()), float(values.max())
    if not np.isfinite([low, high]).all():
        raise NoPixelsError("it holds NaN or infinity")
    factor = 1 / 257 if deep else factor_for(low, high)
    if factor is None:
        factor = 255 / (high - low) if high > low else 0.0
        values = values - low
    return to_bytes(values, factor)


def factor_for(low: float, high: float) -> float | None:
    """What numbers of this range are multiplied by to become 0..255; None if it is no usual range.

    0..1 is times 255, 0..255 stays, 0..65,535 is divided by 257.

    >>> factor_for(0.0, 0.7), factor_for(0, 200), factor_for(-1.0, 1.0)
    (255.0, 1.0, None)
    """
    if low < 0 or not high <= 65535:
        return None
    return 255.0 if high <= 1 else 1.0 if high <= 255 else 1 / 257


def to_bytes(values: npt.NDArray[Any], factor: float) -> Image:
    """Numbers times a factor, rounded to 8 bits; 8-bit values that stay are not copied."""
    if factor == 1 and values.dtype == np.uint8:
        return values
    if factor == 1 and values.dtype.kind in "iu":
        return values.astype(np.uint8)
    return np.rint(values * factor).astype(np.uint8)


def smaller(picture: PIL.Image.Image, max_side: int | None) -> PIL.Image.Image:
    """The picture reduced by a whole factor, if its shorter side stays at least max_side.

    >>> smaller(PIL.Image.new("L", (100, 70)), 32).size
    (50, 35)
    """
    factor = min(picture.size) // max_side if max_side else 1
    return picture.reduce(factor) if factor > 1 else picture
