"""`python -m benchmarks`: kmosaic beside other libraries, as JSON, Markdown and a figure."""

from __future__ import annotations

import argparse
import math
import sys
import time
from collections.abc import Callable, Sequence
from fnmatch import fnmatch
from pathlib import Path

from benchmarks.figure import draw
from benchmarks.libraries import LIBRARIES, Library
from benchmarks.machine import machine, versions
from benchmarks.readme import rewrite_readme
from benchmarks.results import FOLDER, file_of, save
from benchmarks.rounds import Patience
from benchmarks.runner import run
from benchmarks.tables import results_page
from benchmarks.workloads import TABLES, WORKLOADS, Workload
from kmosaic import _engine

ASIDE = Path(__file__).parents[1] / "build" / "benchmarks"


def options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    add = parser.add_argument
    add("--list", action="store_true", help="show workloads and libraries, and measure nothing")
    add(
        "--only",
        nargs="+",
        type=_pattern,
        default=["*"],
        metavar="PATTERN",
        help="workloads, as in mnist-*",
    )
    add("--libraries", type=_names(tuple(x.name for x in LIBRARIES)), help="names, with commas")
    add("--tables", type=_names(TABLES), default=list(TABLES), help=", ".join(TABLES))
    add("--repeats", type=_count, default=3, help="rounds (default 3)")
    add(
        "--budget",
        type=float,
        default=30,
        help="seconds after which a library is not repeated on a workload, 0: always (default 30)",
    )
    add("--threads", type=_count, default=_engine.n_threads(), help="for every library")
    add(
        "--quick", action="store_true", help="few rows, to see that all runs; says nothing of speed"
    )
    add(
        "--out",
        type=Path,
        help="folder of the results (default benchmarks/results; build/benchmarks "
        "for a part of the libraries or a quick run)",
    )
    add("--readme", action="store_true", help="put the latest results into README.md, no more")
    add("--page", action="store_true", help="write RESULTS.md and the figure anew, no more")
    return parser


def _names(known: Sequence[str]) -> Callable[[str], list[str]]:
    def parse(text: str) -> list[str]:
        names = text.split(",")
        if unknown := [name for name in names if name not in known]:
            raise argparse.ArgumentTypeError(f"{unknown[0]!r} is none of {', '.join(known)}")
        return names

    return parse


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1")
    return int(text)


def _pattern(text: str) -> str:
    if not any(fnmatch(w.name, text) for w in WORKLOADS):
        known = ", ".join(w.name for w in WORKLOADS)
        raise argparse.ArgumentTypeError(f"{text!r} matches none of {known}")
    return text


def main() -> int:
    chosen = options().parse_args()
    workloads = [w for w in WORKLOADS if any(fnmatch(w.name, one) for one in chosen.only)]
    libraries = [x for x in LIBRARIES if chosen.libraries is None or x.name in chosen.libraries]
    part = chosen.quick or len(libraries) < len(LIBRARIES)
    folder = chosen.out or (ASIDE if part else FOLDER)
    if chosen.list:
        return _list(workloads, libraries)
    if chosen.readme:
        done = rewrite_readme(folder)
        print(
            "README.md: "
            + ("done" if done else "it has no lines <!-- benchmark --> and <!-- /benchmark -->")
        )
        return 0 if done else 1
    if not chosen.page:
        _measure(chosen, workloads, libraries, folder)
    _page(folder)
    return 0


def _measure(
    chosen: argparse.Namespace,
    workloads: list[Workload],
    libraries: list[Library],
    folder: Path,
) -> None:
    for name, value in (machine(chosen.threads) | versions()).items():
        print(f"{name}: {value}")
    begin = time.monotonic()
    patience = Patience(
        repeats=1 if chosen.quick else chosen.repeats, budget=chosen.budget or math.inf
    )
    try:
        for result in run(
            workloads, chosen.tables, libraries, patience, chosen.threads, chosen.quick
        ):
            save(result, folder)
            print(f"  [{time.monotonic() - begin:.0f} s]", flush=True)
    except KeyboardInterrupt:
        print("\nstopped; what was measured is kept")


def _page(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    draw(folder)
    (folder / "RESULTS.md").write_text(results_page(folder), encoding="utf-8")
    print(f"{folder / 'RESULTS.md'}")


def _list(workloads: list[Workload], libraries: list[Library]) -> int:
    for workload in workloads:
        tables = [
            table + " (not measured yet)" * (not file_of(FOLDER, table, workload.name).exists())
            for table in workload.tables()
        ]
        print(f"{workload.name:22s} {workload.title:44s} {', '.join(tables)}")
    print()
    for library in libraries:
        print(f"{library.name:22s} {library.title:44s} {', '.join(library.tables)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
