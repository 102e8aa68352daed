"""What errors call an argument: `n_colors` in Python, `--colors` on the command line."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

# Of the command that runs. Threads raise errors too, so this is no context variable; Python's
# callers never set it.
_options: dict[str, str] = {}


def argument(name: str, value: Any = None) -> str:
    """An argument as the user gave it, with its value if that is to be told.

    >>> argument("n_colors"), argument("embed", "none")
    ('n_colors', "embed='none'")
    >>> with given_as({"n_colors": "--colors", "embed": "--embed"}):
    ...     argument("n_colors"), argument("embed", "none")
    ('--colors', '--embed none')
    >>> with given_as({"columns": "--columns"}):
    ...     argument("columns", ["age", "city"])
    '--columns age,city'
    """
    option = _options.get(name)
    if value is None:
        return option or name
    if option and isinstance(value, list):
        value = shlex.quote(",".join(value))
    return f"{option} {value}" if option else f"{name}={value!r}"


def as_names(given: Any) -> Any:
    """Names of columns as a list, where one alone was given as text.

    >>> as_names("age"), as_names(["age", "city"]), as_names(None)
    (['age'], ['age', 'city'], None)
    """
    return [given] if isinstance(given, str) else given


@contextmanager
def given_as(options: Mapping[str, str]) -> Iterator[None]:
    """Tell arguments by the options of a command as long as it runs."""
    before = dict(_options)
    _options.clear()
    _options.update(options)
    try:
        yield
    finally:
        _options.clear()
        _options.update(before)
