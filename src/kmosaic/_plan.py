"""Whether there is enough to group, and how many starts of k-means are worth their time."""

from __future__ import annotations

from numbers import Integral
from typing import Any, Literal

import numpy.typing as npt

from kmosaic._arguments import argument
from kmosaic._errors import InputError

# Multiplications of one round over all rows that all starts together may cost: k-means ends in a
# poor local optimum more often than not, so where a start is cheap, many of them pay.
_ROUND_BUDGET = 1_000_000_000
_MOST_STARTS = 30


def check_number(n_clusters: Any) -> None:
    """Raise InputError unless a number of clusters is one, or "auto".

    >>> check_number("many")
    Traceback (most recent call last):
    kmosaic._errors.InputError: n_clusters must be 'auto' or a whole number of 1 or more, not...
    """
    is_whole = isinstance(n_clusters, Integral) and not isinstance(n_clusters, bool)
    if not (is_whole and int(n_clusters) >= 1) and not (
        isinstance(n_clusters, str) and n_clusters == "auto"
    ):
        raise InputError(
            f"{argument('n_clusters')} must be 'auto' or a whole number of 1 or more, not "
            f"{n_clusters!r}."
        )


def check_max_k(max_k: Any) -> int:
    """The most clusters to try, checked; InputError for less than 2."""
    if not isinstance(max_k, Integral):
        raise InputError(f"{argument('max_k')} is {max_k!r}: give a whole number, 2 or more.")
    if max_k < 2:
        raise InputError(
            f"{argument('max_k')} is {max_k}: give 2 or more, or there is nothing to choose."
        )
    return int(max_k)


def check_enough(n_clusters: int, count: int, which: str, things: str = "images") -> None:
    """Raise InputError if there are fewer things than clusters.

    >>> check_enough(8, 5, "in photos")
    Traceback (most recent call last):
    kmosaic._errors.InputError: 8 clusters need at least 8 images, and there are 5 in photos...
    """
    if n_clusters < 1:
        raise InputError(f"n_clusters must be 1 or more, not {n_clusters}.")
    if count < n_clusters:
        there_are = "there is 1" if count == 1 else f"there are {count or 'none'}"
        cure = f" Ask for at most {_clusters(count)}." if count else ""
        raise InputError(
            f"{n_clusters} clusters need at least {n_clusters} {things}, and {there_are} {which}."
            f"{cure}"
        )


def check_different(n_clusters: int, X: npt.NDArray[Any]) -> None:
    """Raise InputError if there are fewer different rows of X than clusters.

    >>> import numpy as np
    >>> check_different(2, np.ones((5, 3)))
    Traceback (most recent call last):
    kmosaic._errors.InputError: All 5 images look the same in these features, so there are no 2 ...
    """
    count = count_distinct(X, n_clusters)
    if count == 1 < n_clusters:
        raise InputError(
            f"All {len(X)} images look the same in these features, so there are no {n_clusters} "
            "groups of them. Give images that differ, or choose other features."
        )
    check_enough(n_clusters, count, "that differ")


def _clusters(count: int) -> str:
    return "1 cluster" if count == 1 else f"{count} clusters"


def count_distinct(X: npt.NDArray[Any], enough: int) -> int:
    """Count the different rows of X, but no further than `enough`.

    >>> import numpy as np
    >>> count_distinct(np.array([[1.0], [1.0], [2.0]]), enough=5)
    2
    """
    seen: set[bytes] = set()
    for row in X:
        seen.add((row + 0).tobytes())  # + 0 makes -0.0 and 0.0 the same bytes
        if len(seen) == enough:
            break
    return len(seen)


def choose_starts(n_init: int | Literal["auto"], n: int, d: int, k: int) -> int:
    """The number of starts of k-means: as asked for, else 1 to 30, more where one is cheap.

    >>> choose_starts("auto", n=1797, d=48, k=10), choose_starts("auto", n=70_000, d=784, k=10)
    (30, 1)
    """
    if n_init != "auto":
        if n_init < 1:
            raise InputError(f"n_init must be 'auto' or 1 or more, not {n_init}.")
        return n_init
    return max(1, min(_MOST_STARTS, _ROUND_BUDGET // max(1, n * d * k)))
