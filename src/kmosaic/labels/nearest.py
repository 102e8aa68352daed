"""The nearest center, and the nearest center of any other cluster."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from kmosaic import _engine
from kmosaic._errors import InputError

Rows = npt.NDArray[Any]  # float32 or float64, C-contiguous
Labels = npt.NDArray[np.int32]
Distances = npt.NDArray[np.float64]


def nearest_and_rival(
    X: Rows, centers: Rows, owners: Labels
) -> tuple[Labels, Distances, Distances]:
    """The cluster of each row, the distance to it, and to the nearest center of another cluster.

    The last is infinite where there is no other cluster.
    """
    if len(centers) == 1 or len(X) == 0:
        nearest, distances = _engine.nearest(X, centers) if len(X) else _nothing()
        return owners[nearest], distances, np.full(len(X), np.inf)
    nearest, distances, second, rivals = _engine.nearest_two(X, centers)
    labels = owners[nearest]
    # Prototypes: the second nearest center often belongs to the same cluster and is no rival.
    undecided = np.flatnonzero(owners[second] == labels)
    for cluster in np.unique(labels[undecided]):
        rows = undecided[labels[undecided] == cluster]
        others = np.ascontiguousarray(centers[owners != cluster])
        rivals[rows] = _engine.nearest(X[rows], others)[1] if len(others) else np.inf
    return labels, distances, rivals


def _nothing() -> tuple[Labels, Distances]:
    return np.empty(0, np.int32), np.empty(0, np.float64)


def check_rows(X: npt.ArrayLike, centers: npt.ArrayLike, n_ids: int) -> tuple[Rows, Rows]:
    """X and centers as float arrays that fit together; the engine looks for NaN in X itself."""
    rows, means = np.asarray(X), np.asarray(centers)
    if rows.dtype.kind not in "fiub" or means.dtype.kind not in "fiub":
        raise InputError(f"X and centers must hold real numbers, not {rows.dtype}, {means.dtype}.")
    if rows.ndim != 2 or means.ndim != 2 or len(means) == 0:
        raise InputError(
            f"X must be of shape (n, d) and centers of shape (P, d), not {rows.shape} and "
            f"{means.shape}."
        )
    if rows.shape[1] != means.shape[1]:
        raise InputError(
            f"X has {rows.shape[1]} columns and the centers have {means.shape[1]}: both must come "
            "from the same features."
        )
    if len(rows) != n_ids:
        raise InputError(f"There are {n_ids} ids for {len(rows)} rows of X: give one id a row.")
    if not np.isfinite(means).all():
        bad = int(np.flatnonzero(~np.isfinite(means).all(axis=1))[0])
        raise InputError(f"Row {bad} of centers holds NaN or infinity: leave it out.")
    if rows.dtype not in (np.float32, np.float64):
        rows = rows.astype(np.float64)
    return np.ascontiguousarray(rows), np.ascontiguousarray(means, dtype=np.float64)


def check_owners(
    owners: npt.ArrayLike | None, n_centers: int, n_clusters: int | None
) -> tuple[Labels, int]:
    """The cluster of each center as int32, and the number of clusters."""
    owner_of = np.arange(n_centers) if owners is None else np.asarray(owners)
    if owner_of.shape != (n_centers,) or owner_of.dtype.kind not in "iu":
        raise InputError(
            f"owners must be {n_centers} whole numbers, one a center, not {owner_of.dtype} of "
            f"shape {owner_of.shape}."
        )
    k = int(owner_of.max()) + 1 if n_clusters is None else n_clusters
    if owner_of.min() < 0 or owner_of.max() >= k:
        raise InputError(
            f"owners must lie in 0..{k - 1}, found {owner_of.min()}..{owner_of.max()}."
        )
    return owner_of.astype(np.int32), k
