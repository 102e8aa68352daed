"""How anomalies were found, in words."""

from __future__ import annotations

import numpy as np

from kmosaic._arguments import argument
from kmosaic.data.number_table import NumberTable, listed
from kmosaic.outliers import AnomalyDetector

_FEW = 0.2  # of the rows


def _is_rare(table: NumberTable, column: int) -> bool:
    """Whether a column has two values, one of them in few rows, as a flag has."""
    values = table.rows[:, column]
    low, high = (int((values == end).sum()) for end in (values.min(), values.max()))
    return low + high == len(values) and min(low, high) < _FEW * len(values)


def how_it_was_found(
    table: NumberTable, detector: AnomalyDetector, *, is_new: bool
) -> tuple[str, ...]:
    """What was looked at, what is ordinary and how the threshold came about, in sentences.

    is_new: the rows are others than those that the detector was made from.
    """
    why = table.told()
    constant = [table.columns[j] for j in np.flatnonzero(np.ptp(table.rows, axis=0) == 0)]
    if constant and not is_new:
        why.append(f"The same in every row, so it tells nothing: {listed(constant)}.")
    rare = [] if is_new else [name for j, name in enumerate(table.columns) if _is_rare(table, j)]
    if rare:
        many = len(rare) > 1
        why.append(
            f"{listed(rare)} hold{'' if many else 's'} two values{' each' if many else ''}, of "
            "which few rows have one: such a row is far from the others by that alone. "
            f"{argument('columns')} without {'them' if many else 'it'} looks at the rest."
        )
    fits = len(set(detector.cluster_fits_.tolist()))
    m = len(detector.cluster_sizes_)
    why.append(
        f"Ordinary is what is near one of the clusters of {fits} fit{'' if fits == 1 else 's'} "
        f"({m} cluster{'' if m == 1 else 's'} in all), in units of that cluster's own spread."
    )
    whose = " that the model was made from" if is_new else ""
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
