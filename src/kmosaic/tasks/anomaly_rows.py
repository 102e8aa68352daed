"""The rows that anomalies are sought in: enough to learn from, or such as a model knows."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from kmosaic._errors import InputError, ModelError
from kmosaic.data.number_file import NumberFile, read_number_file
from kmosaic.outliers import AnomalyDetector
from kmosaic.output import load

FEWEST_ROWS = 10


def rows_to_learn_from(
    source: Any, name: str, columns: Sequence[str] | None, id_column: str | None
) -> NumberFile:
    """The numbers of a table (see `read_number_file`); InputError for too few rows or columns."""
    table = read_number_file(source, columns, id_column=id_column)
    n, d = table.rows.shape
    if n < FEWEST_ROWS:
        raise InputError(
            f"{name} has {n} row{'' if n == 1 else 's'}: from fewer than {FEWEST_ROWS} nobody can "
            "tell what is ordinary. Give more, or a model made from more."
        )
    if d == 1:
        raise InputError(
            f"{name} has one column of numbers, {table.columns[0]!r}: anomalies of one column are "
            "seen by sorting it. Give a table with more columns, parted by commas, semicolons or "
            "tabs."
        )
    return table


def detector_and_rows(
    folder: Path, source: Any, id_column: str | None
) -> tuple[AnomalyDetector, NumberFile]:
    """A saved detector, and the columns that it was made from of a table.

    Raises ModelError for a model of another kind, InputError for a table that lacks such columns.
    """
    detector = load(folder)
    if not isinstance(detector, AnomalyDetector):
        raise ModelError(
            f"The model in {folder} is no anomaly detector, but a {type(detector).__name__}. Give "
            "the folder model of a result of kmosaic anomalies."
        )
    names = detector.__dict__.pop("feature_names_in_", None)  # rows go in as an array
    if names is None:
        names = [f"column {j}" for j in range(detector.n_features_in_)]
    return detector, read_number_file(source, id_column=id_column, schema=tuple(map(str, names)))
