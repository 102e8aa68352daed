"""The answer in words: the sentences at the top of the page."""

from __future__ import annotations

from kmosaic._percent import share
from kmosaic.report.facts import Accuracy, Facts
from kmosaic.report.words import count, plural, quantity


def noun(facts: Facts) -> str:
    """What one item is called."""
    return "image" if facts.kind == "images" else "row"


def headline(facts: Facts) -> str:
    """The first line of the page, for example "1,797 images, 10 clusters"."""
    return f"{plural(facts.n_items, noun(facts))}, {plural(facts.n_clusters, 'cluster')}"


def standfirst(facts: Facts) -> str:
    """What was done, and how well it agrees with what is known."""
    if facts.accuracy is None:
        return (
            f"k-means put {noun(facts)}s that look alike together. No labels are known here, so "
            "look at the clusters and judge for yourself."
            if facts.kind == "images"
            else "k-means put rows with similar numbers together. No labels are known here."
        )
    return f"{_unseen(facts)} {_agreement(facts, facts.accuracy)}"


def one_to_one_tells(facts: Facts) -> bool:
    """Whether one-to-one accuracy means something: not with far more clusters than labels."""
    return facts.accuracy is not None and facts.n_clusters <= 2 * facts.accuracy.n_labels


def _unseen(facts: Facts) -> str:
    return f"k-means sorted the {noun(facts)}s without seeing a single label."


def _agreement(facts: Facts, accuracy: Accuracy) -> str:
    """The accuracy in words: by the names if there are any, else by one-to-one matching."""
    if facts.named_by == "labels" and accuracy.accuracy_majority is not None:
        right = count(round(accuracy.accuracy_majority * accuracy.n_scored))
        return (
            f"{_named_from(facts, accuracy)}, {share(accuracy.accuracy_majority)} of them stand "
            f"under their own label: {right} of {plural(accuracy.n_scored, noun(facts))}."
        )
    if accuracy.accuracy_one_to_one is not None:
        return (
            f"Matched one to one with the {plural(accuracy.n_labels, 'known label')}, "
            f"{share(accuracy.accuracy_one_to_one)} of {count(accuracy.n_scored)} {noun(facts)}s "
            "agree."
        )
    return ""


def _named_from(facts: Facts, accuracy: Accuracy) -> str:
    if accuracy.n_named_from and accuracy.n_named_from + accuracy.n_scored <= facts.n_items:
        few = plural(accuracy.n_named_from, f"labeled {noun(facts)}")
        return f"With the clusters named from {few} and tested on the rest"
    return "With each cluster named after its most common label"


def convergence(facts: Facts) -> str:
    """The chart of the convergence in words."""
    if not facts.starts:
        return ""
    best = next(start for start in facts.starts if start.is_best)
    ended = f"inertia {quantity(best.inertia)} after {plural(len(best.steps), 'iteration')}"
    if len(facts.starts) == 1:
        return f"The start that was kept ended with {ended}."
    worst = max(start.inertia for start in facts.starts)
    gap = share(worst / best.inertia - 1) if best.inertia else "0%"
    return (
        f"{len(facts.starts)} starts. The best, number {best.number}, ended with {ended}; "
        f"the worst ended {gap} higher."
    )
