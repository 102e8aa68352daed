"""One process a library, so that no thread pool or memory of one disturbs another."""

from __future__ import annotations

import multiprocessing
import os
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from benchmarks.libraries import Library
from benchmarks.worker import serve

THREAD_VARIABLES = (
    "KMOSAIC_NUM_THREADS",
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
)


def same_threads_for_all(threads: int) -> None:
    """Tell every library that is started from now on to use so many threads."""
    for variable in THREAD_VARIABLES:
        os.environ[variable] = str(threads)


class Worker:
    """The process of one library; started again where it was stopped or died."""

    def __init__(self, library: Library, threads: int) -> None:
        self.library = library
        self._threads = threads
        self._folder: Path | None = None
        self._loaded: Path | None = None
        self._process: Any = None
        self._connection: Connection | None = None
        self.error: str = self._start().get("error", "")

    def use(self, folder: Path) -> None:
        """Read rows and start from this folder before the next request."""
        self._folder = folder

    def ask(self, limit: float | None = None, **request: Any) -> dict[str, Any]:
        """The answer, with the key "error" where there is none; limit: seconds it may take."""
        if self._connection is None:
            self._start()
        if self._loaded != self._folder:
            answer = self._send({"do": "load", "folder": str(self._folder)}, None)
            if "error" in answer:
                return answer
            self._loaded = self._folder
        return self._send(request, limit)

    def stop(self) -> None:
        """End the process."""
        if self._connection is None:
            return
        self._connection.close()
        self._process.kill()
        self._process.join()
        self._connection = self._loaded = None

    def _start(self) -> dict[str, Any]:
        context = multiprocessing.get_context("spawn")
        self._connection, theirs = context.Pipe()
        arguments = (theirs, self.library.name, self._threads)
        self._process = context.Process(target=serve, args=arguments, daemon=True)
        self._process.start()
        theirs.close()
        return self._receive(120)

    def _send(self, request: dict[str, Any], limit: float | None) -> dict[str, Any]:
        assert self._connection is not None
        try:
            self._connection.send(request)
        except OSError:
            self.stop()
            return {"error": "its process died"}
        return self._receive(limit)

    def _receive(self, limit: float | None) -> dict[str, Any]:
        assert self._connection is not None
        try:
            if self._connection.poll(limit):
                answer: dict[str, Any] = self._connection.recv()
                return answer
            error = f"stopped after {limit:.0f} s"
        except (EOFError, OSError):
            error = "its process died"
        self.stop()
        return {"error": error}
