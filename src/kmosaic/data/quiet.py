"""Keep Pillow's warnings to ourselves: why a file is skipped is told through on_skip."""

from __future__ import annotations

import logging
import re
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

# As `warnings.filterwarnings("ignore", module="PIL")` would make it.
_IGNORE: Any = ("ignore", None, Warning, re.compile(r"PIL\b"), 0)

# What Pillow logs goes to those who listen; without this, Python would print it where nobody does.
logging.getLogger("PIL").addHandler(logging.NullHandler())

_lock = threading.Lock()
_touched: list[list[Any]] = []  # the lists of filters that hold ours now
_inside = 0


@contextmanager
def quiet_pillow() -> Iterator[None]:
    """Ignore the warnings that Pillow's own modules raise, from any number of threads at once.

    `warnings.catch_warnings` swaps the whole list of filters and so cannot be used from threads:
    it would undo what other threads, or the caller's own `catch_warnings`, set meanwhile. Here one
    entry is put into the list and the same entry is taken out by whoever leaves last.
    """
    _enter()
    try:
        yield
    finally:
        _leave()


def _enter() -> None:
    global _inside  # noqa: PLW0603  (the count of threads inside is what this module is about)
    with _lock:
        _inside += 1
        filters: list[Any] = warnings.filters  # type: ignore[assignment]
        if not filters or filters[0] is not _IGNORE:
            filters.insert(0, _IGNORE)
            _touched.append(filters)


def _leave() -> None:
    global _inside  # noqa: PLW0603
    with _lock:
        _inside -= 1
        if _inside == 0:
            for filters in [*_touched, warnings.filters]:
                filters[:] = [entry for entry in filters if entry is not _IGNORE]  # type: ignore[index]
            _touched.clear()
