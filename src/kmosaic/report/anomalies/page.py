"""The page that answers "which rows do not belong, and why?"."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from markupsafe import Markup

from kmosaic.outliers import Judged, Reason
from kmosaic.outliers.judged import shown
from kmosaic.report.anomalies.columns import columns_of
from kmosaic.report.anomalies.histogram import histogram
from kmosaic.report.anomalies.scatter import scatter
from kmosaic.report.painting import environment, inline, policy
from kmosaic.report.words import count, plural

_STYLES = ("base", "answer", "tables", "anomalies")
_MOST, _NEXT = 40, 4  # anomalies shown, and rows that are just not


@dataclass(frozen=True)
class Row:
    """A row with its reasons."""

    name: str
    score: float
    probability: float
    reasons: list[Reason]


def anomalies_page(
    judged: Judged, *, source: str, why: Sequence[str], settings: Mapping[str, Any] | None
) -> str:
    """The whole answer as one page that loads nothing: scores, map, and each anomaly's reasons.

    settings: those that the command is told with; None where the table was in memory.
    """
    style = inline("style", _STYLES, "css")
    early = inline("script", ("theme",), "js")
    many = int(judged.flagged.sum())
    rows = _rows(judged, 0, min(many, _MOST))
    return (
        environment()
        .get_template("anomalies/page.html.j2")
        .render(
            judged=judged,
            name=PurePath(source).name,
            many=many,
            headline=headline(many, len(judged.scores)),
            standfirst=standfirst(rows),
            rows=rows,
            below=_rows(judged, many, many + _NEXT),
            columns=columns_of(judged),
            bars=histogram(judged.scores, judged.threshold),
            map=scatter(judged),
            why=why,
            command=None if settings is None else command(source, settings),
            shown=shown,
            style=Markup(style),
            early=Markup(early),
            policy=policy(style, (early,)),
        )
    )


def headline(many: int, n: int) -> str:
    """The answer in a line.

    >>> headline(12, 1831), headline(1, 50), headline(0, 50)
    ('12 of 1,831 rows do not belong', '1 of 50 rows does not belong', 'All 50 rows belong')
    """
    if not many:
        return f"All {plural(n, 'row')} belong" if n > 1 else "The row belongs"
    return f"{count(many)} of {plural(n, 'row')} {'does' if many == 1 else 'do'} not belong"


def standfirst(rows: Sequence[Row]) -> str:
    """What is least ordinary, in a sentence."""
    if not rows:
        return "No row is farther from the ordinary ones than chance makes likely."
    least = rows[0]
    if not least.reasons:
        return f"The least ordinary is {least.name}: each column adds a little."
    first, rest = least.reasons[0], len(least.reasons) - 1
    also = f", and {rest} more column{'' if rest == 1 else 's'}" if rest else ""
    return (
        f"The least ordinary is {least.name}: {first.column} is {shown(first.value)} where "
        f"{_on_a_line(first.ordinary)} is ordinary{also}."
    )


def _on_a_line(text: str) -> str:
    return text.replace(" ", "\N{NO-BREAK SPACE}")


def command(source: str, settings: Mapping[str, Any]) -> str:
    """The command that gives the same answer again.

    >>> command("t.csv", {"seed": 0, "contamination": 0.02, "columns": ["a b", "c"]})
    "kmosaic anomalies t.csv --columns 'a b,c' --contamination 0.02 --seed 0"
    """
    words = ["kmosaic", "anomalies", source]
    if settings.get("model") is not None:
        words = ["kmosaic", "predict", settings["model"], source]
    if settings.get("columns") is not None:
        words += ["--columns", ",".join(settings["columns"])]
    if settings.get("id_column") is not None:
        words += ["--id", settings["id_column"]]
    if settings.get("contamination", "auto") != "auto":
        words += ["--contamination", f"{settings['contamination']:g}"]
    if "seed" in settings:
        words += ["--seed", str(settings["seed"])]
    return shlex.join(words)


def _rows(judged: Judged, begin: int, end: int) -> list[Row]:
    positions = judged.order[begin:end]
    return [
        Row(
            judged.name(at),
            float(judged.scores[at]),
            float(judged.probabilities[at]),
            reasons,
        )
        for at, reasons in zip(positions.tolist(), judged.reasons(positions), strict=True)
    ]
