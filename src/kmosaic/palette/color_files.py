"""Palettes as files: hex, JSON, GIMP, Photoshop and CSS, each written and read."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import PIL.Image

from kmosaic._errors import InputError
from kmosaic.data.decode import damage
from kmosaic.palette.color_lines import gimp_colors, hex_colors, json_colors
from kmosaic.palette.color_names import Color
from kmosaic.palette.css_colors import css_colors
from kmosaic.palette.pictures import opened, read_file
from kmosaic.palette.spaces import Colors

_ACT_COLORS, _ACT_BYTES = 256, 768
_NO_CLEAR = 0xFFFF


class ColorFile(NamedTuple):
    """One kind of file."""

    suffix: str
    write: Callable[[list[list[int]]], bytes]


def hex_of(color: list[int] | Color) -> str:
    """A color as CSS writes it.

    >>> hex_of([255, 0, 16]), hex_of([1, 2, 3, 255]), hex_of([0, 0, 0, 128])
    ('#ff0010', '#010203', '#00000080')
    """
    shown = color[:3] if tuple(color[3:]) == (255,) else color
    return "#" + "".join(f"{value:02x}" for value in shown)


def _write_hex(colors: list[list[int]]) -> bytes:
    return "".join(f"{hex_of(color)}\n" for color in colors).encode()


def _write_json(colors: list[list[int]]) -> bytes:
    found = [{"hex": hex_of(color), "rgba": [*color, 255][:4]} for color in colors]
    return (json.dumps({"colors": found}, indent=1) + "\n").encode()


def _write_gpl(colors: list[list[int]]) -> bytes:
    shown = [c for c in colors if c[3:] != [0]]  # GIMP's palettes know no opacity
    lines = [f"{r:3} {g:3} {b:3}\t{hex_of(c)}" for c in shown for r, g, b in [c[:3]]]
    return ("\n".join(["GIMP Palette", "Name: kmosaic", "Columns: 8", "#", *lines]) + "\n").encode()


def _write_css(colors: list[list[int]]) -> bytes:
    lines = [f"  --color-{number}: {hex_of(color)};" for number, color in enumerate(colors)]
    return ("\n".join([":root {", *lines, "}"]) + "\n").encode()


def _write_act(colors: list[list[int]]) -> bytes:
    table = b"".join(bytes(color[:3]) for color in colors).ljust(_ACT_BYTES, b"\0")
    clear = [number for number, color in enumerate(colors) if color[3:] == [0]]
    last = clear[0] if clear else _NO_CLEAR
    return table + len(colors).to_bytes(2, "big") + last.to_bytes(2, "big")


KINDS = {
    "hex": ColorFile(".hex", _write_hex),
    "json": ColorFile(".json", _write_json),
    "gpl": ColorFile(".gpl", _write_gpl),
    "act": ColorFile(".act", _write_act),
    "css": ColorFile(".css", _write_css),
}


def written(colors: Colors, kind: str) -> bytes:
    """The colors, (n, 3) or (n, 4), as a file of a kind. Raises InputError.

    >>> import numpy as np
    >>> written(np.array([[255, 0, 0]], np.uint8), "css").decode().split()
    [':root', '{', '--color-0:', '#ff0000;', '}']
    """
    if kind not in KINDS:
        raise InputError(f"kind={kind!r} is not known: use {', '.join(map(repr, KINDS))}.")
    return KINDS[kind].write(colors.tolist())


def colors_in(path: Path) -> list[Color]:
    """The colors of a file: one of KINDS, by its ending, or a picture that has a palette.

    Raises InputError.
    """
    data = read_file(path)
    if path.suffix.lower() == ".act":
        found = _read_act(data, path)
    elif path.suffix.lower() in {".png", ".gif"}:
        found = _read_picture(data, path)
    else:
        text = _text(data, path)
        found = _reader(text, path.suffix.lower())(text, str(path))
    if not found:
        raise InputError(f"{path} holds no colors: one '#rrggbb' a line is a palette.")
    return found


_OF_TEXT = {
    ".json": json_colors,
    ".gpl": gimp_colors,
    **dict.fromkeys((".css", ".scss", ".less"), css_colors),
}


def _reader(text: str, suffix: str) -> Callable[[str, str], list[Color]]:
    if text.startswith("GIMP Palette"):
        return gimp_colors
    return _OF_TEXT.get(suffix, hex_colors) if text.strip() else hex_colors


def _text(data: bytes, path: Path) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputError(
            f"{path} is no palette: give a .hex, .json, .gpl, .css or .act file, or an indexed PNG "
            "or GIF."
        ) from None


def _read_act(data: bytes, path: Path) -> list[Color]:
    if len(data) not in {_ACT_BYTES, _ACT_BYTES + 4}:
        raise InputError(
            f"{path} is no .act palette: it has {len(data)} bytes, not 768 or 772. "
            "Fetch it or export it again."
        )
    count, clear = _ACT_COLORS, _NO_CLEAR
    if len(data) > _ACT_BYTES:
        count = int.from_bytes(data[-4:-2], "big") or _ACT_COLORS
        clear = int.from_bytes(data[-2:], "big")
    if count > _ACT_COLORS:
        raise InputError(
            f"{path} is damaged: it says that it has {count:,} colors, and {_ACT_COLORS} are the "
            "most. Fetch it or export it again."
        )
    places = range(count)
    table = [(*data[3 * n : 3 * n + 3], 0 if n == clear else 255) for n in places]
    return [(red, green, blue, alpha) for red, green, blue, alpha in table]


def _read_picture(data: bytes, path: Path) -> list[Color]:
    with opened(data, str(path)) as picture:
        if picture.mode != "P":
            raise InputError(
                f"{path} has no palette: give an indexed PNG or GIF, or a file of colors."
            )
        try:
            used = picture.convert("RGBA").getcolors(PIL.Image.MAX_IMAGE_PIXELS or 1 << 28) or []
        except Exception as error:
            raise InputError(f"{path} is {damage(error)}.") from error
        return sorted(color for _, color in used)  # type: ignore[misc]
