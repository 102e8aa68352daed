"""The number of clusters and its reasons as plain values."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from kmosaic._percent import unsure
from kmosaic.n_clusters.choice import Choice
from kmosaic.n_clusters.words import sentences


def summary_of(choice: Choice) -> dict[str, Any]:
    """What was chosen, how sure that is, and all that it rests on, ready for JSON."""
    stability = choice.stability
    return {
        "k": choice.k,
        "confidence": choice.confidence,
        "probabilities": _plain(unsure(choice.probabilities)),
        "runner_up": choice.runner_up,
        "criteria": {name: _plain(values) for name, values in choice.criteria.items()},
        "preferences": choice.preferences,
        "stability": None
        if stability is None
        else {
            "jaccard": stability.jaccard.tolist(),
            "comes_back": stability.comes_back.tolist(),
        },
        "doubts": list(choice.doubts),
        "explain": list(sentences(choice)),
    }


def _plain(values: Mapping[int, float]) -> dict[str, float | None]:
    return {str(k): value if math.isfinite(value) else None for k, value in values.items()}
