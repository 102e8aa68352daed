"""Which rows of a table do not belong, and why."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from kmosaic._arguments import as_names
from kmosaic._events import Listener, silent
from kmosaic._paths import expanded
from kmosaic._timing import Stopwatch
from kmosaic.data.mixed.opening import file_of
from kmosaic.outliers import AnomalyDetector
from kmosaic.output import check_out
from kmosaic.tasks.anomaly_answer import Anomalies, judged_by, name_of, written
from kmosaic.tasks.anomaly_rows import detector_and_rows, rows_to_learn_from


def find_anomalies(
    source: Any,
    *,
    columns: Sequence[str] | None = None,
    id_column: str | None = None,
    contamination: float | str = "auto",
    seed: int = 0,
    out: str | Path | None = None,
    report: bool = True,
    parquet: bool = False,
    on_progress: Listener = silent,
) -> Anomalies:
    """Find the rows of a table that do not belong, and say which columns put them so.

    source: a CSV, TSV, Parquet, Excel, .npy or .npz file, "sqlite:///FILE?table=NAME",
    "duckdb:///FILE?table=NAME", a data frame, a dict of columns or an array (n, d). columns: those
    to look at; None for all that hold numbers but those that name the rows. id_column: names the
    rows; for None the first that does so by its cells, the index of a frame, or their number, from
    0. contamination: see `AnomalyDetector`. out: a folder for the scores of all rows, what each
    column adds to those of the anomalies, the model (see `kmosaic.predict`), the page and the
    answer; None writes nothing. report: write the page too. parquet: write the scores as Parquet,
    too.

    >>> import numpy as np
    >>> rows = np.random.default_rng(0).normal(size=(300, 2))
    >>> rows[7] = 0, 30
    >>> find_anomalies(rows, contamination=1 / 300).judged.flagged.nonzero()[0].tolist()
    [7]

    Raises InputError where something given cannot be used, MissingExtraError where a package is
    missing that reads the source, OutputError where the result cannot be written.
    """
    path, name, columns = file_of(source), name_of(source), as_names(columns)
    out = None if out is None else Path(expanded(out))
    if out is not None:
        check_out(out, path)
    watch = Stopwatch()
    with watch.stage("rows"):
        table = rows_to_learn_from(source, name, columns, id_column, on_progress)
    with watch.stage("k-means"):
        detector = AnomalyDetector(
            contamination=contamination, random_state=seed, on_progress=on_progress
        ).fit(table.rows)
    settings: dict[str, Any] = {
        "columns": None if columns is None else list(columns),
        "id_column": id_column,
        "seed": seed,
        "contamination": contamination,
    }
    found = judged_by(detector, table, name, settings if path else {}, watch, is_new=False)
    return written(found, out, path, watch, command="anomalies", report=report, parquet=parquet)


def predict_anomalies(
    model: str | Path,
    source: Any,
    *,
    id_column: str | None = None,
    out: str | Path | None = None,
    parquet: bool = False,
    on_progress: Listener = silent,
) -> Anomalies:
    """Judge new rows with a saved model, as it judged those that it was made from.

    model: the folder `model` of a result of `find_anomalies`. The rest as there; id_column may be
    another one than then. Raises InputError that names the columns in which the table differs from
    the model's, ModelError for a model that is damaged or of another kind, OutputError where the
    result cannot be written.
    """
    path, name = file_of(source), name_of(source)
    out = None if out is None else Path(expanded(out))
    if out is not None:
        check_out(out, path, model=model)
    watch = Stopwatch()
    with watch.stage("rows"):
        folder = Path(expanded(model))
        detector, table = detector_and_rows(folder, source, id_column, on_progress)
    settings = {"id_column": id_column, "model": str(model)} if path else {}
    found = judged_by(detector, table, name, settings, watch, is_new=True)
    return written(
        found, out, path, watch, command="predict", report=True, parquet=parquet, model=model
    )
