"""The rows of a table that were judged, the answer in words, and its files."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from kmosaic._paths import expanded
from kmosaic._store.answers import ANSWER, made, write_answer
from kmosaic._store.files import write_page
from kmosaic._timing import Stopwatch
from kmosaic.data.mixed.arrays import is_array
from kmosaic.data.number_table import NumberTable
from kmosaic.outliers import AnomalyDetector, Judged
from kmosaic.output import whole_folder, write_contributions, write_scores
from kmosaic.report import anomalies_page
from kmosaic.tasks.anomaly_words import how_it_was_found

_SHOWN = 20  # anomalies in a summary


@dataclass(frozen=True)
class Anomalies:
    """The rows of a table, judged, and where the answer was written."""

    judged: Judged
    source: str
    why: tuple[str, ...]  # what was looked at, and how the threshold came about
    settings: dict[str, Any]  # of the command; none for a table in memory
    seconds: dict[str, float]  # time per stage
    out: Path | None = None
    files: tuple[str, ...] = ()

    def __repr__(self) -> str:
        """The answer in a line."""
        flagged, n = int(self.judged.flagged.sum()), len(self.judged.scores)
        return f"<Anomalies: {flagged:,} of the {n:,} rows of {self.source}>"

    def summary(self) -> dict[str, Any]:
        """The answer as plain values, ready for JSON; of the anomalies the 20 least ordinary."""
        judged = self.judged
        found = judged.order[: min(int(judged.flagged.sum()), _SHOWN)]
        return {
            "source": self.source,
            "n": len(judged.scores),
            "columns": list(judged.columns),
            "anomalies": int(judged.flagged.sum()),
            "threshold": judged.threshold,
            "least_ordinary": [
                {
                    "row": at,
                    **({} if judged.ids is None else {"id": judged.ids[at]}),
                    "score": float(judged.scores[at]),
                    "probability": float(judged.probabilities[at]),
                    "reasons": [vars(reason) for reason in reasons],
                }
                for at, reasons in zip(found.tolist(), judged.reasons(found), strict=True)
            ],
            "why": list(self.why),
            "settings": self.settings,
            **made(self.seconds, self.out, self.files),
        }

    def to_html(self, path: str | Path) -> None:
        """Write the whole answer as one page that needs nothing else."""
        page = anomalies_page(
            self.judged,
            source=self.source,
            why=self.why,
            settings=self.settings or None,
        )
        write_page(page, expanded(path))


def name_of(source: Any) -> str:
    """What to call the table: its file, as it was given, or what it is in memory."""
    if isinstance(source, str | os.PathLike):
        return str(source)
    return "the array" if is_array(source) else "the table"


def judged_by(
    detector: AnomalyDetector,
    table: NumberTable,
    name: str,
    settings: dict[str, Any],
    watch: Stopwatch,
    *,
    is_new: bool,
) -> Anomalies:
    """Rows of a table with their scores by a detector, and how these came about in words."""
    with watch.stage("scores"):
        judged = Judged.of(detector, table.rows, table.columns, table.ids, table.id_column)
    why = how_it_was_found(table, detector, is_new=is_new)
    return Anomalies(judged, name, why, settings, watch.seconds)


def written(
    found: Anomalies,
    out: Path | None,
    source: Path | None,
    watch: Stopwatch,
    *,
    command: str,
    report: bool,
    parquet: bool,
    model: str | Path | None = None,
) -> Anomalies:
    """The same, written into a folder where there is one.

    command: which made it; only "anomalies" makes a model. model: that judged new rows.
    """
    if out is None:
        return found
    files = _files(report, parquet, makes_model=command == "anomalies")
    found = replace(found, out=out, files=files)
    writers: dict[str, Callable[[Path], Any]] = {
        "report.html": found.to_html,
        "anomalies.csv": partial(write_scores, found.judged),
        "anomalies.parquet": partial(write_scores, found.judged),
        "contributions.csv": partial(write_contributions, found.judged),
        "model/": found.judged.save_model,
        ANSWER: partial(write_answer, found.summary()),
    }
    with (
        watch.stage("writing"),
        whole_folder(out, source=source, command=command, model=model) as folder,
    ):
        for name in files:
            writers[name](folder / name)
    return replace(found, seconds=watch.seconds)


def _files(report: bool, parquet: bool, *, makes_model: bool) -> tuple[str, ...]:
    wanted = {
        "report.html": report,
        "anomalies.csv": True,
        "anomalies.parquet": parquet,
        "contributions.csv": True,
        "model/": makes_model,
        ANSWER: True,
    }
    return tuple(name for name, is_wanted in wanted.items() if is_wanted)
