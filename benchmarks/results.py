"""Results as JSON, one file for each table and workload, and the plain numbers drawn from them."""

from __future__ import annotations

import json
import math
from pathlib import Path
from statistics import quantiles
from typing import Any

from benchmarks.workloads import TABLES, WORKLOADS

Result = dict[str, Any]
Row = dict[str, Any]

FOLDER = Path(__file__).parent / "results"
UNSTEADY = 0.25
# An iteration is compared with one of ours that computes every distance, too.
OURS = {"iteration": "kmosaic-lloyd", "convergence": "kmosaic", "seeding": "kmosaic"}


def file_of(folder: Path, table: str, workload: str) -> Path:
    """Where a result stands."""
    return folder / f"{table}-{workload}.json"


def save(result: Result, folder: Path) -> None:
    """Write a result in place of an older one of the same table and workload."""
    folder.mkdir(parents=True, exist_ok=True)
    file = file_of(folder, result["table"], result["workload"])
    beside = file.with_suffix(".tmp")
    beside.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    beside.replace(file)


def load(folder: Path, table: str) -> list[Result]:
    """The results of one table, in the order of the workloads."""
    files = [file_of(folder, table, workload.name) for workload in WORKLOADS]
    return [json.loads(file.read_text(encoding="utf-8")) for file in files if file.exists()]


def load_all(folder: Path) -> list[Result]:
    """The results of all tables."""
    return [result for table in TABLES for result in load(folder, table)]


def ours(result: Result) -> Row | None:
    """What kmosaic needed."""
    wanted = (row for row in result["rows"] if row["library"] == OURS[result["table"]])
    return next((row for row in wanted if "seconds" in row), None)


def best_peer(result: Result) -> Row | None:
    """The fastest of the exact peers that reached the same stop."""
    peers = [row for row in result["rows"] if row.get("counts")]
    return min(peers, key=lambda row: row["seconds"], default=None)


def ratio(result: Result) -> float | None:
    """Seconds of the best exact peer / ours; more than 1: ours is faster."""
    mine, best = ours(result), best_peer(result)
    return None if mine is None or best is None else float(best["seconds"] / mine["seconds"])


def unsteady(row: Row | None) -> bool:
    """Whether the median says little: the middle half of the runs lies far apart, or a run is none.

    An iteration is a difference of two times; one that is not above 0 was lost in their noise.
    """
    runs = [] if row is None else row.get("runs", [])
    if any(seconds <= 0 for seconds in runs):
        return True
    if len(runs) < 3:
        return False
    low, middle, high = quantiles(runs, n=4, method="inclusive")
    return bool(high - low > UNSTEADY * middle)


def unsure(result: Result) -> bool:
    """Whether the ratio comes from runs that say little."""
    return unsteady(ours(result)) or unsteady(best_peer(result))


def geometric_mean(results: list[Result]) -> float | None:
    """The geometric mean of the ratios that there are; one that is unsure does not count."""
    ratios = [ratio(result) for result in results if not unsure(result)]
    logs = [math.log(found) for found in ratios if found is not None]
    return math.exp(sum(logs) / len(logs)) if logs else None
