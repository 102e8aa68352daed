"""Shares and probabilities as they are told: nothing is rounded to all, or to certain."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

MOST_SURE = 0.999  # what a probability is told as at most: no rule is surer of anything
K = TypeVar("K")


def percent(part: float) -> str:
    """A share of the whole in whole percent.

    >>> percent(0.904), percent(0.9996), percent(1.0), percent(0.0004), percent(0.0)
    ('90%', '>99%', '100%', '<1%', '0%')
    """
    if 0 < part < 0.005:
        return "<1%"
    return ">99%" if 0.995 <= part < 1 else f"{part:.0%}"


def share(part: float) -> str:
    """A share of the whole in percent with a decimal.

    >>> share(0.9034), share(1.0), share(0.99998), share(0.0002), share(0.0)
    ('90.3%', '100%', '>99.9%', '<0.1%', '0%')
    """
    if part in (0, 1):
        return f"{part:.0%}"
    if part > 0.9995:
        return ">99.9%"
    return "<0.1%" if part < 0.0005 else f"{part:.1%}"


def chance(probability: float) -> str:
    """A probability in whole percent, which is never 0 or 100.

    >>> chance(0.904), chance(0.9996), chance(1.0), chance(0.0)
    ('90%', '>99%', '>99%', '<1%')
    """
    return percent(min(max(probability, 1 - MOST_SURE), MOST_SURE))


def unsure(probabilities: Mapping[K, float]) -> dict[K, float]:
    """Probabilities of which none is certain, where there is more than one to choose among.

    >>> unsure({2: 1.0, 3: 1e-17}), unsure({4: 1.0})
    ({2: 0.999, 3: 1e-17}, {4: 1.0})
    """
    if len(probabilities) < 2:
        return dict(probabilities)
    return {of: min(part, MOST_SURE) for of, part in probabilities.items()}
