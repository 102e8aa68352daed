"""What centers are worth, computed in float64 in one plain way for all libraries."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import scipy.sparse

Array = npt.NDArray[Any]
BLOCK = 4_000_000  # distances at a time


def inertia(rows: Any, centers: Array) -> float:
    """Sum of the squared distances of all rows to their nearest centers."""
    return float(_squared(rows, centers.astype(np.float64), nearest(rows, centers)).sum())


def still_moving(rows: Any, centers: Array) -> int:
    """How many rows one more iteration of exact k-means would give to another cluster."""
    labels = nearest(rows, centers)
    return int(np.count_nonzero(labels != nearest(rows, means(rows, labels, centers))))


def nearest(rows: Any, centers: Array) -> Array:
    """The nearest center of every row."""
    centers = centers.astype(np.float64)
    middle = np.zeros(rows.shape[1]) if scipy.sparse.issparse(rows) else rows[:10_000].mean(axis=0)
    shifted = centers - middle  # what is far from 0 would cancel digits
    half_norms = (shifted**2).sum(axis=1) / 2
    labels = np.empty(rows.shape[0], dtype=np.int64)
    for part in _blocks(rows, len(centers)):
        block = rows[part].astype(np.float64)
        scores = (block if scipy.sparse.issparse(rows) else block - middle) @ shifted.T
        scores -= half_norms
        labels[part] = scores.argmax(axis=1)
    return labels


def means(rows: Any, labels: Array, centers: Array) -> Array:
    """The means of the clusters; an empty one keeps its center."""
    counts = np.bincount(labels, minlength=len(centers))
    members = scipy.sparse.csr_matrix(
        (np.ones(len(labels)), labels, np.arange(len(labels) + 1)),
        shape=(len(labels), len(centers)),
    )
    sums = np.zeros(centers.shape)
    for part in _blocks(rows, rows.shape[1]):
        added = members[part].T @ rows[part].astype(np.float64)
        sums += added.toarray() if scipy.sparse.issparse(added) else added
    return np.where(counts[:, None] > 0, sums / np.maximum(counts, 1)[:, None], centers)


def _squared(rows: Any, centers: Array, labels: Array) -> Array:
    squared = np.empty(rows.shape[0])
    if scipy.sparse.issparse(rows):
        norms = (centers**2).sum(axis=1)
        rows = rows.astype(np.float64)
        for part in _blocks(rows, rows.shape[1]):
            products = rows[part].multiply(centers[labels[part]]).sum(axis=1)
            own = rows[part].multiply(rows[part]).sum(axis=1)
            squared[part] = np.asarray(own - 2 * products).ravel() + norms[labels[part]]
        return squared
    for part in _blocks(rows, rows.shape[1]):
        gap = rows[part].astype(np.float64) - centers[labels[part]]
        squared[part] = np.einsum("ij,ij->i", gap, gap)
    return squared


def _blocks(rows: Any, width: int) -> list[slice]:
    count = rows.shape[0]
    step = max(16, BLOCK // max(1, width))
    return [slice(begin, min(begin + step, count)) for begin in range(0, count, step)]
