"""Tables of anomalies: the score of every row, and what each column adds to it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from kmosaic._cells import to_cell
from kmosaic._store.files import whole_file
from kmosaic.outliers import Judged
from kmosaic.output.tables import csv_writer

_TOGETHER = 10_000  # rows that are explained in one go


def write_scores(judged: Judged, path: Path) -> Path:
    """Write a CSV row for each row: row, id, score, probability, anomaly, reasons.

    row counts from 1; id is there where the table has one. anomaly is 1 or 0. reasons are those of
    the anomalies, the first one most. Text that a spreadsheet would run gets an apostrophe before
    it. Raises OutputError.
    """
    flagged = np.flatnonzero(judged.flagged)
    words = {
        row: "; ".join(map(str, reasons))
        for part in _parts(flagged)
        for row, reasons in zip(part.tolist(), judged.reasons(part), strict=True)
    }
    columns: dict[str, Iterable[Any]] = _names_of(judged, np.arange(len(judged.scores))) | {
        "score": judged.scores.tolist(),
        "probability": judged.probabilities.tolist(),
        "anomaly": judged.flagged.astype(int).tolist(),
        "reasons": [words.get(row, "") for row in range(len(judged.scores))],
    }
    _write(columns, path)
    return path


def write_contributions(judged: Judged, path: Path) -> Path:
    """Write a CSV row for each anomaly, the least ordinary first: row, id, score, and each column.

    What the columns add to the score adds up to it. Raises OutputError.
    """
    chosen = judged.order[: np.count_nonzero(judged.flagged)]
    parts = [judged.explain(part).contributions for part in _parts(chosen)]
    contributions = np.concatenate([np.empty((0, len(judged.columns))), *parts])
    columns: dict[str, Iterable[Any]] = _names_of(judged, chosen)
    columns |= {"score": judged.scores[chosen].tolist()}
    # A column of the table may be called as one of ours.
    columns |= {
        f"{name} adds": contributions[:, j].tolist() for j, name in enumerate(judged.columns)
    }
    _write(columns, path)
    return path


def _names_of(judged: Judged, positions: Any) -> dict[str, Iterable[Any]]:
    found: dict[str, Iterable[Any]] = {"row": (positions + 1).tolist()}
    return found if judged.ids is None else found | {"id": [judged.ids[i] for i in positions]}


def _parts(positions: Any) -> Iterator[Any]:
    for begin in range(0, len(positions), _TOGETHER):
        yield positions[begin : begin + _TOGETHER]


def _write(columns: dict[str, Iterable[Any]], path: Path) -> None:
    with whole_file(path, text=True) as file:
        write = csv_writer(file)
        write([to_cell(name) for name in columns])
        for row in zip(*columns.values(), strict=True):
            write([to_cell(cell) if isinstance(cell, str) else cell for cell in row])
