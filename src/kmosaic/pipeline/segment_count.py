"""How many segments: the calibrated rule of choose_k, among numbers that people can use."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kmosaic._errors import InputError
from kmosaic._events import Listener
from kmosaic._percent import chance
from kmosaic._plan import check_max_k, count_distinct
from kmosaic._values import Rows
from kmosaic.n_clusters import choose, sentences

_MOST_ROWS = 10_000  # that the number is chosen on


@dataclass(frozen=True, eq=False)
class Counted:
    """A number of segments, and why."""

    k: int
    centers: Rows  # (k, d) of the rows that were looked at
    probabilities: dict[int, float]  # by the rule, 1 among them
    confidence: str
    why: tuple[str, ...]


def choose_count(rows: Rows, max_k: int, seed: int, tell: Listener) -> Counted:
    """Choose the number of segments of rows, (n, d), among 2 to max_k.

    That there are no groups is looked at as well: then the likeliest number of two or more is
    taken, and it is said that the segments cut a cloud. Of more than 10,000 rows so many are drawn
    to choose the number. Raises InputError.
    """
    check_max_k(max_k)
    some, why = rows, []
    if len(rows) > _MOST_ROWS:
        chosen = np.random.default_rng(seed).choice(len(rows), _MOST_ROWS, replace=False)
        some = np.ascontiguousarray(rows[np.sort(chosen)])
        why.append(f"The number was chosen on {_MOST_ROWS:,} rows drawn at random.")
    most = count_distinct(some, max_k)
    if most < 2:
        raise InputError("All rows are alike: there is nothing to segment.")
    choice = choose(some, range(1, most + 1), random_state=seed, on_progress=tell)
    probabilities = choice.probabilities
    if choice.k > 1:
        centers = choice.model.cluster_centers_
        return Counted(
            choice.k,
            centers,
            probabilities,
            choice.confidence,
            (*sentences(choice, by_number=False), *why),
        )
    several = {k: part for k, part in probabilities.items() if k > 1}
    k = max(several, key=lambda one: several[one])
    among = several[k] / (sum(several.values()) or 1.0)
    told = (
        f"K = {k} is the likeliest number of two or more ({chance(among)} among these by the rule, "
        "confidence: low).",
        f"That there are no groups at all has {chance(probabilities[1])}: read the segments as "
        "parts of a cloud, with neighbors across each border, and not as islands.",
        *choice.doubts,
    )
    return Counted(k, choice.models[k].cluster_centers_, probabilities, "low", (*told, *why))
