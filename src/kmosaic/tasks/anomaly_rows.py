"""The rows that anomalies are sought in: enough to learn from, or such as a model knows."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from kmosaic._errors import InputError, ModelError
from kmosaic._events import Listener
from kmosaic.data.number_table import NumberTable, read_numbers
from kmosaic.outliers import AnomalyDetector
from kmosaic.output import load

FEWEST_ROWS = 10


def rows_to_learn_from(
    source: Any, name: str, columns: Sequence[str] | None, id_column: str | None, tell: Listener
) -> NumberTable:
    """The numbers of a table (see `read_numbers`); InputError for too few rows or columns."""
    table = read_numbers(source, columns, id_column=id_column, on_progress=tell)
    n, d = table.rows.shape
    if n < FEWEST_ROWS:
        raise InputError(
            f"{name} has {n} row{'' if n == 1 else 's'}: from fewer than {FEWEST_ROWS} nobody can "
            "tell what is ordinary. Give more, or a model made from more."
        )
    if d == 1:
        why = "; ".join(f"{name}: {reason}" for name, reason in table.left_out.items())
        raise InputError(
            f"{name} has one column of numbers, {table.columns[0]!r}: anomalies of one column are "
            "seen by sorting it. Give a table with more columns, parted by commas, semicolons or "
            f"tabs{f' (left out: {why})' if why else ''}."
        )
    return table


def detector_and_rows(
    folder: Path, source: Any, id_column: str | None, tell: Listener
) -> tuple[AnomalyDetector, NumberTable]:
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
    table = read_numbers(
        source,
        id_column=id_column,
        schema=tuple(map(str, names)),
        usual_id=detector.__dict__.pop("id_column_", None),
        on_progress=tell,
    )
    return detector, table
