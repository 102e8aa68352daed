"""The colors in a style sheet: all that it names, and an error for those that cannot be read."""

from __future__ import annotations

import re

from PIL import ImageColor

from kmosaic._errors import InputError
from kmosaic.palette.color_lines import HEX, WRITE, refuse
from kmosaic.palette.color_names import Color, color_of, is_color

# Comments, links, texts and Sass's #{...} may hold all that stands for something elsewhere.
_BLANK = re.compile(
    r"""/\*.*?\*/|(?<!:)//[^\n]*|\burl\(\s*(?:"[^"]*"|'[^']*'|[^)"']*)\s*\)"""
    r"""|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|\#\{[^{}]*\}""",
    re.DOTALL | re.IGNORECASE,
)
_PART = re.compile(r"([^{};]*)([{};]|$)")
_RULES = re.compile(
    r"@(?:apply|charset|config|content|debug|error|extend|forward|import|include|layer|namespace"
    r"|plugin|return|source|tailwind|use|warn)\b(?!\s*:)",
    re.IGNORECASE,
)
_LESS = re.compile(r"@[\w-]+\s*:")  # a variable of Less
_HAVE_COLORS = re.compile(
    r"[$@]|--|.*(?:background|border|color|column-rule|decoration|emphasis|fill|filter|mask"
    r"|outline|shadow|stroke)",
    re.IGNORECASE,
)
_FUNCTIONS = "rgba?|hsla?|hwb|lab|lch|oklab|oklch|color|color-mix|device-cmyk|lighten|darken|mix"
_WORD = re.compile(
    rf"(?P<hex>\#[\w-]*)|(?P<call>(?P<function>{_FUNCTIONS})\((?P<values>[^()]*)\)?)"
    r"|[$@.%\w-]+(?:\s*:)?",
    re.IGNORECASE,
)
_PLAIN = re.compile(r"rgba?|hsla?", re.IGNORECASE)  # of the functions, those that can be read
_SHARE = re.compile(r"(\d+\.?\d*|\.\d+)(%?)")
_FETCH = "Fetch it or export it again."


def css_colors(text: str, name: str) -> list[Color]:
    """All colors that properties and variables have, in their order. Raises InputError.

    What is no color is passed over; what looks like one and cannot be read is an error.

    >>> css_colors("a { --ink: #001; $paper: white; width: 2px; fill: #123456 }", "my.css")
    [(0, 0, 17, 255), (255, 255, 255, 255), (18, 52, 86, 255)]
    >>> css_colors("a { border: 1px solid rgb(9 9 9 / 50%) }", "my.css")
    [(9, 9, 9, 128)]
    """
    text = _BLANK.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text)
    found: list[Color] = []
    for part in _PART.finditer(text):
        said, end = part[1].strip(), part[2]
        if said and end != "{":
            line = text.count("\n", 0, part.start(1) + len(part[1]) - len(part[1].lstrip())) + 1
            found += _declared(said, name, line)
    if text.count("{") > text.count("}"):
        raise InputError(f"{name} is cut off: a closing }} is missing. {_FETCH}")
    return found


def _declared(said: str, name: str, line: int) -> list[Color]:
    """The colors of one declaration."""
    if _RULES.match(said):
        return []
    what, colon, value = said.partition(":")
    if not colon or (said.startswith("@") and not _LESS.match(said)):
        refuse(name, line, said, WRITE)
    names = bool(_HAVE_COLORS.match(what.strip()))  # elsewhere `tan` may be a font
    found = []
    for word in _WORD.finditer(value):
        color = _color(word, names)
        if color is None and (word["hex"] or word["call"]):
            but = "is no color" if word["hex"] else "has a color that cannot be read"
            refuse(name, line, said, WRITE, but)
        if color is not None:
            found.append(color_of(color, name))
    return found


def _color(word: re.Match[str], names: bool) -> str | Color | None:
    """What `color_of` takes; None for what is no color or cannot be read."""
    if word["hex"]:
        return word[0] if HEX.fullmatch(word[0]) else None
    if word["call"]:
        return _called(word) if _PLAIN.fullmatch(word["function"]) else None
    return word[0].lower() if names and word[0].lower() in ImageColor.colormap else None


def _called(word: re.Match[str]) -> Color | None:
    """rgb() and hsl(), with opacity or without, as Pillow reads them."""
    values = re.split(r"[\s,/]+", word["values"].strip())
    if len(values) not in {3, 4} or not word[0].endswith(")"):
        return None
    kind = word["function"].lower()[:3]
    first = values[0].lower().removesuffix("deg") if kind == "hsl" else values[0]
    solid, opacity = f"{kind}({first},{values[1]},{values[2]})", _SHARE.fullmatch([*values, "1"][3])
    if not is_color(solid) or opacity is None:
        return None
    red, green, blue = (min(value, 255) for value in ImageColor.getrgb(solid)[:3])
    share = float(opacity[1]) / (100 if opacity[2] else 1)
    return red, green, blue, round(255 * min(share, 1.0))
