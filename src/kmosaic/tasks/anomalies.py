"""Which rows of a table do not belong, and why."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from kmosaic._errors import InputError
from kmosaic._events import Listener, silent
from kmosaic._paths import expanded
from kmosaic._store.files import whole_file
from kmosaic._timing import Stopwatch
from kmosaic.outliers import AnomalyDetector, Judged
from kmosaic.output import check_out, whole_folder, write_contributions, write_scores
from kmosaic.report import anomalies_page
from kmosaic.tasks.anomaly_rows import detector_and_rows, rows_to_learn_from
from kmosaic.tasks.anomaly_words import how_it_was_found

_SHOWN = 20  # anomalies in a summary


@dataclass(frozen=True)
class Anomalies:
    """The rows of a table, judged, and where the answer was written."""

    judged: Judged
    source: str
    why: tuple[str, ...]  # what was looked at, and how the threshold came about
    settings: dict[str, Any]
    seconds: dict[str, float]  # time per stage
    out: Path | None = None
    files: tuple[str, ...] = ()
    is_file: bool = True  # the source, not a table in memory

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
                    "row": at + 1,
                    **({} if judged.ids is None else {"id": judged.ids[at]}),
                    "score": float(judged.scores[at]),
                    "probability": float(judged.probabilities[at]),
                    "reasons": [vars(reason) for reason in reasons],
                }
                for at, reasons in zip(found.tolist(), judged.reasons(found), strict=True)
            ],
            "why": list(self.why),
            "settings": self.settings,
            "seconds": {stage: round(spent, 3) for stage, spent in self.seconds.items()},
            "out": None if self.out is None else str(self.out),
            "files": list(self.files),
        }

    def to_html(self, path: str | Path) -> None:
        """Write the whole answer as one page that needs nothing else."""
        page = anomalies_page(
            self.judged,
            source=self.source,
            why=self.why,
            settings=self.settings if self.is_file else None,
        )
        with whole_file(expanded(path)) as file:
            file.write(page.encode("utf-8", errors="replace"))


def find_anomalies(
    source: Any,
    *,
    columns: Sequence[str] | None = None,
    id_column: str | None = None,
    contamination: float | str = "auto",
    model: str | Path | None = None,
    seed: int = 0,
    out: str | Path | None = None,
    report: bool = True,
    on_progress: Listener = silent,
) -> Anomalies:
    """Find the rows of a table that do not belong, and say which columns put them so.

    source: a CSV, TSV, Parquet, .npy or .npz file, a data frame or an array (n, d). columns: those
    to look at; None for all that hold numbers. id_column: the one that names the rows; for None
    the index of a frame does, or their number, from 1. contamination: see `AnomalyDetector`.
    model: the folder `model` of an earlier result, which then judges the rows as it judged those;
    None learns from the rows themselves. out: a folder for the scores of all rows, what each
    column adds to those of the anomalies, the model, the page and the answer; None writes nothing.
    report: write the page too.

    >>> import numpy as np
    >>> rows = np.random.default_rng(0).normal(size=(300, 2))
    >>> rows[7] = 0, 30
    >>> find_anomalies(rows, contamination=1 / 300).judged.flagged.nonzero()[0].tolist()
    [7]

    Raises InputError where something given cannot be used (a table
    that has not the columns of the model, for one), ModelError for a model that is damaged or of
    another kind, OutputError where the result cannot be written.
    """
    rows, name = _source_of(source)
    out = None if out is None else Path(expanded(out))
    if out is not None:
        check_out(out, rows if isinstance(rows, Path) else None, model=model)
    watch = Stopwatch()
    settings: dict[str, Any]
    if model is None:
        settings = {"columns": None if columns is None else list(columns), "id_column": id_column}
        settings |= {"seed": seed, "contamination": contamination}
        with watch.stage("rows"):
            table = rows_to_learn_from(rows, name, columns, id_column)
        with watch.stage("k-means"):
            detector = AnomalyDetector(
                contamination=contamination, random_state=seed, on_progress=on_progress
            ).fit(table.rows)
    else:
        if columns is not None or contamination != "auto":
            raise InputError(
                "A model brings its columns and its threshold: give no columns and no "
                "contamination, or no model."
            )
        settings = {"id_column": id_column, "model": str(model)}
        with watch.stage("rows"):
            detector, table = detector_and_rows(Path(expanded(model)), rows, id_column)
    with watch.stage("scores"):
        judged = Judged.of(detector, table.rows, table.columns, table.ids)
    why = how_it_was_found(table, detector, model)
    is_file = isinstance(rows, Path)
    found = Anomalies(judged, name, why, settings, watch.seconds, is_file=is_file)
    if out is None:
        return found
    with watch.stage("writing"):
        found = replace(found, out=out, files=_files(report, model is None))
        _write(found, out, rows if is_file else None)
    return replace(found, seconds=watch.seconds)


def _source_of(source: Any) -> tuple[Any, str]:
    """The Path of a file, or the table itself, and what to call it."""
    if isinstance(source, str | Path):
        return Path(expanded(source)), str(source)
    return source, "the data frame" if hasattr(source, "columns") else "the array"


def _files(report: bool, makes_model: bool) -> tuple[str, ...]:
    wanted = {
        "report.html": report,
        "anomalies.csv": True,
        "contributions.csv": True,
        "model/": makes_model,
        "answer.json": True,
    }
    return tuple(name for name, is_wanted in wanted.items() if is_wanted)


def _write(found: Anomalies, out: Path, source: Path | None) -> None:
    with whole_folder(out, source=source) as folder:
        write_scores(found.judged, folder / "anomalies.csv")
        write_contributions(found.judged, folder / "contributions.csv")
        if "model/" in found.files:
            found.judged.save_model(folder / "model")
        if "report.html" in found.files:
            found.to_html(folder / "report.html")
        with whole_file(folder / "answer.json", text=True) as file:
            json.dump(found.summary(), file, indent=1, ensure_ascii=False)
