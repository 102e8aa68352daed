"""Tables of anomalies: the score of every row, and what each column adds to it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from kmosaic.outliers import Judged
from kmosaic.output.tables import id_name, write_table

_OURS = ("row", "score", "probability", "anomaly", "reasons")
_TOGETHER = 10_000  # rows that are explained in one go


def write_scores(judged: Judged, path: Path) -> Path:
    """Write a row for each row: row, its id, score, probability, anomaly, reasons.

    path: ends in .csv or .parquet (extra `parquet`). row counts from 0; the id is called as in the
    table, and is there where that has one. anomaly is 1 or 0. reasons are those of the anomalies,
    the first one most. In CSV, text that a spreadsheet would run gets an apostrophe before it.
    Raises OutputError.
    """
    flagged = np.flatnonzero(judged.flagged)
    words = {
        row: "; ".join(map(str, reasons))
        for part in _parts(flagged)
        for row, reasons in zip(part.tolist(), judged.reasons(part), strict=True)
    }
    columns: dict[str, Sequence[Any]] = _names_of(judged, np.arange(len(judged.scores))) | {
        "score": judged.scores.tolist(),
        "probability": judged.probabilities.tolist(),
        "anomaly": judged.flagged.astype(int).tolist(),
        "reasons": [words.get(row, "") for row in range(len(judged.scores))],
    }
    write_table(columns, path)
    return path


def write_contributions(judged: Judged, path: Path) -> Path:
    """Write a CSV row for each anomaly, the least ordinary first: row, id, score, and each column.

    What the columns add to the score adds up to it. Raises OutputError.
    """
    chosen = judged.order[: np.count_nonzero(judged.flagged)]
    parts = [judged.explain(part).contributions for part in _parts(chosen)]
    contributions = np.concatenate([np.empty((0, len(judged.columns))), *parts])
    columns: dict[str, Sequence[Any]] = _names_of(judged, chosen)
    columns |= {"score": judged.scores[chosen].tolist()}
    # A column of the table may be called as one of ours.
    columns |= {
        f"{name} adds": contributions[:, j].tolist() for j, name in enumerate(judged.columns)
    }
    write_table(columns, path)
    return path


def _names_of(judged: Judged, positions: Any) -> dict[str, Sequence[Any]]:
    found: dict[str, Sequence[Any]] = {"row": positions.tolist()}
    if judged.ids is None:
        return found
    return found | {id_name(judged.id_column, _OURS): [judged.ids[i] for i in positions]}


def _parts(positions: Any) -> Iterator[Any]:
    for begin in range(0, len(positions), _TOGETHER):
        yield positions[begin : begin + _TOGETHER]
