"""Why this K, in plain sentences."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from kmosaic._percent import chance, percent
from kmosaic.n_clusters.choice import Choice
from kmosaic.n_clusters.criteria import CRITERIA
from kmosaic.n_clusters.criteria.base import capitalized
from kmosaic.n_clusters.kinship import split_clusters
from kmosaic.n_clusters.resamples import COMES_BACK, OFTEN

_NOT_COUNTED = {"inertia", "faults"}  # one is for reading only, the other is told by itself


def sentences(choice: Choice, *, by_number: bool = True) -> tuple[str, ...]:
    """What was chosen, who agrees, who does not and why, how stable it is, and what is doubtful.

    by_number: False leaves out what tells of clusters by their numbers, which are others elsewhere.
    """
    return (
        _answer(choice),
        *_criteria(choice, by_number),
        *(_stability(choice) if by_number else ()),
        *_left_out(choice),
        *choice.doubts,
    )


def _answer(choice: Choice) -> str:
    sure = f"confidence: {choice.confidence}, {chance(choice.probabilities[choice.k])} by the rule"
    if choice.confidence != choice.decision.confidence:
        sure += " but see below"
    second = choice.runner_up
    beside = "" if second is None else f" Runner-up: {_name(second)}"
    if second is not None:
        beside += f" ({chance(choice.probabilities[second])})."
    if second == 1 and choice.probabilities[1] > choice.probabilities[choice.k]:
        beside += " One cluster is the answer only with a third of all probability."
    if choice.k == 1:
        nothing = (
            "K-means finds no clusters" if choice.cannot_cut else "No cluster structure was found"
        )
        return f"{nothing}, K = 1 ({sure}).{beside}"
    return f"K = {choice.k} ({sure}).{beside}"


def _name(k: int) -> str:
    return "no clusters" if k == 1 else str(k)


def _criteria(choice: Choice, by_number: bool) -> list[str]:
    if len(choice.evidence.ks) == 1:
        return []
    named = {
        CRITERIA[name].title: k
        for name, k in choice.preferences.items()
        if k is not None and name not in _NOT_COUNTED
    }
    agree = [title for title, k in named.items() if k == choice.k]
    others: dict[int, list[str]] = {}
    for title, k in named.items():
        if k != choice.k:
            others.setdefault(k, []).append(title)
    found = []
    if agree:
        verb = "agree" if len(agree) > 1 else "agrees"
        found.append(capitalized(f"{listed(agree)} {verb}."))
    elif others:
        found.append("No single criterion prefers it; what the clusters look like decides.")
    for k in sorted(others):
        verb = "prefer" if len(others[k]) > 1 else "prefers"
        found.append(
            capitalized(f"{listed(others[k])} {verb} {k}{_by(choice, k) if by_number else ''}.")
        )
    return found


def _by(choice: Choice, k: int) -> str:
    """What another number of clusters would do to those that were chosen."""
    fits = choice.evidence.fits
    few, many = sorted((k, choice.k))
    if few == 1:
        return "" if k > 1 else " (no clusters)"
    cut = split_clusters(fits[few].labels, fits[many].labels)
    if not cut or len(cut) > 3:
        return ""
    if k > choice.k:
        return f" by splitting {_clusters(cut)}"
    from_these = split_clusters(fits[many].labels, fits[few].labels)
    return "" if from_these else f" by merging what K = {choice.k} tells apart"


def _stability(choice: Choice) -> list[str]:
    if choice.stability is None:
        return []
    back = choice.stability.comes_back
    firm = back >= OFTEN
    count = int(firm.sum())
    if firm.all():
        every = "Both" if choice.k == 2 else f"All {choice.k}"
        return [f"{every} clusters come back in {_share(back.min())} of resamples."]
    weak = ", ".join(f"cluster {c} in {percent(back[c])}" for c in np.flatnonzero(~firm)[:5])
    more = f" and {choice.k - count - 5} more" if choice.k - count > 5 else ""
    if not count:
        return [f"No cluster comes back in {OFTEN:.0%} of resamples: {weak}{more}."]
    verb = "come back" if count > 1 else "comes back"
    return [
        f"{count} of {choice.k} clusters {verb} in {_share(back[firm].min())} of resamples "
        f"(Jaccard index {COMES_BACK} or more); {weak}{more}."
    ]


def _share(least: float) -> str:
    return "100%" if least == 1 else f"{least:.0%} or more"


def _left_out(choice: Choice) -> list[str]:
    """Criteria without any value, and why."""
    empty = [
        f"{CRITERIA[name].title} ({CRITERIA[name].why_left_out})"
        for name, values in choice.criteria.items()
        if not values
    ]
    return [f"Left out: {listed(empty)}."] if empty else []


def _clusters(which: Sequence[int]) -> str:
    return f"cluster{'s' if len(which) > 1 else ''} {listed([str(each) for each in which])}"


def listed(words: Sequence[str]) -> str:
    """Words as a list in a sentence.

    >>> listed(["a"]), listed(["a", "b", "c"])
    ('a', 'a, b and c')
    """
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"
