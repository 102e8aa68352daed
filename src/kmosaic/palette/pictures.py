"""Pictures of every kind as 8-bit sRGB, upright, with their opacity."""

from __future__ import annotations

import contextlib
import io
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import PIL.Image
from PIL import ExifTags, ImageOps

from kmosaic._errors import InputError
from kmosaic._paths import expanded
from kmosaic.data.decode import FORMATS, MAX_PIXELS, damage
from kmosaic.data.pixels import flat
from kmosaic.data.quiet import quiet_pillow
from kmosaic.palette.profile import to_srgb
from kmosaic.palette.spaces import Colors, seen_or_not

_DEEP_MODES = ("I", "F")  # I;16 and its like too
_TURNED = range(2, 9)  # orientations of EXIF that are not upright
_CURE = "Fetch it or save it again."
_FIRST = "The file holds {:,} pictures, and the first was taken."
_HALF = "GIF knows no half-transparent pixels: they became opaque or, if more was clear, invisible."


class Picture(NamedTuple):
    """Pixels, and what had to be done to get them."""

    pixels: Colors  # (h, w, 3) RGB or (h, w, 4) RGBA
    notes: tuple[str, ...] = ()  # sentences
    whole: Colors | None = None  # what it was, if a format of file cannot hold it, to compare


def picture_of(image: Any, name: str = "The image") -> Picture:
    """A Pillow image, a path or an array as 8-bit sRGB, upright. Raises InputError.

    >>> picture_of(PIL.Image.new("LA", (3, 2), (9, 100))).pixels[0, 0].tolist()
    [9, 9, 9, 100]
    """
    if isinstance(image, str | Path):
        return picture_in(read_file(Path(expanded(image))), str(image))
    if isinstance(image, bytes):
        return picture_in(image, name)
    if isinstance(image, PIL.Image.Image):
        return _told(image, name)
    return Picture(_of_array(image, name))


def read_file(path: Path) -> bytes:
    """The bytes of a file. Raises InputError."""
    try:
        return path.read_bytes()
    except OSError as error:
        what = "is a folder" if path.is_dir() else (error.strerror or str(error)).lower()
        raise InputError(f"{path} cannot be read: {what}.") from None


def picture_in(data: bytes, name: str) -> Picture:
    """The picture that a file holds. Raises InputError."""
    with opened(data, name) as picture:
        return _told(picture, name)


def opened(data: bytes, name: str) -> PIL.Image.Image:
    """The file as a Pillow image that is not decoded yet. Raises InputError."""
    if not data:
        raise InputError(f"{name} is empty: there is no picture in it.")
    try:
        with quiet_pillow():
            return PIL.Image.open(io.BytesIO(data), formats=FORMATS)
    except PIL.UnidentifiedImageError:
        raise InputError(
            f"{name} is not a PNG, JPEG, WebP, GIF, BMP or TIFF image, or its beginning is damaged."
        ) from None
    except Exception as error:  # Pillow raises many kinds for damaged files
        raise InputError(f"{name} is {damage(error)}. {_CURE}") from error


def frames_of(picture: PIL.Image.Image) -> int:
    """How many frames a picture has; 1 where it does not move."""
    return int(getattr(picture, "n_frames", 1)) if getattr(picture, "is_animated", False) else 1


def times_played(picture: PIL.Image.Image) -> int:
    """How often all frames are played; 0 is for ever. GIF says how often they are repeated."""
    said = picture.info.get("loop")
    if picture.format != "GIF":
        return int(said or 0)
    return 1 if said is None else int(said) + (said > 0)


