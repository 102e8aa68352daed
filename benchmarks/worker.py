"""The process of one library: loads it and the rows, and times what it is asked to."""

from __future__ import annotations

import ctypes
import gc
import math
import re
import signal
import time
import traceback
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.calls import Calls
from benchmarks.libraries import LIBRARIES
from benchmarks.rows import read

FEW = 8  # centers to warm up with
SHORT = 0.05  # seconds; shorter calls are repeated within one measurement
LONG_ENOUGH = 0.2
IDLE = 0.05  # threads of the library that ran before spin for a while before they sleep


def serve(connection: Connection, name: str, threads: int) -> None:
    """Answer requests, dicts with the key "do", until nobody asks any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever asks hears it, and ends this process
    try:
        library = next(library for library in LIBRARIES if library.name == name)
        calls = library.load(threads)
        _warm_up(calls)
        connection.send({})
    except Exception as error:
        connection.send({"error": _said(error)})
        return
    held: dict[str, Any] = {}
    while True:
        try:
            request = connection.recv()
        except EOFError:
            return
        try:
            connection.send(_answer(calls, held, **request))
        except Exception as error:
            traceback.clear_frames(error.__traceback__)
            connection.send({"error": _said(error)})


def _answer(
    calls: Calls, held: dict[str, Any], do: str, folder: str = "", max_iter: int = 0, k: int = 0
) -> dict[str, Any]:
    if do == "load":
        held.clear()  # before reading, so that not both are in memory
        held["rows"], held["start"] = read(Path(folder))
        return {}
    if do == "seed":
        assert calls.seed is not None
        seed = calls.seed
        seed(held["rows"], FEW, 0)  # whoever seeds first would pay for what is set up but once
        seconds, extra, centers = measured(lambda: seed(held["rows"], k, 0))
        return {"seconds": seconds, "extra": extra, "centers": centers}
    assert calls.fit is not None
    fit = calls.fit
    if do == "warm":
        fit(held["rows"], held["start"], 1)
        return {}
    seconds, extra, found = measured(lambda: fit(held["rows"], held["start"], max_iter))
    return {
        "seconds": seconds,
        "extra": extra,
        "centers": np.asarray(found.centers),
        "n_iter": int(found.n_iter),
        "algorithm": found.algorithm,
    }


def measured(call: Callable[[], Any]) -> tuple[float, int | None, Any]:
    """Seconds of one call, bytes of memory that it needed beyond what was there, its result."""
    gc.collect()
    time.sleep(IDLE)
    before = _fresh_memory()
    begin = time.perf_counter()
    result = call()
    seconds = time.perf_counter() - begin
    extra = None if before is None else max(0, _memory("VmHWM") - before)
    if seconds < SHORT:
        count = math.ceil(LONG_ENOUGH / max(seconds, 1e-6))
        begin = time.perf_counter()
        for _ in range(count):
            call()
        seconds = (time.perf_counter() - begin) / count
    return seconds, extra, result


def _fresh_memory() -> int | None:
    """Give back what is free, forget the peak so far; the memory in use, None where unknown."""
    try:
        ctypes.CDLL(None).malloc_trim(0)
        Path("/proc/self/clear_refs").write_text("5")
        return _memory("VmRSS")
    except (OSError, AttributeError):  # only Linux has these
        return None


def _memory(which: str) -> int:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(which):
            return int(line.split()[1]) * 1024
    raise OSError(f"no {which} in /proc/self/status")


def _warm_up(calls: Calls) -> None:
    # Threads and buffers that a library makes once and keeps are no part of a fit.
    rows = np.random.default_rng(0).random((20_000, 32), dtype=np.float32)
    if calls.fit is not None:
        calls.fit(rows, rows[:64].copy(), 3)


def _said(error: Exception) -> str:
    lines = str(error).strip().splitlines() or [""]
    said = re.sub(r"^Error in .* failed: ", "", lines[0])  # faiss names files and functions first
    return f"{type(error).__name__}: {said[:200]}"
