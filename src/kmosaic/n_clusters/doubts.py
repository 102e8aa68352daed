"""Signs that the question is wrong: what to look at before any K is believed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from scipy.sparse import issparse

from kmosaic._values import Fit, Rows

_MOST_COLUMNS = 100  # more are pixels or features of one kind
_NEARLY_ALL = 0.9  # rows of one value: a column of these is narrow because little is in it
_WIDER, _FAR_WIDER = 10.0, 100.0  # ratio of the widest column to the narrowest
_HANDFUL = 5  # rows
_FEWEST_ROWS, _FEWEST_A_CLUSTER = 20, 5
_FEW_TRIED = 8  # so few clusters may explain nothing where there are many groups
_FEW = 0.01  # share of the rows of an even cluster


def confidence(by_the_rule: str, doubts: Mapping[str, str], *, is_firm: bool = True) -> str:
    """No more than "low" where the question is in vain, than "medium" with any other doubt.

    is_firm: whether any cluster comes back in most resamples; else it is "low" as well.

    >>> [confidence("high", found) for found in ({}, {"edge": ""}, {"shapes": ""})]
    ['high', 'medium', 'low']
    """
    if doubts.keys() & {"scales", "shapes", "another", "few", "untried"} or not is_firm:
        return "low"
    return "medium" if doubts and by_the_rule == "high" else by_the_rule


class Wider(NamedTuple):
    """The widest column, how many times as wide as the narrowest."""

    times: float
    wide: int
    narrow: int

    @property
    def decides_alone(self) -> bool:
        """Whether it is so wide that the others do not matter."""
        return self.times >= _FAR_WIDER

    def told(self, names: Sequence[str] | None = None) -> str:
        """What that means, in words; names: of the columns."""
        wide, narrow = (str(j) if names is None else repr(names[j]) for j in self[1:])
        only = "only" if self.decides_alone else "mostly"
        return (
            f"Column {wide} is {self.times:,.0f} times as wide as column {narrow}: {only} the "
            "widest columns tell clusters apart. Unless they are of one unit, scale them first, "
            "for example with sklearn.preprocessing.StandardScaler (on the command line: "
            "--standardize)."
        )


def scales(rows: Rows) -> Wider | None:
    """Columns so unlike in scale that the widest decide nearly alone; None where none is."""
    if issparse(rows) or rows.dtype == np.uint8 or not 2 <= rows.shape[1] <= _MOST_COLUMNS:
        return None
    spread = np.asarray(rows, dtype=np.float64).std(axis=0)
    varied = np.array([_most_frequent(column) < _NEARLY_ALL for column in rows.T])
    if not varied.any():
        return None
    wide, narrow = int(np.argmax(spread)), int(np.argmin(np.where(varied, spread, np.inf)))
    if spread[wide] < _WIDER * spread[narrow]:
        return None
    return Wider(float(spread[wide] / spread[narrow]), wide, narrow)


def _most_frequent(column: Any) -> float:
    """The share of the rows that have the value that most have."""
    return float(np.unique(column, return_counts=True)[1].max() / len(column))


def few(n: int, k: int) -> str | None:
    """Too few rows to tell groups from chance, in all or for each cluster."""
    if n < _FEWEST_ROWS:
        return f"There are only {n} rows: too few to tell groups from chance."
    if n < _FEWEST_A_CLUSTER * k:
        return (
            f"K = {k} leaves {n / k:.1f} rows for a cluster: as many clusters fit any rows. "
            f"Try fewer, up to {n // _FEWEST_A_CLUSTER}."
        )
    return None


def untried(ks: tuple[int, ...], k: int, most: int, *, perfect: bool = False) -> str | None:
    """The answer may well be a number that was not asked for.

    most: the largest that may be an answer. perfect: as many clusters as rows differ, so that there
    are no larger ones.

    >>> untried((4,), 4, 100)
    'Only K = 4 was tried: there was nothing to choose among. Try others beside it, 1 among them.'
    """
    if len(ks) == 1:
        return (
            f"Only K = {k} was tried: there was nothing to choose among. Try others beside it"
            f"{'' if k == 1 else ', 1 among them'}."
        )
    if k == 1 and ks[-1] < min(_FEW_TRIED, most):
        return f"No more than K = {ks[-1]} was tried: there may be more groups than that."
    if k == ks[-1] < most and not perfect:
        return f"K = {k} is the largest that was tried: try larger ones."
    return None


def edge(ks: tuple[int, ...], k: int) -> str | None:
    """Numbers beside the k chosen were not asked for.

    >>> edge((1, 9, 20), 9)
    'K = 8 and K = 10 were not tried: one of these may be better.'
    """
    if len(ks) == 1 or k == 1:
        return None
    if k == ks[0]:
        return f"K = {k} is the smallest that was tried: try smaller ones, 1 among them."
    beside = [f"K = {near}" for near in (k - 1, k + 1) if near not in ks and near < ks[-1]]
    if not beside:
        return None
    verb = "were" if len(beside) > 1 else "was"
    better = "one of these" if len(beside) > 1 else "that"
    return f"{' and '.join(beside)} {verb} not tried: {better} may be better."


def outliers(fit: Fit) -> str | None:
    """A cluster of next to no rows."""
    sizes = np.bincount(fit.labels, minlength=len(fit.centers))
    few = sizes < _FEW * sizes.sum() / len(sizes)
    few |= (sizes <= _HANDFUL) & (sizes * len(sizes) * 10 < sizes.sum())
    if len(sizes) < 2 or not few.any():
        return None
    which, count = ", ".join(map(str, np.flatnonzero(few))), int(sizes[few].sum())
    return (
        f"{'Clusters' if few.sum() > 1 else 'Cluster'} {which} hold{'' if few.sum() > 1 else 's'} "
        f"{count} row{'s' if count > 1 else ''} far from all others: outliers rather than a group. "
        "Try TrimmedKMeans, which sets a share of the rows aside."
    )
