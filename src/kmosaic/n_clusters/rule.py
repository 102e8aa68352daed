"""The rule that chooses K: a probability for each k from what its fit shows.

For each k a score is added up from what fits of halves of the rows showed (`halves.py`), the gap
statistic and what clusters explain beyond chance; probabilities are the exponentials of the scores
over their sum (a conditional logit, McFadden 1974). The weights are those under which the true k of
some hundreds of generated data sets are most probable: `python -m benchmarks.choose_k.calibrate`
finds them, and says how often the rule is right on sets that it was not calibrated on. No criterion
has a vote: how much each says is measured.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from kmosaic.n_clusters.criteria import CRITERIA
from kmosaic.n_clusters.criteria.resampled import mean_of
from kmosaic.n_clusters.evidence import Evidence
from kmosaic.n_clusters.reference import Reference

HIGH, MEDIUM = 0.9, 0.6  # probabilities from which confidence is called so
EXPLAINED = 1e-12  # of the inertia of one cluster: rounding
_STRUCTURELESS = 1 / 3  # probability from which one cluster is chosen
_MOST_FALL, _MOST_BEYOND = 1.5, 0.5

WEIGHTS: dict[str, float] = {
    "one": -2.05,
    "between": -2.03,
    "shallowest": -1.09,
    "weakest": 3.83,
    "deepest": 4.23,
    "inside": 5.47,
    "normal": 4.61,
    "normal_one": -3.76,
    "full_one": 4.66,
    "gap": 4.56,
    "fall_after": 2.77,
    "beyond": 4.74,
    "beyond_after": 4.43,
    "beyond_one": -7.86,
}


@dataclass(frozen=True)
class Decision:
    """What the rule says."""

    k: int
    probabilities: dict[int, float]  # of each k that may be the answer
    runner_up: int | None

    @property
    def confidence(self) -> str:
        """Whether the k chosen is "high", "medium" or "low" in probability (0.9, 0.6)."""
        probability = self.probabilities[self.k]
        return "high" if probability >= HIGH else "medium" if probability >= MEDIUM else "low"


def decide(evidence: Evidence) -> Decision:
    """The k that the probabilities speak for, and the next."""
    may_be = answers(evidence)
    scores = {k: _score(traits) for k, traits in traits_of(evidence).items() if k in may_be}
    highest = max(scores.values())
    shares = {k: math.exp(score - highest) for k, score in scores.items()}
    total = sum(shares.values())
    probabilities = {k: share / total for k, share in shares.items()}
    k = chosen(probabilities)
    others = [other for other in probabilities if other != k]
    runner_up = min(others, key=lambda other: (-probabilities[other], other), default=None)
    return Decision(k, probabilities, runner_up)


def most_of(n: int) -> int:
    """The most clusters that n rows may have: about two rows each.

    >>> most_of(3), most_of(200)
    (2, 100)
    """
    return (n + 1) // 2


def answers(evidence: Evidence) -> set[int]:
    """Numbers that may be the answer: with rows that are left alone nothing is grouped.

    About two rows a cluster, or all rows where their centers are; if none is so, every k.
    """
    found = {
        k
        for k, fit in evidence.fits.items()
        if k <= most_of(evidence.n)
        or (k < evidence.n and fit.inertia <= EXPLAINED * evidence.total)
    }
    return found or set(evidence.fits)


def chosen(probabilities: Mapping[int, float]) -> int:
    """The most probable k; 1 only where that has a third of all probability.

    Where there is structure but no number stands out, the many k share what speaks for it; where
    there is none, they share what chance makes of it. A third was best on the generated sets.

    >>> chosen({1: 0.5, 2: 0.3, 3: 0.2}), chosen({1: 0.3, 2: 0.2, 3: 0.25}), chosen({1: 1.0})
    (1, 3, 1)
    """
    others = [k for k in probabilities if k > 1]
    if not others:
        return 1
    best = min(others, key=lambda k: (-probabilities[k], k))
    one = probabilities.get(1, 0.0)
    return 1 if one >= max(_STRUCTURELESS, probabilities[best]) else best


def traits_of(evidence: Evidence) -> dict[int, dict[str, float]]:
    """What the scores are made of, for each k that could be fitted."""
    seen = {
        name: mean_of(evidence, lambda each, name=name: getattr(each, name))  # type: ignore[misc]
        for name in _ABSENT
    }
    gap, after = CRITERIA["gap"].values(evidence), _falls_after(evidence.reference)
    beyond = CRITERIA["beyond_even"].values(evidence)
    rises = _rises_after(beyond, sorted(evidence.fits))
    # What speaks against one cluster: what others explain, and how well the best are apart.
    most = _above_none(max(beyond.values(), default=0.0))
    fullness = min((value for k, value in seen["between"].items() if k > 1), default=1.0)
    found = {}
    for k in evidence.fits:
        traits = {name: values.get(k, _absent(name, k)) for name, values in seen.items()}
        found[k] = {
            "one": float(k == 1),
            "normal_one": traits["normal"] * (k == 1),
            "full_one": fullness * (k == 1),
            "gap": gap.get(k, 0.0),
            "fall_after": after.get(k, 0.0),
            "beyond": _above_none(beyond.get(k, 0.0)),
            "beyond_after": rises.get(k, 0.0),
            "beyond_one": most * (k == 1),
            **traits,
        }
    return found


def _above_none(beyond: float) -> float:
    """What is explained beyond chance: less than none tells no more than none."""
    return min(max(beyond, 0.0), _MOST_BEYOND)


def _rises_after(beyond: Mapping[int, float], ks: Sequence[int]) -> dict[int, float]:
    """By how much the next k explains more beyond chance; one cluster explains nothing."""
    found = {}
    for k, following in pairwise(ks):
        rise = beyond.get(following, 0.0) - beyond.get(k, 0.0)
        found[k] = min(max(rise, -_MOST_BEYOND), _MOST_BEYOND)
    return found


def _falls_after(reference: Reference) -> dict[int, float]:
    """By how much the log of the inertia falls to the next k; after the last, as rows drawn evenly.

    Weighed with the gap it makes the gap a matter of this k and its neighbors.
    """
    real = reference.real
    ks = sorted(real)
    falls = {k: real[k] - real[following] for k, following in pairwise(ks)}
    if len(ks) > 1:
        before, last = (float(np.mean(reference.drawn[k])) for k in ks[-2:])
        falls[ks[-1]] = before - last
    return {k: min(max(fall, 0.0), _MOST_FALL) for k, fall in falls.items()}


def _absent(name: str, k: int) -> float:
    # One cluster has none beside it.
    return 0.0 if k == 1 and name in ("between", "shallowest") else _ABSENT[name]


# Of a k whose halves could not be held against each other: nothing speaks for it.
_ABSENT = {
    "between": 1.0,
    "shallowest": 1.5,
    "weakest": 0.0,
    "deepest": 1.0,
    "inside": 1.0,
    "normal": 1.0,
}


def _score(traits: dict[str, float]) -> float:
    return sum(weight * traits[name] for name, weight in WEIGHTS.items())
