"""Choose the number of clusters."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from kmosaic._events import Listener, Progress, silent
from kmosaic._sparse import data_of
from kmosaic._values import Fit, Labels, Rows
from kmosaic.kmeans.runs import best_of
from kmosaic.n_clusters import doubts
from kmosaic.n_clusters.choice import Choice, Models
from kmosaic.n_clusters.criteria import CRITERIA, criteria_of
from kmosaic.n_clusters.door import Question, ask, numbers_from
from kmosaic.n_clusters.evidence import HALVED_ROWS, Evidence, count_steps, gather
from kmosaic.n_clusters.resamples import OFTEN, Stability, stability_of
from kmosaic.n_clusters.rule import EXPLAINED, Decision, decide, most_of
from kmosaic.n_clusters.sample import Places, draw, take
from kmosaic.n_clusters.shapes import shapes

_RESAMPLES = 30
_APART = 0.5  # mean depth of the shallowest valleys beside clusters; rings cut in pieces have 0.8
_STARTS_OF_SHAPES = 5


def choose(
    X: Any,
    k: Iterable[int] | None = None,
    *,
    random_state: int | np.random.RandomState | None = None,
    names: Sequence[str] | None = None,
    also: Sequence[str] = (),
    are_features: bool = False,
    on_progress: Listener = silent,
) -> Choice:
    """Fit every k, look at the fits from all sides, and choose one by the calibrated rule.

    X: (n, d), as KMeans.fit() takes it, dense or sparse. k: the numbers to choose among, 1 with
    them if "no clusters" may be the answer; None: range(1, 21), or up to the number of different
    rows. random_state: seed, RandomState or None. The same seed gives the same answer, and so do
    the same rows in another order. names: of the columns, where X is no frame that has them. also:
    criteria that are found on request: "medoid_silhouette". are_features: columns were made to be
    held together, whatever their scales, so that these raise no doubt.
    Raises InputError for an empty range or one above the number of different rows, rows that are
    all alike, one row, or NaN.

    >>> rng = np.random.default_rng(0)
    >>> X = np.concatenate([rng.normal(at, 1, (50, 2)) for at in (0, 9, 20)])
    >>> found = choose(X, range(1, 7), random_state=0)
    >>> found.k, found.confidence
    (3, 'high')
    """
    asked = criteria_of(also)
    question = ask(X, k, names)
    numbers = numbers_from(random_state)
    told = _Told(on_progress, count_steps(question.ks, len(question.order)))
    evidence = gather(
        question.rows,
        question.data,
        question.ks,
        question.order,
        numbers,
        told,
        by_medoids="medoid_silhouette" in asked,
    )
    decision = decide(evidence)
    found = _doubts(question, evidence, decision, numbers, are_features=are_features)
    values = {name: criterion.values(evidence) for name, criterion in asked.items()}
    stability = _stability(question, evidence.fits[decision.k], numbers)
    told.end()
    return Choice(
        decision=decision,
        confidence=doubts.confidence(
            decision.confidence,
            found,
            is_firm=stability is None or bool((stability.comes_back >= OFTEN).any()),
        ),
        criteria=values,
        preferences={name: CRITERIA[name].prefers(of, evidence) for name, of in values.items()},
        stability=stability,
        cannot_cut="shapes" in found,
        doubts=tuple(found.values()),
        models=Models(question.model, evidence.fits),
        evidence=evidence,
    )


class _Told:
    """Counts steps, and tells of them."""

    def __init__(self, listener: Listener, total: int) -> None:
        self._listener, self._total, self._done = listener, total, 0
        listener(Progress("choosing K", 0, total, "steps"))

    def __call__(self, what: str) -> None:
        self._done = min(self._done + 1, self._total)
        self._listener(Progress("choosing K", self._done, self._total, "steps", what))

    def end(self) -> None:
        """All is done, though some steps were not needed."""
        if self._done < self._total:
            self._listener(Progress("choosing K", self._total, self._total, "steps"))


def _some(question: Question, most: int, numbers: np.random.RandomState) -> tuple[Rows, Places]:
    chosen = draw(question.order, most, numbers)
    return take(question.rows, chosen), chosen


def _stability(question: Question, fit: Fit, numbers: np.random.RandomState) -> Stability | None:
    if len(fit.centers) == 1:
        return None
    rows, chosen = _some(question, HALVED_ROWS, numbers)
    of_these = fit._replace(labels=fit.labels[chosen])
    return stability_of(rows, of_these, numbers, resamples=_RESAMPLES)


def _explains_all(evidence: Evidence, k: int) -> bool:
    """Whether rows are where their centers are, but for rounding."""
    return evidence.fits[k].inertia <= EXPLAINED * evidence.total


def _lying_apart(evidence: Evidence, k: int) -> int:
    """k where there are valleys between as many clusters, else 0."""
    between = evidence.halves[k].between
    return k if between and float(np.mean(between)) < _APART else 0


def _doubts(
    question: Question,
    evidence: Evidence,
    decision: Decision,
    numbers: np.random.RandomState,
    *,
    are_features: bool,
) -> dict[str, str]:
    k = decision.k
    rows, _ = _some(question, HALVED_ROWS, numbers)

    def cut_round(some: Rows, groups: int) -> Labels:
        data = data_of(some)
        starts = [some[data.plus_plus(groups, numbers)] for _ in range(_STARTS_OF_SHAPES)]
        return best_of(map(data.fit, starts)).labels

    wider = None if are_features else doubts.scales(rows)
    look = _lying_apart(evidence, k), k if decision.confidence == "low" else None
    found = {
        "scales" if wider and wider.decides_alone else "widths": wider
        and wider.told(question.names),
        **({} if wider else shapes(rows, cut_round, *look)),
        "few": doubts.few(evidence.n, k),
        "untried": doubts.untried(
            evidence.ks, k, most_of(evidence.n), perfect=_explains_all(evidence, k)
        ),
        "edge": doubts.edge(evidence.ks, k),
        "outliers": doubts.outliers(evidence.fits[k]),
    }
    return {kind: sentence for kind, sentence in found.items() if sentence}
