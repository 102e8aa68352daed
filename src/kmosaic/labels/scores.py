"""How well the clusters agree with known labels, where there are any."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import linear_sum_assignment
from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score

from kmosaic._errors import InputError
from kmosaic.labels.assignment import Assignment
from kmosaic.labels.names import Names
from kmosaic.labels.truth import Contingency, check_mask, contingency, known_labels


@dataclass(frozen=True)
class Scores:
    """Agreement of clusters and known labels, each from 0 to 1 (ari can be slightly below 0)."""

    accuracy_majority: float  # share of items whose cluster's name is their label
    accuracy_one_to_one: float  # the same with at most one cluster a label (Hungarian matching)
    purity: float  # share of items that have the most frequent label of their cluster
    nmi: float  # mutual information of clusters and labels over the mean of their entropies
    ari: float  # Rand index, adjusted for chance
    n_scored: int  # items that the scores were counted on
    n_named_from: int  # items whose labels chose the names; 0: names were given
    n_unlabeled: int = 0  # items left out, since their label is not known


def score(
    assignment: Assignment,
    truth: Any,
    *,
    known: npt.ArrayLike | None = None,
    named_from: tuple[Assignment, Any] | None = None,
    names: Names | None = None,
) -> Scores:
    """Compare clusters with known labels, leaving out items without one.

    truth: (n,) labels, None for unknown. Which labels choose the names of the clusters, and so
    the two accuracies: by default those that are scored; with `known`, (n,) booleans, the labels
    of those items, and the others are scored; with `named_from`, another assignment to the same
    clusters with its labels, for example the training set. With `names` the accuracy by majority
    is that of these given names. Raises InputError if no label is left to score on.

    >>> a = Assignment.of("abc", [[0.0], [1.0], [9.0]], [[0.0], [10.0]])
    >>> scores = score(a, ["cat", "cat", "dog"])
    >>> scores.accuracy_majority, scores.accuracy_one_to_one, scores.n_scored
    (1.0, 1.0, 3)
    """
    if known is not None and named_from is not None:
        raise InputError("Give `known` or `named_from`, not both.")
    hidden = None if known is None else ~check_mask(known, len(assignment))
    scored = contingency(assignment, truth, hidden)
    if scored.total == 0:
        raise InputError("No item with a known label is left to score on: give labels.")
    learned = scored
    if known is not None:
        learned = contingency(assignment, truth, known)
    elif named_from is not None:
        learned = contingency(*named_from)
    chosen = _majority(learned) if names is None else names.known
    missing = sum(label is None for label in known_labels(truth, len(assignment)))
    return Scores(
        accuracy_majority=_agreement(scored, chosen),
        accuracy_one_to_one=_agreement(scored, _one_to_one(learned)),
        purity=float(scored.table.max(axis=1).sum() / scored.total),
        **_information(scored),
        n_scored=scored.total,
        n_named_from=learned.total if names is None else 0,
        n_unlabeled=missing,
    )


def _majority(counts: Contingency) -> list[str | None]:
    best = [counts.dominant(cluster, 1) for cluster in range(len(counts.table))]
    return [labels[0][0] if labels else None for labels in best]


def _one_to_one(counts: Contingency) -> list[str | None]:
    """The label of each cluster when a label goes to one cluster only and most items agree."""
    chosen: list[str | None] = [None] * len(counts.table)
    for cluster, j in zip(*linear_sum_assignment(counts.table, maximize=True), strict=True):
        chosen[cluster] = counts.values[j]
    return chosen


def _agreement(counts: Contingency, chosen: Sequence[str | None]) -> float:
    """The share of items whose label is the one chosen for their cluster."""
    if len(chosen) != len(counts.table):
        raise InputError(f"There are {len(chosen)} names for {len(counts.table)} clusters.")
    column = {value: j for j, value in enumerate(counts.values)}
    hits = (
        counts.table[cluster, column[label]]
        for cluster, label in enumerate(chosen)
        if label is not None and label in column
    )
    return float(sum(hits) / counts.total)


def _information(counts: Contingency) -> dict[str, float]:
    """NMI and ARI of the counted items."""
    clusters, labels = np.nonzero(counts.table)
    times = counts.table[clusters, labels]
    pair = np.repeat(labels, times), np.repeat(clusters, times)
    nmi, ari = normalized_mutual_info_score(*pair), adjusted_rand_score(*pair)
    return {"nmi": float(nmi), "ari": float(ari)}
