"""Groups that k-means cannot cut, found by a look at how densely rows lie."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.sparse import issparse
from sklearn.cluster import HDBSCAN
from sklearn.metrics import adjusted_rand_score
from sklearn.neighbors import NearestNeighbors

from kmosaic._values import Labels, Rows
from kmosaic.features.steady import one_thread
from kmosaic.n_clusters.sample import about_the_mean

_LOOKED_AT = 2_000  # rows that shapes are looked for in
_SAME, _COVERED = 0.75, 0.6  # agreement below which shapes differ; rows that need to be in them
_CUT = 0.95  # agreement from which k-means finds the same groups
_MANY_COLUMNS = 15  # a tree over more is slower than all distances
_WIDE = 1.7  # gaps between groups, in gaps within


def shapes(
    rows: Rows, fit: Callable[[Rows, int], Labels], apart: int = 0, unsure_of: int | None = None
) -> dict[str, str]:
    """Groups that no k-means can cut: dense, apart, and not round; {} where none are seen.

    HDBSCAN (Campello et al. 2013) looks at a sample; where it finds groups that k-means of as many
    clusters does not find, they are not round. fit(rows, k) are the labels of k-means. apart: into
    how many clusters with valleys between them k-means cuts the rows; fewer groups are unions of
    these. unsure_of: the k chosen, where the rule is not sure of it; then groups that k-means of
    another k finds are told as well (there are valleys within rings). The sentence stands under
    "shapes", or under "another" where k-means finds the groups.
    """
    if issparse(rows) or rows.shape[0] < 50:
        return {}
    every = -(-rows.shape[0] // _LOOKED_AT)
    some = about_the_mean(rows[::every])
    how = "brute" if some.shape[1] > _MANY_COLUMNS else "kd_tree"
    look = HDBSCAN(min_cluster_size=max(10, len(some) // 40), algorithm=how, copy=True)
    with one_thread():
        found = look.fit_predict(some)
    groups, inside = int(found.max()) + 1, found >= 0
    is_other = unsure_of not in (None, groups)
    if groups < (2 if is_other else max(2, apart)) or inside.mean() < _COVERED:
        return {}
    # The rows of groups alone: k-means could take a few far ones for a cluster.
    some, found = some[inside], found[inside]
    agree = adjusted_rand_score(found, fit(some, groups))
    is_cut = is_other and agree >= _CUT
    is_missed = agree < _SAME and groups >= apart
    if not (is_cut or is_missed) or _gap(some, found) < _WIDE:
        return {}
    if is_cut:
        return {
            "another": f"A look at how densely rows lie finds {groups} groups, and so does k-means "
            f"with K = {groups}: look at that one, too."
        }
    return {
        "shapes": f"A look at how densely rows lie finds {groups} groups that no k-means can cut, "
        "since they are not round (rings, bands or other shapes). Try an embedding that keeps "
        "neighbors together first (umap-learn; for images --embed umap), or "
        "sklearn.cluster.HDBSCAN."
    }


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
