"""Who hears how far the learning of features is: `fit` has no argument for that."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from kmosaic._events import Listener, silent

_listener: ContextVar[Listener] = ContextVar("listener", default=silent)


@contextmanager
def listening(listener: Listener) -> Iterator[None]:
    """While this context lasts, `fit` of any features tells this listener.

    >>> with listening(print):
    ...     listener()("so far")
    so far
    """
    token = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(token)


def listener() -> Listener:
    """Whoever listens now."""
    return _listener.get()
