"""How segments were found, in words, and the answer as plain values."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from kmosaic._percent import unsure
from kmosaic.labels.segments import sentence
from kmosaic.pipeline.segmenting import Segmented

_MOST_NAMES = 30


def how_it_was_found(found: Segmented) -> tuple[str, ...]:
    """How each column was looked at, what was left out, and why there are so many segments."""
    roles, features = found.roles, found.model.features
    why = []
    if roles.id_column is not None:
        why.append(f"{roles.id_column} names the rows and is not looked at.")
    left = [f"{name} ({reason})" for name, reason in roles.left_out.items()]
    if left:
        rest = f" and {len(left) - _MOST_NAMES} more" if len(left) > _MOST_NAMES else ""
        why.append(f"Left out: {', '.join(left[:_MOST_NAMES])}{rest}.")
    why.append(f"Looked at: {'; '.join(features.told())}.")
    if features.numbers:
        why.append(
            "Numbers are compared in spreads of their column (the standard deviation within its "
            "2 % and 98 % quantiles); one that is more than 4 spreads off counts as 4."
        )
    if features.categories:
        weight = features.categories[0].weight * 2**0.5
        far = "one spread" if abs(weight - 1) < 0.01 else f"{weight:.2g} spreads"
        why.append(f"Rows of different categories are {far} apart in that column.")
    return (*why, *found.why)


def summary_of(found: Segmented, noun: str) -> dict[str, Any]:
    """The segments as plain values."""
    count = found.count
    return {
        "n": len(found.labels),
        "k": len(found.segments),
        "columns": list(found.model.features.names),
        "explained": found.explained,
        "confidence": None if count is None else count.confidence,
        "probabilities": None
        if count is None
        else {str(k): part for k, part in unsure(count.probabilities).items()},
        "segments": [
            {
                "segment": one.number,
                "name": one.name,
                "size": one.size,
                "share": one.share,
                "stability": one.comes_back,
                "mean_distance": one.spread,
                "sentence": sentence(one, noun),
                "traits": [asdict(trait) for trait in one.traits],
            }
            for one in found.segments
        ],
        "rules": {
            "fidelity": found.rules.fidelity,
            "depth": found.rules.depth,
            "leaves": [
                {**asdict(rule), "conditions": list(rule.conditions)} for rule in found.rules.rules
            ],
        },
        "questions": list(found.roles.questions),
    }
