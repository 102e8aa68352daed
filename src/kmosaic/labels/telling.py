"""The terms that tell clusters apart, and names made of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy.sparse

from kmosaic.labels.names import Names

_IN_A_NAME = 3
_ALIKE = 4  # letters at the beginning


@dataclass(frozen=True)
class Term:
    """A term that tells a cluster from the others."""

    word: str
    weight: float  # by class-based TF-IDF; the first of a cluster has 1
    share: float  # of the documents of the cluster that hold it
    elsewhere: float  # of the other documents


def telling_terms(
    counts: Any,
    labels: npt.NDArray[np.int32],
    n_clusters: int,
    vocabulary: Sequence[str],
    most: int = 12,
) -> tuple[tuple[Term, ...], ...]:
    """The most telling terms of each cluster, by class-based TF-IDF (Grootendorst 2022).

    counts: (n, d) CSR, how often each term stands in each document. labels: (n,). A term weighs
    tf · ln(1 + a / f) · (1 − q / p): tf is its share of the cluster's words, f how often it stands
    in all clusters, a how many words an average cluster has, and p and q the shares of documents
    that hold it, in the cluster and elsewhere; so words that are frequent everywhere weigh little,
    and those with p ≤ q are left out.

    >>> counts = scipy.sparse.csr_matrix([[2, 0, 1], [1, 0, 1], [0, 3, 1]])
    >>> terms = telling_terms(counts, np.array([0, 0, 1]), 2, ["goal", "vote", "day"])
    >>> [[term.word for term in own] for own in terms]
    [['goal'], ['vote']]
    """
    n = counts.shape[0]
    own = scipy.sparse.csr_matrix(
        (np.ones(n, np.int64), (labels, np.arange(n))), shape=(n_clusters, n)
    )
    words = (own @ counts).tocsr()
    there = counts.copy()
    there.data = np.ones_like(there.data)
    holding = (own @ there).tocsr()
    everywhere = np.asarray(holding.sum(axis=0)).ravel()
    sizes = np.bincount(labels, minlength=n_clusters)
    total = np.asarray(words.sum(axis=0)).ravel().astype(np.float64)
    average = total.sum() / max(n_clusters, 1)
    rarity = np.log1p(average / np.maximum(total, 1))
    found = []
    for cluster in range(n_clusters):
        columns = words.indices[words.indptr[cluster] : words.indptr[cluster + 1]]
        values = words.data[words.indptr[cluster] : words.indptr[cluster + 1]]
        weights = values / max(values.sum(), 1) * rarity[columns]
        held = np.asarray(holding[cluster, columns].todense()).ravel()
        shares = held / max(sizes[cluster], 1)
        elsewhere = (everywhere[columns] - held) / max(n - sizes[cluster], 1)
        good = (shares > elsewhere) | (n_clusters == 1)
        if n_clusters > 1:
            weights = weights * (1 - elsewhere / np.maximum(shares, 1e-300)).clip(min=0)
        order = np.lexsort((columns, -weights))
        order = order[good[order]][:most]
        first = float(weights[order[0]]) if len(order) else 1.0
        found.append(
            tuple(
                Term(
                    vocabulary[columns[j]],
                    float(weights[j]) / first,
                    float(shares[j]),
                    float(elsewhere[j]),
                )
                for j in order.tolist()
            )
        )
    return tuple(found)


def names_of_terms(terms: Sequence[Sequence[Term]]) -> Names:
    """A name for each cluster, of its three most telling terms; no two the same.

    Of words that begin alike ("player", "players") the first stands for both.

    >>> own = [Term("player", 1, 1, 0), Term("players", 0.9, 1, 0), Term("match", 0.8, 1, 0)]
    >>> names_of_terms([own, []]).names
    ('player, match', '1')
    """
    names: dict[int, str] = {}
    for cluster, own in enumerate(terms):
        words = _unlike([term.word for term in own])
        many = _IN_A_NAME
        while ", ".join(words[:many]) in names.values() and many < len(words):
            many += 1
        if words:
            names[cluster] = ", ".join(words[:many])
    return Names.given(names, len(terms), "terms")


def _unlike(words: Sequence[str]) -> list[str]:
    kept: list[str] = []
    for word in words:
        if not any(_begin_alike(word, other) for other in kept):
            kept.append(word)
    return kept


def _begin_alike(one: str, other: str) -> bool:
    """Whether one word is the other with up to three letters more at its end."""
    short, long = sorted((one, other), key=len)
    return len(short) >= _ALIKE and len(long) - len(short) <= 3 and long.startswith(short)
