"""How anomalies were found, in words."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from kmosaic.data.number_file import NumberFile
from kmosaic.outliers import AnomalyDetector

_MOST_NAMES = 30


def how_it_was_found(
    table: NumberFile, detector: AnomalyDetector, model: str | Path | None
) -> tuple[str, ...]:
    """What was looked at, what is ordinary and how the threshold came about, in sentences."""
    why = [f"The columns are {_listed(table.columns)}."]
    if table.left_out:
        reason = "they hold words" if model is None else "the model does not know them"
        why.append(f"Left out, as {reason}: {_listed(table.left_out)}.")
    constant = [table.columns[j] for j in np.flatnonzero(np.ptp(table.rows, axis=0) == 0)]
    if constant and model is None:
        why.append(f"The same in every row, so it tells nothing: {_listed(constant)}.")
    counting = _that_count(table)
    if counting and model is None:
        why.append(
            f"{_listed(counting)} does nothing but count the rows: left out as the column of ids "
            "(--id), it would add nothing to the scores."
        )
    fits = len(set(detector.cluster_fits_.tolist()))
    m = len(detector.cluster_sizes_)
    why.append(
        f"Ordinary is what is near one of the clusters of {fits} fit{'' if fits == 1 else 's'} "
        f"({m} cluster{'' if m == 1 else 's'} in all), in units of that cluster's own spread."
    )
    whose = "" if model is None else " that the model was made from"
    if detector.contamination == "auto":
        why.append(
            f"The threshold, {-detector.offset_:.3f}, is the whisker of a box plot of the scores "
            f"of the rows{whose}: above the third quartile by three times its distance from the "
            "median."
        )
    else:
        why.append(
            f"The threshold, {-detector.offset_:.3f}, is such that {detector.contamination:.4g} of "
            f"the rows{whose} are beyond it, as was asked for."
        )
    return tuple(why)


def _that_count(table: NumberFile) -> list[str]:
    """The columns that rise by one from row to row."""
    rising = (np.diff(table.rows, axis=0) == 1).all(axis=0) & (len(table.rows) > 1)
    return [table.columns[j] for j in np.flatnonzero(rising)]


def _listed(names: Sequence[str]) -> str:
    rest = f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
    return ", ".join(names[:_MOST_NAMES]) + rest
