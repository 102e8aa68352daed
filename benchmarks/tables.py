"""Results as Markdown: RESULTS.md, and the short table of the README."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from benchmarks.cells import beside, markdown, relative, seconds, spread, times
from benchmarks.results import (
    Result,
    Row,
    best_peer,
    geometric_mean,
    load,
    load_all,
    ours,
)
from benchmarks.workloads import TABLES, WORKLOADS

HEADINGS = {
    "iteration": "One full iteration",
    "convergence": "To convergence",
    "seeding": "Seeding, greedy k-means++",
}
MEAN = "**geometric mean, without ?**"
HOW = """
All libraries get the same rows, starting centers and number of threads. Each has a process of its
own; they run one after the other, round after round, and the median counts. *Ratio* is the time of
the best exact peer divided by that of kmosaic. A peer that cannot be the best one is repeated less
often, and stopped once it has taken twice as long as the best one. *Inertia* is computed in float64
from the centers, in one way for all, and shown relative to that of kmosaic. GFLOP/s counts the 2ndk
operations of plain k-means (of sparse rows, the terms there are), so who skips distances can show
more than the machine can do. *Memory* is the peak beyond the rows.

- An untimed fit of one iteration goes right before every measurement, so that threads and code are
  there; memory that it freed goes back to the system, so that all find theirs anew. A ratio with a
  question mark comes from runs that lie far apart: it does not count in the mean.
- *One full iteration* is what further iterations cost beyond a fit of one: copies and packing of
  the rows do not count. Its ratio is that of kmosaic's plain fused algorithm, which computes the
  distance of every row to every center. The matrix product alone is a limit, not a peer.
- *To convergence*: a whole fit, until no row moves or to the cap. faiss and superkmeans do not look
  whether a row moves: they are told how often centers moved in kmosaic's fit. Their training gives
  centers only: their own assignment of the rows follows within the time, as all others give labels.
- Where many rows are copies of each other, kmosaic looks at each content once, with the number of
  its copies as its weight, in plain iterations too: of the photo's 393k pixels, at 19k colors.
  GFLOP/s counts all rows.
- An empty cluster gets the farthest row in scikit-learn and kmosaic; faiss splits a large cluster.
- uint8 is cast to float32 for peers, within their time.
- A peer that stops early, computes in lower precision than the rows have, or approximates does not
  count as the best one. What it gave up is said in its line.
- What ran in kmosaic, and why, stands in the words of the version of that day.
"""


def results_page(folder: Path) -> str:
    """All results of a folder as one page."""
    everything = load_all(folder)
    if not everything:
        return "# Benchmark\n\nNothing has been measured yet.\n"
    parts = ["# Benchmark", _about(everything), HOW]
    if (folder / "ratios.svg").exists():
        parts.append("![Ratio of the best exact peer to kmosaic](ratios.svg)")
    for table in TABLES:
        if results := load(folder, table):
            parts += [f"## {HEADINGS[table]}", _summary(results), _not_measured(results)]
            parts += [_detail(result) for result in results]
    return "\n\n".join(part.strip() for part in parts if part) + "\n"


def readme_table(folder: Path) -> str:
    """The ratios alone, one line for each workload."""
    columns = {
        table: {result["workload"]: result for result in load(folder, table)} for table in TABLES
    }
    lines = [
        [workload.title, *(times(column.get(workload.name)) for column in columns.values())]
        for workload in WORKLOADS
        if any(workload.name in column for column in columns.values())
    ]
    means = [geometric_mean(list(column.values())) for column in columns.values()]
    lines.append([MEAN, *("" if m is None else f"**{m:.1f}×**" for m in means)])
    head = ["best exact peer / kmosaic", "an iteration", "to convergence", "seeding"]
    return markdown(head, lines)


def _about(results: Sequence[Result]) -> str:
    dates = sorted({result["date"] for result in results})
    lines = [f"Measured {dates[0]}" + (f" to {dates[-1]}" if len(dates) > 1 else "") + "."]
    machines = {_machine(result["machine"]): None for result in results}
    packages = {
        ", ".join(f"{name} {number}" for name, number in result["versions"].items()): None
        for result in results
    }
    lines += [f"- {line}" for line in [*machines, *packages]]
    if any(result["quick"] for result in results):
        lines.append("- **Quick run on few rows: the figures say nothing about speed.**")
    return "\n".join([lines[0], "", *lines[1:]])


def _machine(about: dict[str, str | int]) -> str:
    return (
        f"{about['processor']}, {about['cores']} cores, {about['threads']} threads, "
        f"{about['instructions']}, {about['system']}, Python {about['python']}"
    )


def _summary(results: Sequence[Result]) -> str:
    head = ["workload", "kmosaic", "best exact peer", "", "ratio", "GFLOP/s", "iterations"]
    lines = []
    for result in results:
        mine, best = ours(result), best_peer(result)
        lines.append(
            [
                result["title"],
                seconds(mine),
                seconds(best),
                best["title"] if best else "none",
                times(result),
                f"{mine['gflops']:,.0f}" if mine else "",
                str(mine["n_iter"]) if mine and result["table"] == "convergence" else "",
            ]
        )
    mean = geometric_mean(list(results))
    if mean is not None:
        lines.append([MEAN, "", "", "", f"**{mean:.2f}×**", "", ""])
    return markdown(head, lines)


def _not_measured(results: Sequence[Result]) -> str:
    if any(result["quick"] for result in results):
        return ""
    table, there = results[0]["table"], {result["workload"] for result in results}
    missing = [w.title for w in WORKLOADS if table in w.tables() and w.name not in there]
    return f"Not measured: {'; '.join(missing)}." if missing else ""


def _detail(result: Result) -> str:
    head = ["", "seconds", "runs", "ratio", "GFLOP/s", "iterations", "inertia", "memory", ""]
    mine = ours(result)
    lines = [_line(row, mine) for row in result["rows"]]
    capped = f" At most {result['cap']} iterations." if result["table"] == "convergence" else ""
    base = f" kmosaic's inertia: {mine['inertia']:.8g}." if mine else ""
    return f"### {result['title']}\n\n{markdown(head, lines)}\n\n{(capped + base).strip()}"


def _line(row: Row, mine: Row | None) -> list[str]:
    if "seconds" not in row:
        return [row["title"], "–", *[""] * 6, row["error"]]
    return [
        row["title"],
        seconds(row),
        str(len(row["runs"])),
        beside(row, mine),
        f"{row['gflops']:,.0f}",
        str(row["n_iter"] or ""),
        relative(row["inertia"], mine),
        "–" if row["extra_mib"] is None else f"{row['extra_mib']:,.0f} MiB",
        "; ".join(text for text in (row["gave_up"], row["algorithm"], spread(row)) if text),
    ]
