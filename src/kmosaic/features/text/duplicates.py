"""Documents that are nearly the same, found exactly and without comparing all with all."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy.sparse
from scipy.sparse.csgraph import connected_components

Places = npt.NDArray[np.int64]

THRESHOLD = 0.95  # cosine
_CANDIDATES = 1 << 22  # pairs that are looked at in one go
_SLACK = 1e-5  # of float32 rows


@dataclass(frozen=True)
class Duplicates:
    """Groups of documents that are nearly the same."""

    groups: tuple[tuple[int, ...], ...]  # positions, ascending; the largest group first
    threshold: float  # each has a cosine above it with another of its group

    @property
    def count(self) -> int:
        """How many documents could be left out."""
        return sum(len(group) - 1 for group in self.groups)

    def first_of(self, n: int) -> list[int | None]:
        """For each of n documents the first of its group, None for that one and all others."""
        found: list[int | None] = [None] * n
        for first, *others in self.groups:
            for other in others:
                found[other] = first
        return found


def near_duplicates(X: Any, threshold: float = THRESHOLD) -> Duplicates:
    """Group the rows whose cosine with another is at least the threshold.

    X: (n, d) CSR with rows of length 1 and no negative numbers. Two such rows share one of the
    terms at the beginning of both, in any one order of the terms, where a beginning ends once the
    rest of the row is shorter than the threshold (prefix filtering, Chaudhuri et al. 2006; Bayardo
    et al. 2007). In the order from rare to frequent few rows share such a term, and these pairs
    alone are compared. Memory is bounded: pairs come in parts, of which only the groups are kept.

    >>> rows = scipy.sparse.csr_matrix([[1.0, 0], [0.6, 0.8], [1.0, 0], [0.61, 0.7924]])
    >>> near_duplicates(rows).groups
    ((0, 2), (1, 3))
    """
    n = X.shape[0]
    group = _equal_rows(X)
    first = np.unique(group, return_index=True)[1]
    rows = X[first]  # one of each that is the same to the bit
    rows = rows[:, _rare_first(rows)].tocsr()
    rows.sort_indices()
    heads = _heads(rows, threshold)
    sharers = heads.T.tocsr()
    found_in = np.diff(sharers.indptr)
    costs = np.asarray(heads @ found_in.astype(np.float64)).ravel()
    own = np.arange(len(first))
    for begin, end in _parts(costs):
        pairs = (heads[begin:end] @ sharers).tocoo()
        one, other = pairs.coords[0] + begin, pairs.coords[1]
        later = one > other
        one, other = one[later], other[later]
        near = _cosines(rows, one, other) >= threshold - _SLACK
        own = _joined(own, own[one[near]], own[other[near]])
    return Duplicates(_groups(own[group], n), threshold)


def _equal_rows(X: Any) -> Places:
    """A number for each row, the same for rows of the same bits."""
    seen: dict[bytes, int] = {}
    found = np.empty(X.shape[0], dtype=np.int64)
    for row, (begin, end) in enumerate(zip(X.indptr[:-1], X.indptr[1:], strict=True)):
        key = X.indices[begin:end].tobytes() + X.data[begin:end].tobytes()
        # A row without terms is like no other.
        found[row] = seen.setdefault(key if end > begin else b"%d" % row, len(seen))
    return found


def _rare_first(rows: Any) -> Places:
    return np.argsort(np.bincount(rows.indices, minlength=rows.shape[1]), kind="stable")


def _heads(rows: Any, threshold: float) -> Any:
    """The beginning of each row, as ones: what follows it is shorter than the threshold."""
    squares = rows.data.astype(np.float64) ** 2
    upto = np.concatenate([[0.0], np.cumsum(squares)])
    starts, ends = rows.indptr[:-1], rows.indptr[1:]
    rest = np.repeat(upto[ends], np.diff(rows.indptr)) - upto[:-1]  # of the row, from each term on
    kept = rest >= (threshold - _SLACK) ** 2 * (1 - _SLACK)
    lengths = np.add.reduceat(np.append(kept, False).astype(np.int64), starts) * (ends > starts)
    ends_of = np.concatenate([[0], np.cumsum(lengths)])
    ones = np.ones(int(kept.sum()), dtype=np.int32)
    return scipy.sparse.csr_matrix((ones, rows.indices[kept], ends_of), shape=rows.shape)


def _parts(costs: npt.NDArray[np.float64]) -> list[tuple[int, int]]:
    """Rows whose pairs together fit into memory."""
    if not len(costs):
        return []
    part = np.floor(np.cumsum(costs) / _CANDIDATES)
    cuts = np.flatnonzero(np.diff(part)) + 1
    edges = [0, *cuts.tolist(), len(costs)]
    return list(pairwise(edges))


def _cosines(rows: Any, one: Places, other: Places) -> npt.NDArray[np.float64]:
    found = np.empty(len(one))
    step = max(1, _CANDIDATES // max(1, rows.nnz // max(1, rows.shape[0])))
    for at in range(0, len(one), step):
        part = slice(at, at + step)
        product = rows[one[part]].multiply(rows[other[part]])
        found[part] = np.asarray(product.sum(axis=1)).ravel()
    return found


def _joined(own: Places, one: Places, other: Places) -> Places:
    """The numbers of groups, with those joined that a pair connects."""
    if not len(one):
        return own
    links = scipy.sparse.coo_matrix((np.ones(len(one)), (one, other)), shape=(len(own),) * 2)
    joined = connected_components(links, directed=False)[1]
    found: Places = joined.astype(np.int64)[own]
    return found


def _groups(own: Places, n: int) -> tuple[tuple[int, ...], ...]:
    order = np.argsort(own, kind="stable")
    cuts = np.flatnonzero(np.diff(own[order])) + 1
    groups = [tuple(part.tolist()) for part in np.split(order, cuts) if len(part) > 1]
    return tuple(sorted(groups, key=lambda group: (-len(group), group)))
