"""Names that every file system takes, and that stay apart."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

_LONGEST = 120  # bytes of UTF-8; systems take 255, Windows 260 characters for a whole path
# Windows takes none of these in a name, and keeps these words for devices, whatever the suffix.
_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]')
_DEVICES = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])(\.|$)", re.IGNORECASE)


def safe_name(name: str) -> str:
    """The name with everything replaced that some file system does not take.

    >>> safe_name("cats/dogs: a?"), safe_name(".."), safe_name("con")
    ('cats_dogs_ a_', '_', 'con_')
    """
    text = _FORBIDDEN.sub("_", unicodedata.normalize("NFC", name))
    if text.startswith((".", " ")):  # hidden on Unix; lost on Windows
        text = "_" + text[1:]
    text = _shortened(text).rstrip(". ") or "_"
    device = _DEVICES.match(text)
    return f"{text[: device.end(1)]}_{text[device.end(1) :]}" if device else text


def _shortened(text: str) -> str:
    return text.encode()[:_LONGEST].decode(errors="ignore")


class FreeNames:
    """Hands out names of one folder, each once, also where upper and lower case are the same.

    >>> names = FreeNames()
    >>> names.take("a", ".png"), names.take("A", ".png"), names.take("a", ".png")
    ('a.png', 'A-2.png', 'a-3.png')
    """

    def __init__(self) -> None:
        self._taken: set[str] = set()
        self._last: dict[str, int] = {}

    def take(self, stem: str, suffix: str = "") -> str:
        """`stem` + `suffix`, with -2, -3 … after the stem if that name is taken."""
        wanted = _folded(stem + suffix)
        number = self._last.get(wanted, 1)
        name = stem + suffix if number == 1 else f"{stem}-{number}{suffix}"
        while _folded(name) in self._taken:
            number += 1
            name = f"{stem}-{number}{suffix}"
        self._last[wanted] = number
        self._taken.add(_folded(name))
        return name


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


def folder_names(names: Iterable[str]) -> dict[str, str]:
    """A folder for each different name: safe, and no two the same.

    A name that is safe already keeps its own, whatever comes before it.

    >>> folder_names(["a/b", "a_b", "a/b"])
    {'a/b': 'a_b-2', 'a_b': 'a_b'}
    """
    different = list(dict.fromkeys(names))
    free = FreeNames()
    found: dict[str, str] = {}
    for name in sorted(different, key=lambda name: safe_name(name) != name):
        found[name] = free.take(safe_name(name))
    return {name: found[name] for name in different}
