"""Runs the workloads and turns what was measured into results."""

from __future__ import annotations

import datetime
import tempfile
from collections.abc import Iterator
from math import log
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import rows as files
from benchmarks import truth
from benchmarks.data import MissingDataError, different_rows
from benchmarks.libraries import Library
from benchmarks.machine import machine, versions
from benchmarks.measure import Task
from benchmarks.results import OURS
from benchmarks.rounds import Entry, Patience, rounds, stopped_early
from benchmarks.workers import Worker, same_threads_for_all
from benchmarks.workloads import Workload

Result = dict[str, Any]
LOST = "unsure: more iterations took no longer than one"
SETTLED = 1e-4  # of the rows may be near ties in the precision of the library


def run(
    workloads: list[Workload],
    tables: list[str],
    libraries: list[Library],
    patience: Patience,
    threads: int,
    quick: bool = False,
) -> Iterator[Result]:
    """Measure; one result for each table and workload, as soon as it is there."""
    same_threads_for_all(threads)
    workers = [Worker(library, threads) for library in libraries]
    for worker in workers:
        print(f"{worker.library.title}: {worker.error or 'ready'}", flush=True)
    missing = {w.library.name: w.error for w in workers if w.error}
    about = {"machine": machine(threads), "versions": versions(), "quick": quick}
    try:
        for workload in workloads:
            wanted = [table for table in workload.tables() if table in tables]
            if wanted:
                yield from _workload(workload, wanted, workers, missing, patience, quick, about)
    finally:
        for worker in workers:
            worker.stop()


def _workload(
    workload: Workload,
    tables: list[str],
    workers: list[Worker],
    missing: dict[str, str],
    patience: Patience,
    quick: bool,
    about: dict[str, Any],
) -> Iterator[Result]:
    try:
        rows, k = workload.make(quick)
    except MissingDataError as error:
        print(f"\n{workload.title}: left out, {error}", flush=True)
        return
    start = different_rows(rows, k)
    start = start.astype(np.float32) if start.dtype == np.uint8 else start
    about = about | {"title": workload.title_of(rows.shape, k, quick)}
    iterations = min(workload.iterations, 3) if quick else workload.iterations
    task = Task(k, iterations, workload.cap, float64=rows.dtype == np.float64)
    with tempfile.TemporaryDirectory() as name:
        files.write(Path(name), rows, start)
        for worker in workers:
            worker.use(Path(name))
        for table in tables:
            print(f"\n{about['title']}, {table}", flush=True)
            team = [worker for worker in workers if _takes(worker, table, rows, missing)]
            entries = rounds(table, task, team, patience, _tell)
            yield _result(table, workload, rows, task, entries, workers, missing) | about


def _takes(worker: Worker, table: str, rows: Any, missing: dict[str, str]) -> bool:
    library = worker.library
    return (
        library.name not in missing
        and table in library.tables
        and (library.sparse or isinstance(rows, np.ndarray))
        and not (library.kind == "limit" and rows.dtype == np.uint8)
    )


def _tell(entry: Entry) -> None:
    if entry.error:
        print(f"  {entry.library.title:24s} {entry.error}", flush=True)
        return
    sample = entry.samples[-1]
    iterations = f"{sample.n_iter:4d} iterations" if sample.n_iter else ""
    seconds = f"{sample.seconds:10.6f} s" if sample.seconds > 0 else LOST
    print(f"  {entry.library.title:24s} {seconds}  {iterations}", flush=True)


def _result(
    table: str,
    workload: Workload,
    rows: Any,
    task: Task,
    entries: list[Entry],
    workers: list[Worker],
    missing: dict[str, str],
) -> Result:
    ours = next((e for e in entries if e.library.name == OURS[table] and e.samples), None)
    known: dict[bytes, tuple[float, int | None]] = {}
    measured = [_row(table, rows, task, entry, ours, known) for entry in entries]
    there = {entry.library.name for entry in entries}
    for worker in workers:
        library = worker.library
        if table in library.tables and library.name not in there and library.kind != "limit":
            why = missing.get(library.name, "takes no sparse rows")
            measured.append(_named(library) | {"error": why})
    return {
        "table": table,
        "workload": workload.name,
        "n": int(rows.shape[0]),
        "d": int(rows.shape[1]),
        "k": task.k,
        "dtype": str(rows.dtype),
        "sparse": not isinstance(rows, np.ndarray),
        "cap": workload.cap,
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "rows": measured,
    }


def _named(library: Library) -> dict[str, Any]:
    return {"library": library.name, "title": library.title, "kind": library.kind}


def _row(
    table: str,
    rows: Any,
    task: Task,
    entry: Entry,
    ours: Entry | None,
    known: dict[bytes, tuple[float, int | None]],
) -> dict[str, Any]:
    row = _named(entry.library)
    if not entry.samples:
        return row | {"error": entry.error}
    if entry.seconds <= 0:
        return row | {"error": LOST}
    last = entry.samples[-1]
    inertia = moving = None
    if entry.library.kind != "limit":
        content = last.centers.tobytes()
        settled = table == "convergence" and last.n_iter < task.cap
        if content not in known:
            known[content] = (
                truth.inertia(rows, last.centers),
                truth.still_moving(rows, last.centers) if settled else None,
            )
        inertia, moving = known[content]
    extra = [sample.extra for sample in entry.samples if sample.extra is not None]
    gave_up = _gave_up(table, entry.library, last.n_iter, ours, rows, moving)
    return row | {
        "seconds": entry.seconds,
        "runs": [sample.seconds for sample in entry.samples],
        "parts": [sample.parts for sample in entry.samples if sample.parts],
        "n_iter": last.n_iter,
        "inertia": inertia,
        "still_moving": moving,
        "extra_mib": max(extra) / 2**20 if extra else None,
        "gflops": _operations(table, rows, task.k, last.n_iter) / entry.seconds / 1e9,
        "algorithm": last.algorithm,
        "gave_up": gave_up,
        "counts": entry.library.kind == "peer" and not gave_up,
    }


def _operations(table: str, rows: Any, k: int, n_iter: int) -> float:
    """What plain k-means multiplies and adds; an algorithm that skips distances does less."""
    passes = {"iteration": 1, "convergence": n_iter, "seeding": 2 + int(log(k))}[table]
    return 2.0 * files.size(rows) * k * passes


def _gave_up(
    table: str, library: Library, n_iter: int, ours: Entry | None, rows: Any, moving: int | None
) -> str:
    if library.gives_up:
        return library.gives_up
    if rows.dtype == np.float64 and not library.float64:
        return "computes in float32"
    if table == "convergence" and ours is not None and moving is not None:
        early = stopped_early(n_iter, ours.samples[-1].n_iter)
        if early and moving > SETTLED * rows.shape[0]:
            return f"stopped early, with {moving:,} rows still to move"
    return ""
