"""What every criterion of the number of clusters is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from kmosaic.n_clusters.evidence import Evidence

Values = dict[int, float]  # of each k for which it has a meaning
NEEDS_TWO = "needs 2 or more clusters, and fewer clusters than rows"


@dataclass(frozen=True)
class Criterion:
    """A number for each k, and which k it would choose by itself."""

    name: str  # a column of the table
    title: str  # as people write it
    higher_is_better: bool
    values: Callable[[Evidence], Values]
    prefers: Callable[[Mapping[int, float], Evidence], int | None]
    why_left_out: str  # where there is no value
    source: str  # the paper
    rule: str = ""  # by which it chooses by itself; the best value where nothing is said
    on_request: bool = False  # takes time that few want to spend

    @property
    def own_rule(self) -> str:
        """In words, which k it would choose by itself."""
        return self.rule or f"the K of the {'highest' if self.higher_is_better else 'lowest'} value"

    @property
    def heading(self) -> str:
        """The title as it stands at the beginning of a line."""
        return capitalized(self.title)


def capitalized(text: str) -> str:
    """The text with its first letter large, and the others as they are.

    >>> capitalized("gap of BIC")
    'Gap of BIC'
    """
    return text[:1].upper() + text[1:]


def highest(values: Mapping[int, float], _: Evidence | None = None) -> int | None:
    """The k of the largest value, the smallest of equals.

    >>> highest({2: 0.5, 3: 0.7, 4: 0.7})
    3
    """
    return max(values, key=lambda k: (values[k], -k)) if values else None


def lowest(values: Mapping[int, float], _: Evidence | None = None) -> int | None:
    """The k of the smallest value, the smallest of equals.

    >>> lowest({2: 0.5, 3: 0.1})
    3
    """
    return min(values, key=lambda k: (values[k], k)) if values else None


def largest_with(values: Mapping[int, float], at_least: float) -> int | None:
    """The largest k whose value is so high.

    >>> largest_with({1: 1.0, 2: 0.9, 3: 0.4}, 0.8)
    2
    """
    return max((k for k, value in values.items() if value >= at_least), default=None)
