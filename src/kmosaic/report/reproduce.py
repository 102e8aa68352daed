"""How to do it again: the command line, the same in Python, and the versions."""

from __future__ import annotations

import platform
import shlex
from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

# Settings of a run → options of the command line, in the order in which a reader expects them.
_OPTIONS = {
    "n_clusters": "-k",
    "max_k": "--max-k",
    "column": "--column",
    "id_column": "--id",
    "features": "--features",
    "embed": "--embed",
    "language": "--language",
    "encoding": "--encoding",
    "labels": "--labels",
    "names": "--names",
    "labeled_fraction": "--labeled-fraction",
    "seed": "--seed",
    "n_init": "--n-init",
}
_ONLY_OF_FILES = ("labels", "names")  # arguments of classify_images that run_images has not
_CALLS = {"images": "kmosaic.classify_images", "documents": "kmosaic.classify_documents"}
_PACKAGES = ("kmosaic", "numpy", "scikit-learn", "pillow", "umap-learn")


def command(source: str, settings: Mapping[str, Any], what: str = "images") -> str | None:
    """The command line that does the same run; None where the items came from memory.

    what: the command, "images" or "documents".

    A setting "command" is taken as it is.

    >>> command(".", {"n_clusters": 12, "seed": 0, "labeled_fraction": None})
    'kmosaic images . -k 12 --seed 0'
    >>> command("scikit-learn's digits", {"command": "kmosaic demo"})
    'kmosaic demo'
    """
    if "command" in settings:
        return str(settings["command"])
    if not _is_file(source):
        return None
    options = []
    for key, option in _OPTIONS.items():
        if settings.get(key) is not None:
            options += [option, str(settings[key])]
    return command_line(what, [source], options)


def command_line(command: str, sources: Sequence[str], options: Sequence[str]) -> str:
    """A command of kmosaic as it can be pasted.

    >>> command_line("compress", ["a b.png"], ["--colors", "16"])
    "kmosaic compress 'a b.png' --colors 16"
    >>> command_line("compress", ["-a.png"], ["--colors", "16"])
    'kmosaic compress --colors 16 -- -a.png'
    """
    if any(source.startswith("-") for source in sources):
        words = [*options, "--", *sources]  # after "--" nothing is taken for an option
    else:
        words = [*sources, *options]
    return shlex.join(_printable(word) for word in ("kmosaic", command, *words))


def python(source: str, settings: Mapping[str, Any], what: str = "images") -> str:
    """The Python code that does the same run.

    >>> print(python(".", {"n_clusters": 12, "seed": 0}))
    import kmosaic
    <BLANKLINE>
    run = kmosaic.classify_images(
        '.',
        n_clusters=12,
        seed=0,
    )
    """
    if _is_file(source):
        return _call(_CALLS[what], "import kmosaic", repr(source), settings, _OPTIONS)
    if what == "documents":
        call = _call(_CALLS[what], "import kmosaic", "texts", settings, _OPTIONS)
        return f"# texts: {_printable(source)}\n{call}"
    keys = [key for key in _OPTIONS if key not in _ONLY_OF_FILES]
    call = _call("run_images", "from kmosaic.pipeline import run_images", "items", settings, keys)
    return f"# items: {_printable(source)}\n{call}"


def _call(
    function: str, needs: str, first: str, settings: Mapping[str, Any], keys: Iterable[str]
) -> str:
    given = [f"{key}={settings[key]!r}" for key in keys if settings.get(key) is not None]
    return call_of("run", function, needs, [first, *given])


def call_of(result: str, function: str, needs: str, arguments: Sequence[str]) -> str:
    """A call as code, an argument a line, with what it needs to be imported."""
    lines = "".join(f"    {argument},\n" for argument in arguments)
    return f"{needs}\n\n{result} = {function}(\n{lines})"


def _is_file(source: str) -> bool:
    try:
        return Path(source).exists()
    except (OSError, ValueError):  # too long for a name, or a null byte in it
        return False


def versions() -> tuple[tuple[str, str], ...]:
    """The versions of Python and of the packages that the result rests on, those installed."""
    found = [("Python", platform.python_version())]
    for package in _PACKAGES:
        try:
            found.append((package, version(package)))
        except PackageNotFoundError:
            continue
    return (*found, ("system", f"{platform.system()} {platform.machine()}"))


def _printable(text: str) -> str:
    """The text without control characters, which a terminal would obey when it is pasted."""
    return "".join(c if c.isprintable() else "?" for c in text)
