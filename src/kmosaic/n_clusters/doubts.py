"""Signs that the question is wrong: what to look at before any K is believed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from scipy.sparse import issparse
from sklearn.cluster import HDBSCAN
from sklearn.metrics import adjusted_rand_score
from sklearn.neighbors import NearestNeighbors

from kmosaic._values import Fit, Labels, Rows
from kmosaic.features.steady import one_thread
from kmosaic.n_clusters.sample import about_the_mean

_MOST_COLUMNS = 100  # more are pixels or features of one kind
_NEARLY_ALL = 0.9  # rows of one value: a column of these is narrow because little is in it
_WIDER, _FAR_WIDER = 10.0, 100.0  # ratio of the widest column to the narrowest
_HANDFUL = 5  # rows
_LOOKED_AT = 2_000  # rows that shapes are looked for in
_SAME, _COVERED = 0.75, 0.6  # agreement below which shapes differ; rows that need to be in them
_CUT = 0.95  # agreement from which k-means finds the same groups
_MANY_COLUMNS = 15  # a tree over more is slower than all distances
_WIDE = 1.7  # gaps between groups, in gaps within
_FEWEST_ROWS, _FEWEST_A_CLUSTER = 20, 5
_FEW_TRIED = 8  # so few clusters may explain nothing where there are many groups
_FEW = 0.01  # share of the rows of an even cluster


def confidence(by_the_rule: str, doubts: Mapping[str, str]) -> str:
    """No more than "low" where the question is in vain, than "medium" with any other doubt.

    >>> [confidence("high", found) for found in ({}, {"edge": ""}, {"shapes": ""})]
    ['high', 'medium', 'low']
    """
    if doubts.keys() & {"scales", "shapes", "few", "untried"}:
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


def edge(ks: tuple[int, ...], k: int, *, perfect: bool = False) -> str | None:
    """The k chosen is the largest or the smallest that was asked for, or few were.

    perfect: as many clusters as rows differ, so that there are no larger ones.
    """
    if k == 1 and ks[-1] < _FEW_TRIED:
        return f"No more than K = {ks[-1]} was tried: there may be more groups than that."
    if k == ks[-1] and len(ks) > 1 and not perfect:
        return f"K = {k} is the largest that was tried: try larger ones."
    if k == ks[0] > 1 and len(ks) > 1:
        return f"K = {k} is the smallest that was tried: try smaller ones, 1 among them."
    return None


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


def shapes(
    rows: Rows, fit: Callable[[Rows, int], Labels], apart: int = 0, unsure_of: int | None = None
) -> str | None:
    """Groups that no k-means can cut: dense, apart, and not round.

    HDBSCAN (Campello et al. 2013) looks at a sample; where it finds groups that k-means of as many
    clusters does not find, they are not round. fit(rows, k) are the labels of k-means. apart: into
    how many clusters with valleys between them k-means cuts the rows; fewer groups are unions of
    these. unsure_of: the k chosen, where the rule is not sure of it; then groups that k-means of
    another k finds are told as well (there are valleys within rings).
    """
    if issparse(rows) or rows.shape[0] < 50:
        return None
    every = -(-rows.shape[0] // _LOOKED_AT)
    some = about_the_mean(rows[::every])
    how = "brute" if some.shape[1] > _MANY_COLUMNS else "kd_tree"
    look = HDBSCAN(min_cluster_size=max(10, len(some) // 40), algorithm=how, copy=True)
    with one_thread():
        found = look.fit_predict(some)
    groups, inside = int(found.max()) + 1, found >= 0
    is_other = unsure_of not in (None, groups)
    if groups < (2 if is_other else max(2, apart)) or inside.mean() < _COVERED:
        return None
    # The rows of groups alone: k-means could take a few far ones for a cluster.
    some, found = some[inside], found[inside]
    agree = adjusted_rand_score(found, fit(some, groups))
    is_cut = is_other and agree >= _CUT
    is_missed = agree < _SAME and groups >= apart
    if not (is_cut or is_missed) or _gap(some, found) < _WIDE:
        return None
    if is_cut:
        return (
            f"A look at how densely rows lie finds {groups} groups, and so does k-means with "
            f"K = {groups}: look at that one, too."
        )
    return (
        f"A look at how densely rows lie finds {groups} groups that no k-means can cut, since they "
        "are not round (rings, bands or other shapes). Try an embedding that keeps neighbors "
        "together first (umap-learn; for images --embed umap), or sklearn.cluster.HDBSCAN."
    )


def _gap(rows: Any, groups: Any) -> float:
    """How much wider the gap about each group is than the gaps in it, for the worst of them.

    Of the rows of a group that are nearest to another one (one in fifty, three at least): their
    distance to it over that to their fifth neighbor within all.
    """
    fifth = NearestNeighbors(n_neighbors=5).fit(rows).kneighbors()[0][:, -1]
    found = []
    for group in range(int(groups.max()) + 1):
        own = groups == group
        away = NearestNeighbors(n_neighbors=1).fit(rows[~own]).kneighbors(rows[own])[0][:, 0]
        nearest = np.argsort(away, kind="stable")[: max(3, len(away) // 50)]
        inside = np.maximum(fifth[own][nearest], np.finfo(float).tiny)
        found.append(float(np.median(away[nearest] / inside)))
    return min(found)
