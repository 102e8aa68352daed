"""Read ahead on several threads, in order, within a bound on memory."""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Callable, Iterator
from functools import partial
from typing import Generic, TypeVar

T = TypeVar("T")

Allow = Callable[[int], None]  # called with the bytes a piece will need, before it takes them
Work = Callable[[int, Allow], tuple[T, int]]  # position → what was read, and the bytes it keeps

MOST_ITEMS = 1024  # a batch: enough to keep every core busy, few enough to show progress
BATCH_BYTES = 64 << 20
AHEAD_BYTES = 512 << 20


def usable_cores() -> int:
    """The cores that this process may use, 1 or more."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on Linux
        return os.cpu_count() or 1


class ReadAhead(Generic[T]):
    """Do a piece of work for each of 0..count-1 and hand the results out in order, in batches.

    A batch ends after `most` pieces or once its pieces keep `batch_bytes`, so where batches end
    depends on the pieces alone, not on timing. All pieces that are begun and not handed out need
    at most `ahead_bytes`, or one batch more: while no batch is full, the piece that the next one
    waits for always goes on, so that pieces larger than the bound still come and nothing locks up.

    >>> [batch for batch in ReadAhead(lambda i, allow: (i * i, 8), 5, most=2)]
    [[0, 1], [4, 9], [16]]
    """

    def __init__(
        self,
        work: Work[T],
        count: int,
        *,
        most: int = MOST_ITEMS,
        batch_bytes: int = BATCH_BYTES,
        ahead_bytes: int = AHEAD_BYTES,
        threads: int | None = None,
    ) -> None:
        self._work, self._count, self._most = work, count, most
        self._batch_bytes, self._ahead_bytes = batch_bytes, ahead_bytes
        lock = threading.Lock()
        self._room = threading.Condition(lock)  # workers wait here for their turn or for memory
        self._ready = threading.Condition(lock)  # the reader waits here for a batch
        self._begun = 0  # pieces that a worker has begun
        self._prefix = 0  # all pieces before this one are done
        self._handed = 0  # all pieces before this one were handed out
        self._done: dict[int, T] = {}
        self._held: dict[int, int] = {}  # bytes of each piece that is begun and not handed out
        self._used = 0  # their sum
        self._filling = (0, 0)  # pieces and bytes in the batch that is not full yet
        self._ends: deque[int] = deque()  # where the full batches end
        self._failure: BaseException | None = None
        self._closed = False
        n_threads = min(threads or usable_cores(), count)
        # Daemons: a reader that was dropped half way must not keep the interpreter from ending.
        self._threads = [threading.Thread(target=self._run, daemon=True) for _ in range(n_threads)]

    def __iter__(self) -> Iterator[list[T]]:
        try:
            for thread in self._threads:
                thread.start()
            while self._handed < self._count:
                yield self._next_batch()
        finally:
            with self._room:
                self._closed = True
                self._room.notify_all()
            for thread in self._threads:
                thread.join()

    def _next_batch(self) -> list[T]:
        with self._ready:
            self._ready.wait_for(lambda: self._ends or self._failure)
            if self._failure:
                raise self._failure
            end = self._ends.popleft()
            batch = [self._done.pop(piece) for piece in range(self._handed, end)]
            self._used -= sum(self._held.pop(piece) for piece in range(self._handed, end))
            self._handed = end
            self._room.notify_all()
            return batch

    def _run(self) -> None:
        try:
            while (piece := self._begin()) is not None:
                self._finish(piece, *self._work(piece, partial(self._allow, piece)))
        except _ClosedError:
            pass
        except BaseException as error:  # whatever it is, the reader must hear of it
            with self._ready:
                self._failure = error
                self._ready.notify_all()

    def _begin(self) -> int | None:
        with self._room:
            width = 2 * self._most
            self._room.wait_for(lambda: self._closed or self._begun < self._handed + width)
            if self._closed or self._begun >= self._count:
                return None
            piece = self._begun
            self._begun += 1
            self._held[piece] = 0
            return piece

    def _allow(self, piece: int, size: int) -> None:
        with self._room:
            self._room.wait_for(
                lambda: (
                    self._closed
                    or self._used + size <= self._ahead_bytes
                    or (piece == self._prefix and not self._ends)
                )
            )
            if self._closed:
                raise _ClosedError
            self._hold(piece, size)

    def _finish(self, piece: int, result: T, size: int) -> None:
        with self._room:
            self._hold(piece, size)
            self._done[piece] = result
            while self._prefix in self._done:
                self._append(self._prefix)
            self._room.notify_all()  # memory came free, or another piece is the one waited for

    def _append(self, piece: int) -> None:
        self._prefix = piece + 1
        pieces, size = self._filling[0] + 1, self._filling[1] + self._held[piece]
        full = pieces == self._most or size >= self._batch_bytes or self._prefix == self._count
        self._filling = (0, 0) if full else (pieces, size)
        if full:
            self._ends.append(self._prefix)
            self._ready.notify_all()

    def _hold(self, piece: int, size: int) -> None:
        self._used += size - self._held[piece]
        self._held[piece] = size


class _ClosedError(BaseException):  # no Exception, so that no piece of work takes it for its own
    """Nobody wants the rest any more."""
