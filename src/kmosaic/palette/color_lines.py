"""The colors in the text of a palette file: every line is one, or is told with its number."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, NoReturn

from kmosaic._errors import InputError
from kmosaic.palette.color_names import Color, color_of

HEX = re.compile(r"#(?:[0-9a-fA-F]{8}|[0-9a-fA-F]{6}|[0-9a-fA-F]{3,4})")
_SIX_DIGITS = re.compile(r"[0-9a-fA-F]{6}")  # as lospec.com gives them
_COMMENT = re.compile(r"(?://|;|#(?=\s|$)).*")
_NEW_LINE = re.compile(r"\r\n?|\n")
_GIMP, _HEAD = "GIMP Palette", re.compile(r"\s*(?:#|[A-Za-z]+:)")
WRITE = "write '#rrggbb' or '#rrggbbaa', or leave it out"


def hex_colors(text: str, name: str) -> list[Color]:
    """#rrggbb or rrggbb, one a line or several; a comment follows ; or // or #. Raises InputError.

    >>> hex_colors("; mine\\n#fff, 00ff00", "my.hex")
    [(255, 255, 255, 255), (0, 255, 0, 255)]
    >>> hex_colors("#fff\\nwhite", "my.hex")
    Traceback (most recent call last):
    kmosaic._errors.InputError: my.hex, line 2: 'white' is no color: write '#rrggbb' or \
'#rrggbbaa', or leave it out.
    """
    found = []
    for number, line in _lines(text):
        for word in _COMMENT.sub("", line).replace(",", " ").split():
            if _SIX_DIGITS.fullmatch(word):
                found.append(color_of(f"#{word}", name))
            elif HEX.fullmatch(word):
                found.append(color_of(word, name))
            else:
                refuse(name, number, word, WRITE)
    return found


def gimp_colors(text: str, name: str) -> list[Color]:
    """Lines of red, green and blue after a head, and of opacity if it says so. Raises InputError.

    >>> gimp_colors("GIMP Palette\\nName: mine\\n#\\n255 0 16\\tred", "my.gpl")
    [(255, 0, 16, 255)]
    """
    lines = list(_lines(text))
    if not lines[0][1].startswith(_GIMP):
        raise InputError(f"{name}, line 1: a GIMP palette begins with '{_GIMP}'.")
    found, columns = [], 3
    for number, line in lines[1:]:
        if _HEAD.match(line):
            columns = 4 if line.split() == ["Channels:", "RGBA"] else columns
        elif words := line.split()[:columns]:
            values = [int(word) if word.isascii() and word.isdigit() else 256 for word in words]
            if len(values) < columns or max(values) > 255:
                cure = "write red, green and blue as whole numbers from 0 to 255, or leave it out"
                refuse(name, number, line.strip(), cure)
            found.append(color_of(values, name))
    return found


def json_colors(text: str, name: str) -> list[Color]:
    """A list of colors, or {"colors": [...]}, each text, numbers, or an object. Raises InputError.

    >>> json_colors('[{"hex": "#fff"}, "red", [1, 2, 3]]', "my.json")
    [(255, 255, 255, 255), (255, 0, 0, 255), (1, 2, 3, 255)]
    """
    try:
        found: Any = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InputError(f"{name} is no JSON: {error}.") from None
    if isinstance(found, dict):
        found = found.get("colors")
    if not isinstance(found, list):
        raise InputError(
            f'{name} holds no list of colors: write ["#rrggbb", ...] or {{"colors": [...]}}.'
        )
    return [
        color_of(
            one.get("hex", one.get("rgba")) if isinstance(one, dict) else one,
            f"{name}, color {number} of {len(found)}",
        )
        for number, one in enumerate(found, start=1)
    ]


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Lines as editors count them."""
    return enumerate(_NEW_LINE.split(text), start=1)


def refuse(name: str, line: int, what: str, cure: str, but: str = "is no color") -> NoReturn:
    """Raise InputError for what is no color in a line of a file."""
    shown = what if len(what) <= 60 else what[:57] + "..."
    raise InputError(f"{name}, line {line}: {shown!r} {but}: {cure}.")
