"""Which few labels are looked at when only a part of them may be."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from kmosaic._arguments import argument
from kmosaic._errors import InputError
from kmosaic.labels.truth import known_labels


def labeled_part(truth: Any, fraction: float, seed: int = 0) -> npt.NDArray[np.bool_]:
    """Choose which items' labels may name the clusters: (n,) booleans for `known`.

    A seeded part of the labeled items, as near to `fraction` (above 0, below 1) as whole items
    allow and at least one; each label gets its share to within one item. At least one labeled
    item is left to score on. Raises InputError if fewer than two items are labeled.

    >>> labeled_part(["a"] * 50 + ["b"] * 50, 0.1).reshape(2, 50).sum(axis=1).tolist()
    [5, 5]
    """
    if not 0 < fraction < 1:
        name = argument("labeled_fraction")
        raise InputError(f"{name} must lie between 0 and 1, not {fraction}.")
    known = known_labels(truth, len(truth))
    labeled = np.flatnonzero([label is not None for label in known])
    if len(labeled) < 2:
        raise InputError(
            f"{argument('labeled_fraction')} needs at least two items with known labels, found "
            f"{len(labeled)}."
        )
    count = min(max(1, round(fraction * len(labeled))), len(labeled) - 1)
    # Systematic sampling: walk through the items sorted by label in equal steps from a random
    # start. Unlike a split with a fixed share per label it works for labels of any rarity.
    random = np.random.default_rng(seed)
    shuffled = random.permutation(labeled)
    by_label = shuffled[np.argsort(known[shuffled].astype(str), kind="stable")]
    steps = (np.arange(count) + random.random()) * (len(labeled) / count)
    part = np.zeros(len(known), dtype=bool)
    part[by_label[np.minimum(steps.astype(int), len(labeled) - 1)]] = True
    return part
