"""Where the time went."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from time import perf_counter


class Stopwatch:
    """Seconds of each stage, in the order in which the stages began.

    >>> watch = Stopwatch()
    >>> with watch.stage("features"):
    ...     pass
    >>> list(watch.seconds)
    ['features']
    """

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Time a block of work; a stage that comes again adds up."""
        start = perf_counter()
        self.seconds.setdefault(name, 0.0)
        try:
            yield
        finally:
            self.seconds[name] += perf_counter() - start


def rounded(seconds: Mapping[str, float]) -> dict[str, float]:
    """Seconds to the millisecond, as they are told.

    >>> rounded({"features": 1.23456})
    {'features': 1.235}
    """
    return {stage: round(spent, 3) for stage, spent in seconds.items()}
