"""How images in few colors are made again: the command line, the same in Python, the settings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from kmosaic.report import reproduce

# Settings → options of the command line, in the order in which a reader expects them.
_OPTIONS = {
    "n_colors": "--colors",
    "quality": "--quality",
    "max_bytes": "--max-bytes",
    "format": "--format",
    "space": "--space",
    "dither": "--dither",
    "dither_strength": "--dither-strength",
    "palette": "--palette",
    "seed": "--seed",
}
_DEFAULTS: dict[str, Any] = {
    "n_colors": None,
    "quality": None,
    "max_bytes": None,
    "format": None,
    "space": "oklab",
    "dither": "none",
    "dither_strength": 1.0,
    "palette": None,
    "keep_colors": [],
    "shared_palette": False,
    "skip_if_larger": True,
}


class Again(NamedTuple):
    """What a reader needs to make the same again."""

    command: str | None  # None where the palette came from memory
    python: str
    settings: tuple[tuple[str, str], ...]
    versions: tuple[tuple[str, str], ...]


def again(settings: Mapping[str, Any], sources: Sequence[str]) -> Again:
    """All that made these images, from what to which version."""
    told = tuple(
        (name, _told(value)) for name, value in settings.items() if value not in (None, [], ())
    )
    return Again(command(settings, sources), python(settings, sources), told, reproduce.versions())


def command(settings: Mapping[str, Any], sources: Sequence[str]) -> str | None:
    """The command line that does it again; None where the palette is no file.

    >>> command({"n_colors": 16, "space": "rgb", "dither": "none"}, ["a.png"])
    'kmosaic compress a.png --colors 16 --space rgb'
    """
    if isinstance(settings.get("palette"), list):
        return None
    words: list[str] = []
    for name, option in _OPTIONS.items():
        value = settings.get(name)
        if value is not None and value != _DEFAULTS.get(name):
            words += [option, str(value)]
    for color in settings.get("keep_colors", ()):
        words += ["--keep-color", str(color)]
    if settings.get("shared_palette"):
        words.append("--shared-palette")
    if settings.get("skip_if_larger") is False:
        words.append("--no-skip-if-larger")
    return reproduce.command_line("compress", sources, words)


def python(settings: Mapping[str, Any], sources: Sequence[str]) -> str:
    """The Python code that does it again.

    >>> print(python({"n_colors": 16, "space": "oklab", "seed": 0}, ["a.png"]))
    import kmosaic
    <BLANKLINE>
    done = kmosaic.compress(
        ['a.png'],
        n_colors=16,
        seed=0,
        out='compressed',
    )
    """
    given = [
        f"{name}={value!r}"
        for name, value in settings.items()
        if name not in _DEFAULTS or value != _DEFAULTS[name]
    ]
    arguments = [repr(list(sources)), *given, "out='compressed'"]
    return reproduce.call_of("done", "kmosaic.compress", "import kmosaic", arguments)


def _told(value: Any) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)