def _told(picture: PIL.Image.Image, name: str) -> Picture:
    """Pixels of a Pillow image, with errors that name it."""
    try:
        with quiet_pillow():
            frames = frames_of(picture)
            moving = frames > 1 and picture.format not in {"TIFF", "MPO"}
            if moving:
                raise InputError(
                    f"{name} is an animation of {frames} frames: give one of them, or the file to "
                    "`kmosaic compress --shared-palette`."
                )
            if picture.width * picture.height > MAX_PIXELS:
                raise InputError(
                    f"{name} has {picture.width:,} x {picture.height:,} pixels: "
                    f"{MAX_PIXELS // 10**6} megapixels are the most."
                )
            if not picture.width * picture.height:
                raise InputError(f"{name} has no pixels.")
            found = still(picture)
            if frames > 1:
                return found._replace(notes=(_FIRST.format(frames), *found.notes))
            return found
    except InputError:
        raise
    except Exception as error:
        raise InputError(f"{name} is {damage(error)}. {_CURE}") from error


def still(picture: PIL.Image.Image) -> Picture:
    """Pixels of one picture, or of the frame that an animation shows."""
    notes = []
    deep = picture.mode.startswith(_DEEP_MODES) or _is_deep_file(picture)
    # In a PNG, EXIF may stand behind the pixels: a look for it first would hide their damage.
    # Others are asked before they are decoded, for TIFF is turned by that.
    if picture.format == "PNG":
        picture.load()
    turned = _is_turned(picture)
    picture.load()
    profile = picture.info.get("icc_profile")
    upright = picture
    with contextlib.suppress(Exception):  # notes of the camera may be damaged, and pixels are not
        upright = ImageOps.exif_transpose(picture)
        if turned:
            notes.append("Turned upright, as its EXIF data say.")
    if deep:
        notes.append("16 bits a channel became 8.")
    plain = _plain(upright)
    if profile:
        plain, note = to_srgb(plain, profile)
        notes.append(note)
    if plain.mode == "CMYK":
        notes.append("CMYK without a color profile became RGB by the plain formula.")
    mode = "RGBA" if plain.mode == "RGBA" else "RGB"
    return Picture(np.asarray(plain.convert(mode)), tuple(note for note in notes if note))


def for_gif(picture: Picture) -> Picture:
    """The picture with pixels that are seen or not, as GIF knows no others.

    >>> half = Picture(np.array([[[9, 9, 9, 127], [9, 9, 9, 128]]], np.uint8))
    >>> for_gif(half).pixels[0, :, 3].tolist()
    [0, 255]
    """
    pixels = picture.pixels
    if pixels.shape[2] == 3 or np.isin(pixels[..., 3], (0, 255)).all():
        return picture
    return Picture(seen_or_not(pixels), (*picture.notes, _HALF), pixels)


def _is_turned(picture: PIL.Image.Image) -> bool:
    with contextlib.suppress(Exception):
        return picture.getexif().get(ExifTags.Base.Orientation, 1) in _TURNED
    return False


def _is_deep_file(picture: PIL.Image.Image) -> bool:
    """Whether channels have 16 bits that Pillow reads as 8: raw modes such as RGB;16B."""
    return any(";16" in str(tile[3]) for tile in getattr(picture, "tile", ()))


def _plain(picture: PIL.Image.Image) -> PIL.Image.Image:
    """As RGB, RGBA, L or CMYK."""
    if picture.mode.startswith(_DEEP_MODES):
        return flat(picture)
    if picture.has_transparency_data:
        clear = picture.convert({"La": "LA", "RGBa": "RGBA"}.get(picture.mode, picture.mode))
        return clear.convert("RGBA")
    return picture if picture.mode in {"L", "CMYK"} else picture.convert("RGB")


def _of_array(values: Any, name: str) -> Colors:
    array = np.asarray(values)
    if array.ndim == 2:
        array = np.repeat(array[:, :, None], 3, axis=2)
    if array.ndim != 3 or array.shape[2] not in {3, 4} or not array.size:
        raise InputError(
            f"{name} is an array of shape {np.shape(values)}: give (h, w), (h, w, 3) or (h, w, 4), "
            "a Pillow image or a path."
        )
    if array.dtype != np.uint8:
        raise InputError(
            f"{name} is an array of {array.dtype}: give uint8, 0 to 255, for example "
            "(255 * image).round().astype('uint8') for floats from 0 to 1."
        )
    return np.ascontiguousarray(array)
