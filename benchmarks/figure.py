"""The figure: how many times faster than the best exact peer, one bar for each workload."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from benchmarks.cells import UNSURE
from benchmarks.results import Result, best_peer, geometric_mean, load, ratio, unsure
from benchmarks.tables import HEADINGS

INK, PALE, LINE = "#1f2933", "#6b7785", "#d5dbe1"
COLORS = {"iteration": "#5b8def", "convergence": "#0f766e", "seeding": "#b7791f"}
STYLE = {
    "svg.hashsalt": "kmosaic",
    "svg.fonttype": "none",
    "font.size": 9,
    "font.family": "sans-serif",
}
TICKS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100)
ORDER = ("convergence", "iteration", "seeding")
BAR = 0.27  # inches of height


def draw(folder: Path) -> Path | None:
    """Write ratios.svg beside the results; None where there are no ratios or no matplotlib."""
    panels = {table: _sorted(load(folder, table)) for table in ORDER}
    panels = {table: results for table, results in panels.items() if results}
    if not panels:
        return None
    try:
        import matplotlib as mpl
    except ImportError:
        print("no figure: it needs matplotlib")
        return None
    mpl.use("svg")
    import matplotlib.pyplot as plt

    # A fixed salt and no date: the same results give the same file.
    with mpl.rc_context(STYLE):
        heights = [len(results) for results in panels.values()]
        figure, axes = plt.subplots(
            len(panels),
            figsize=(8, BAR * (sum(heights) + 2 * len(panels)) + 0.5),
            height_ratios=heights,
            sharex=True,
            squeeze=False,
            layout="constrained",
        )
        for axis, (table, results) in zip(axes[:, 0], panels.items(), strict=True):
            _panel(axis, table, results)
        _scale(axes[-1, 0], [ratio(result) or 1 for all_ in panels.values() for result in all_])
        axes[-1, 0].set_xlabel("time of the best exact peer / time of kmosaic", color=PALE)
        file = folder / "ratios.svg"
        figure.savefig(file, metadata={"Date": None}, facecolor="white")
        plt.close(figure)
    return file


def _sorted(results: list[Result]) -> list[Result]:
    there = [result for result in results if ratio(result) is not None]
    return sorted(there, key=lambda result: ratio(result) or 0)


def _scale(axis: Any, ratios: list[float]) -> None:
    # The panels share it. To the right there is room for what stands beside the longest bar.
    axis.set_xscale("log")
    axis.set_xlim(min(0.97, *ratios), 2.4 * max(2, *ratios))
    ticks = [tick for tick in TICKS if min(ratios) <= tick <= 1.5 * max(ratios)]
    axis.set_xticks(ticks, [f"{tick:g}×" for tick in ticks], color=PALE)
    axis.minorticks_off()


def _panel(axis: Any, table: str, results: list[Result]) -> None:
    ratios = [ratio(result) or 0 for result in results]
    # Bars start at 1, where both are as fast: one that points to the left is a loss.
    widths = [found - 1 for found in ratios]
    bars = axis.barh(range(len(results)), widths, left=1, height=0.68, color=COLORS[table])
    for place, (found, result) in enumerate(zip(ratios, results, strict=True)):
        bars[place].set_alpha(0.4 if unsure(result) else None)
        peer = best_peer(result)
        axis.annotate(
            f"{found:.1f}×" + UNSURE * unsure(result),
            (max(found, 1), place),
            (4, 0),
            textcoords="offset points",
            va="center",
            weight="bold",
            color=INK,
        )
        axis.annotate(
            f"{peer['title']}" if peer else "",
            (max(found, 1), place),
            (48, 0),
            textcoords="offset points",
            va="center",
            size=7.5,
            color=PALE,
        )
    axis.set_yticks(range(len(results)), [result["title"] for result in results], color=INK)
    axis.set_ylim(-0.6, len(results) - 0.4)
    axis.axvline(1, color=INK, linewidth=0.8)
    axis.grid(axis="x", color=LINE, linewidth=0.6)
    axis.set_axisbelow(True)
    axis.tick_params(length=0)
    for side in ("top", "right", "bottom", "left"):
        axis.spines[side].set_visible(False)
    mean = geometric_mean(results)
    note = f"{HEADINGS[table]}: {mean:.1f}× in the geometric mean, without ?"
    axis.set_title(note, loc="left", weight="bold", color=INK, size=10)
