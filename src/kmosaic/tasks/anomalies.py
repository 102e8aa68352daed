"""Which rows of a table do not belong, and why."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from kmosaic._errors import InputError, ModelError
from kmosaic._events import Listener, silent
from kmosaic._paths import expanded
from kmosaic._store.files import whole_file
from kmosaic._timing import Stopwatch
from kmosaic.data.number_file import NumberFile, read_number_file
from kmosaic.outliers import AnomalyDetector, Judged
from kmosaic.output import check_out, load, whole_folder, write_contributions, write_scores
from kmosaic.report import anomalies_page
from kmosaic.tasks.anomaly_words import how_it_was_found

FEWEST_ROWS = 10
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
        page = anomalies_page(self.judged, source=self.source, why=self.why, settings=self.settings)
        with whole_file(expanded(path)) as file:
            file.write(page.encode("utf-8", errors="replace"))


def find_anomalies(
    source: str | Path,
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

    source: a CSV, TSV, Parquet, .npy or .npz file. columns: those to look at; None for all that
    hold numbers. id_column: the one that names the rows. contamination: see `AnomalyDetector`.
    model: the folder `model` of an earlier result, which then judges the rows as it judged those;
    None learns from the rows themselves. out: a folder for the scores of all rows, what each
    column adds to those of the anomalies, the model, the page and the answer; None writes nothing.
    report: write the page too. Raises InputError where something given cannot be used (a table
    that has not the columns of the model, for one), ModelError for a model that is damaged or of
    another kind, OutputError where the result cannot be written.
    """
    path, out = Path(expanded(source)), None if out is None else Path(expanded(out))
    if out is not None:
        check_out(out, path, model=model)
    watch = Stopwatch()
    settings: dict[str, Any] = {"columns": columns, "id_column": id_column, "seed": seed}
    settings |= {"contamination": contamination}
    if model is None:
        with watch.stage("rows"):
            table = read_number_file(path, columns, id_column=id_column)
            _check_enough(table, path)
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
            detector, names = _loaded(Path(expanded(model)))
            table = read_number_file(path, id_column=id_column, schema=names)
    with watch.stage("scores"):
        judged = Judged.of(detector, table.rows, table.columns, table.ids)
    found = Anomalies(
        judged, str(source), how_it_was_found(table, detector, model), settings, watch.seconds
    )
    if out is None:
        return found
    with watch.stage("writing"):
        found = replace(found, out=out, files=_files(report, model is None))
        _write(found, out, path)
    return replace(found, seconds=watch.seconds)


def _check_enough(table: NumberFile, path: Path) -> None:
    n, d = table.rows.shape
    if n < FEWEST_ROWS:
        raise InputError(
            f"{path} has {n} row{'' if n == 1 else 's'}: from fewer than {FEWEST_ROWS} nobody can "
            "tell what is ordinary. Give more, or a model made from more."
        )
    if d == 1:
        raise InputError(
            f"{path} has one column of numbers, {table.columns[0]!r}: anomalies of one column are "
            "seen by sorting it. Give a table with more columns, parted by commas, semicolons or "
            "tabs."
        )


def _loaded(folder: Path) -> tuple[AnomalyDetector, tuple[str, ...]]:
    """A detector without the names of its columns, and these."""
    detector = load(folder)
    if not isinstance(detector, AnomalyDetector):
        raise ModelError(
            f"The model in {folder} is no anomaly detector, but a {type(detector).__name__}. Give "
            "the folder model of a result of kmosaic anomalies."
        )
    names = detector.__dict__.pop("feature_names_in_", None)
    if names is None:
        return detector, tuple(f"column {j}" for j in range(detector.n_features_in_))
    return detector, tuple(map(str, names))


def _files(report: bool, makes_model: bool) -> tuple[str, ...]:
    wanted = {
        "report.html": report,
        "anomalies.csv": True,
        "contributions.csv": True,
        "model/": makes_model,
        "answer.json": True,
    }
    return tuple(name for name, is_wanted in wanted.items() if is_wanted)


def _write(found: Anomalies, out: Path, source: Path) -> None:
    with whole_folder(out, source=source) as folder:
        write_scores(found.judged, folder / "anomalies.csv")
        write_contributions(found.judged, folder / "contributions.csv")
        if "model/" in found.files:
            found.judged.save_model(folder / "model")
        if "report.html" in found.files:
            found.to_html(folder / "report.html")
        with whole_file(folder / "answer.json", text=True) as file:
            json.dump(found.summary(), file, indent=1, ensure_ascii=False)
