"""Work that is done for parts of an array at a time, by all threads."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from kmosaic._engine import n_threads

T = TypeVar("T")


def parts_of(count: int, together: int) -> list[slice]:
    """Slices of at most `together` that make up `count`.

    >>> parts_of(5, 4)
    [slice(0, 4, None), slice(4, 8, None)]
    """
    return [slice(at, at + together) for at in range(0, max(count, 1), together)]


def each(work: Callable[[slice], T], parts: list[slice]) -> list[T]:
    """What work() gives for each part, in order."""
    threads = min(n_threads(), len(parts))
    if threads < 2:
        return [work(part) for part in parts]
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(work, parts))
