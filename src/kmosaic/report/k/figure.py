"""All criteria over K as a figure of matplotlib."""

from __future__ import annotations

import math
from importlib import import_module
from typing import Any

from kmosaic._optional import need
from kmosaic.n_clusters import CRITERIA, Choice

_COLUMNS = 3
_ACCENT, _INK, _SOFT = "#1f5a8c", "#1b1a18", "#8a857b"


def k_figure(choice: Choice) -> Any:
    """A matplotlib.figure.Figure: one small chart for each criterion, the K chosen marked.

    The dashed line is the K chosen, the dotted one the runner-up, a ring what the criterion would
    choose by itself. No backend is chosen and pyplot is not loaded. Raises MissingExtraError
    without matplotlib (extra "plot").
    """
    need("matplotlib", extra="plot")  # the package by its own name, so that its absence is told
    figure_of = import_module("matplotlib.figure").Figure
    named = [(name, values) for name, values in choice.criteria.items() if values]
    rows = math.ceil(len(named) / _COLUMNS)
    figure = figure_of(figsize=(3.4 * _COLUMNS, 2.3 * rows), layout="constrained")
    axes = figure.subplots(rows, _COLUMNS, squeeze=False, sharex=True).ravel()
    for axis, (name, values) in zip(axes, named, strict=False):
        _draw(axis, choice, name, values)
    for axis in axes[len(named) :]:
        axis.set_axis_off()
    for axis in axes[max(len(named) - _COLUMNS, 0) : len(named)]:
        axis.xaxis.set_tick_params(labelbottom=True)  # the lowest of each column, also over a hole
        axis.set_xlabel("K", fontsize=8, color=_SOFT)
    second = "" if choice.runner_up is None else f"; dotted: the runner-up, {choice.runner_up}"
    figure.suptitle(
        f"K = {choice.k}, confidence {choice.confidence}\n"
        f"dashed: the K chosen{second}; ring: what a criterion would choose by itself",
        fontsize=9,
    )
    return figure


def _draw(axis: Any, choice: Choice, name: str, values: dict[int, float]) -> None:
    ks = sorted(values)
    axis.plot(ks, [values[k] for k in ks], color=_INK, linewidth=1.2, marker=".", markersize=4)
    axis.axvline(choice.k, color=_ACCENT, linestyle="--", linewidth=1)
    if choice.runner_up is not None:
        axis.axvline(choice.runner_up, color=_SOFT, linestyle=":", linewidth=1)
    preferred = choice.preferences[name]
    if preferred in values:
        axis.plot(preferred, values[preferred], "o", markersize=9, fillstyle="none", color=_ACCENT)
        if name == "inertia":
            text = {"xytext": (7, 7), "textcoords": "offset points", "fontsize": 7, "color": _SOFT}
            axis.annotate("knee, for reading only", (preferred, values[preferred]), **text)
    axis.set_title(CRITERIA[name].heading, fontsize=9, loc="left")
    axis.tick_params(labelsize=7, colors=_SOFT)
    axis.spines[["top", "right"]].set_visible(False)
    axis.xaxis.get_major_locator().set_params(integer=True)
