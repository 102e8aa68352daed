"""The page and the notebook's part that answer "which K?"."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from jinja2 import Environment
from markupsafe import Markup

from kmosaic._percent import unsure
from kmosaic.n_clusters import CRITERIA, Choice
from kmosaic.n_clusters.table import empty_cells, shown
from kmosaic.report.k import panels, points, tree
from kmosaic.report.painting import environment, inline, policy
from kmosaic.report.palette import HUES, SHAPES

_STYLES = ("base", "answer", "tables", "k")


def k_page(choice: Choice, X: Any, *, title: str, explain: Sequence[str]) -> str:
    """The whole answer as one page that loads nothing: criteria, silhouettes, stability, tree, map.

    X: the rows, (n, d), that the choice was made for. explain: sentences.
    """
    return _page(choice, X, _facts(choice, title, explain))


def k_summary(choice: Choice, X: Any, *, title: str, explain: Sequence[str]) -> str:
    """The same for a notebook: the answer, the criteria, the table, and the rest in a frame.

    The frame holds what needs a script and colors of its own: map, silhouettes, stability, tree.
    """
    facts = _facts(choice, title, explain)
    style = Markup(inline("style", ("k",), "css"))
    frame = _page(choice, X, facts, is_part=True)
    template = _environment().get_template("k/summary.html.j2")
    return template.render(**facts, style=style, frame=frame)


def _page(choice: Choice, X: Any, facts: dict[str, Any], *, is_part: bool = False) -> str:
    style = inline("style", _STYLES, "css")
    early = "" if is_part else inline("script", ("theme",), "js")
    script = inline("script", ("k", "frame") if is_part else ("k",), "js")
    template = _environment().get_template("k/page.html.j2")
    return template.render(
        **facts,
        is_part=is_part,
        trees=tree.trees(choice),
        points=points.map_of(choice, X),
        sources=[_source(name) for name in choice.criteria],
        style=Markup(style),
        early=Markup(early),
        script=Markup(script),
        policy=policy(style, (early, script)),
    )


def _environment() -> Environment:
    made = environment()
    made.globals |= {"mark": _mark, "shown": shown}
    return made


def _mark(number: int) -> str:
    """The classes that color a cluster."""
    return f"hue-{number % HUES} shape-{number // HUES % SHAPES}"


def _source(name: str) -> tuple[str, str, str]:
    criterion = CRITERIA[name]
    return criterion.heading, criterion.source, "" if name == "inertia" else criterion.own_rule


def _facts(choice: Choice, title: str, explain: Sequence[str]) -> dict[str, Any]:
    return {
        "choice": choice,
        "title": title,
        "answer": _answer(choice),
        "explain": [sentence for sentence in explain if sentence not in choice.doubts],
        "panels": panels.panels(choice),
        "bars": panels.bars(choice, 360.0, 90.0),
        "table": _table(choice),
        "empty": empty_cells(
            {
                CRITERIA[name].title if name in CRITERIA else name: reason
                for name, reason in choice.table.reasons.items()
            }
        ),
        "panel_titles": {name: CRITERIA[name].heading for name in choice.criteria},
    }


def _answer(choice: Choice) -> str:
    if choice.k > 1:
        return f"{choice.k} clusters"
    return "No clusters found by k-means" if choice.cannot_cut else "No cluster structure"


def _table(choice: Choice) -> list[dict[str, Any]]:
    """A line for each k: of each criterion the text, and whether the criterion prefers it."""
    probabilities = unsure(choice.probabilities)
    return [
        {
            "k": k,
            "probability": probabilities.get(k),
            "cells": [
                (shown(values.get(k)), choice.preferences[name] == k)
                for name, values in choice.criteria.items()
            ],
        }
        for k in choice.evidence.ks
    ]
