"""The rule that chooses K: a probability for each k from what its fit shows.

For each k a score is added up from what fits of halves of the rows showed (`halves.py`) and the gap
statistic; probabilities are the exponentials of the scores over
their sum (a conditional logit, McFadden 1974). The weights are those under which the true k of
some hundreds of generated data sets is most probable: `benchmarks/choose_k/calibrate.py` finds
them, and says how often the rule is right on sets that it was not calibrated on. No criterion has a
vote: how much each says is measured.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from kmosaic.n_clusters.criteria import CRITERIA
from kmosaic.n_clusters.criteria.resampled import mean_of
from kmosaic.n_clusters.evidence import Evidence

HIGH, MEDIUM = 0.9, 0.6  # probabilities from which confidence is called so

WEIGHTS: dict[str, float] = {
    "one": -5.05,
    "between": -3.60,
    "shallowest": -2.27,
    "weakest": 2.22,
    "deepest": 7.84,
    "inside": 4.12,
    "normal": 2.86,
    "gap": 3.55,
}


@dataclass(frozen=True)
class Decision:
    """What the rule says."""

    k: int
    probabilities: dict[int, float]  # of each k that could be fitted
    runner_up: int | None

    @property
    def confidence(self) -> str:
        """Whether the k chosen is "high", "medium" or "low" in probability (0.9, 0.6)."""
        probability = self.probabilities[self.k]
        return "high" if probability >= HIGH else "medium" if probability >= MEDIUM else "low"


def decide(evidence: Evidence) -> Decision:
    """The most probable k, the smaller of equals."""
    scores = {k: _score(traits) for k, traits in traits_of(evidence).items()}
    highest = max(scores.values())
    shares = {k: math.exp(score - highest) for k, score in scores.items()}
    total = sum(shares.values())
    probabilities = {k: share / total for k, share in shares.items()}
    ranked = sorted(probabilities, key=lambda k: (-probabilities[k], k))
    return Decision(ranked[0], probabilities, ranked[1] if len(ranked) > 1 else None)


def traits_of(evidence: Evidence) -> dict[int, dict[str, float]]:
    """What the scores are made of, for each k that could be fitted."""
    seen = {
        name: mean_of(evidence, lambda each, name=name: getattr(each, name))  # type: ignore[misc]
        for name in _ABSENT
    }
    gap = CRITERIA["gap"].values(evidence)
    return {
        k: {
            "one": float(k == 1),
            "gap": gap.get(k, 0.0),
            **{name: values.get(k, _absent(name, k)) for name, values in seen.items()},
        }
        for k in evidence.fits
    }


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
