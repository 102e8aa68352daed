"""What is printed: the answer first, then where to look."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol, TypeVar

from rich.console import Console

from kmosaic._percent import chance, share
from kmosaic._store.answers import ANSWER, answer_text
from kmosaic.labels import dominant_labels, dominant_text
from kmosaic.n_clusters import Table, sentences
from kmosaic.pipeline import Run
from kmosaic.save import Saved
from kmosaic.tasks import Answer, Chosen, Prediction
from kmosaic.tasks.k_of_source import FILES

MOST_LINES = 30  # clusters printed; the table and the report have them all
_BESIDE = 5  # K printed on each side of the one chosen, and of the runner-up, where there are many

_ABOUT = {
    "report.html": "open it in a browser",
    "how-many.html": "why so many groups",
    "assignments.csv": "the cluster of every item",
    "assignments.parquet": "the same, for data tools",
    "skipped.csv": "what was left out, and why",
    ANSWER: "this answer and the settings, for programs",
    "model/": "for new ones: kmosaic predict {model} NEW",
    "terms.csv": "the words that tell each cluster from the others",
}


_ABOUT_CHOICE = {
    "criteria.csv": "every criterion for every K, with all digits",
    "assignments.csv": "the cluster of every row, for the K chosen",
}


class Summarized(Protocol):
    """Something with an answer in plain values."""

    def summary(self) -> dict[str, Any]:
        """The answer, ready for JSON."""


Some = TypeVar("Some", bound=Summarized)


def print_answer(done: Some, to_text: Callable[[Some], str], as_json: bool) -> None:
    """Print an answer on standard output, for a person or as JSON."""
    console = Console(highlight=False, markup=False, emoji=False)
    text = to_json(done) if as_json else to_text(done)
    console.print(text, soft_wrap=as_json or not console.is_terminal)


def answer(done: Run | Prediction, as_json: bool) -> None:
    """Print the answer on standard output, wrapped at words where that is a terminal."""
    print_answer(done, to_text, as_json)


def show_choice(chosen: Chosen, as_json: bool) -> None:
    """Print how many clusters there are, and why."""
    print_answer(chosen, choice_text, as_json)


def choice_text(chosen: Chosen) -> str:
    """The answer for a person: the reasons, a table, and where to look."""
    parts = [
        list(sentences(chosen.answer)),
        [short_table(chosen.answer)],
        [*chosen.why, time_line(chosen.seconds)],
    ]
    parts.append(wrote(chosen.out, FILES, _ABOUT_CHOICE))
    return "\n\n".join("\n".join(part) for part in parts if part)


def short_table(answer: Answer) -> str:
    """The criteria and the K that fit on a screen; criteria.csv and the page have them all."""
    names = ("silhouette", "calinski_harabasz", "gap", "prediction_strength", "stability")
    columns = ["k", "probability", "inertia", *names]
    near = {answer.k, answer.runner_up or answer.k}
    rows = [
        {name: row[name] for name in columns}
        for row in answer.table
        if len(answer.table) <= MOST_LINES or any(abs(row["k"] - k) <= _BESIDE for k in near)
    ]
    return str(Table(columns, [row | {"probability": _percent(row)} for row in rows]))


def _percent(row: Mapping[str, Any]) -> str:
    return "" if row["probability"] is None else chance(row["probability"])


def to_json(done: Summarized) -> str:
    """The answer as one JSON object; numbers that JSON does not have become null."""
    return answer_text(done.summary())


def to_text(done: Run | Prediction) -> str:
    """The answer for a person."""
    parts = [
        [headline(done), *done.why],
        cluster_lines(done),
        [*score_lines(done), time_line(done.seconds)],
        [
            *skipped_lines(done),
            *(saved_lines(done.saved, _THINGS[done.items.kind]) if done.saved else ()),
        ],
    ]
    return "\n\n".join("\n".join(part) for part in parts if part)


_THINGS = {"images": "images", "vectors": "rows", "documents": "documents"}


def headline(done: Run | Prediction) -> str:
    """What was done, in a sentence."""
    things = _counted(len(done.items), _THINGS[done.items.kind])
    clusters = _counted(done.assignment.n_clusters, "clusters")
    if isinstance(done, Run):
        blind = "" if done.items.labels is None else ", without looking at their labels"
        return f"Grouped {things} into {clusters}{blind}."
    return f"Classified {things} into the model's {clusters}."


def _counted(count: int, things: str) -> str:
    return f"{count:,} {things[:-1] if count == 1 else things}"


def cluster_lines(done: Run | Prediction, most: int = MOST_LINES) -> list[str]:
    """One line for each cluster: its three dominant labels, or its size."""
    truth = done.items.labels
    if truth is not None:
        found = dominant_labels(done.assignment, truth)
        lines = [dominant_text(cluster, labels) for cluster, labels in enumerate(found)]
        if done.names.source == "terms":
            lines = [f"{line}: {done.names[c]}" for c, line in enumerate(lines)]
        if done.names.source == "file":
            lines = [f"{line}, named {done.names[c]}" if done.names.named[c] else line
                     for c, line in enumerate(lines)]  # fmt: skip
    else:
        lines = [f"Cluster {c}: {size:,}" for c, size in enumerate(done.assignment.sizes)]
        lines = [f"{line} {_called(done, c)}".rstrip() for c, line in enumerate(lines)]
    if len(lines) > most:
        rest = len(lines) - most
        lines[most:] = [f"... and {rest:,} more clusters, see assignments.csv"]
    return lines


def _called(done: Run | Prediction, cluster: int) -> str:
    return f"({done.names[cluster]})" if done.names.named[cluster] else ""


def score_lines(done: Run | Prediction) -> list[str]:
    """How well the clusters agree with the known labels, where there are any."""
    scores = done.scores
    if scores is None:
        return []
    of_these = f" of the {scores.n_scored:,} that have a label" if scores.n_unlabeled else ""
    given = "the names given" if isinstance(done, Run) else "the model's names"
    named = given if scores.n_named_from == 0 else "each cluster named by majority"
    if scores.n_named_from and scores.n_named_from != scores.n_scored:
        named = (
            f"the clusters named from {scores.n_named_from:,} labels, "
            f"counted on the {scores.n_scored:,} others"
        )
    return [
        f"Accuracy: {share(scores.accuracy_majority)}{of_these} with {named}",
        f"          {share(scores.accuracy_one_to_one)} with one cluster for each label",
        f"Agreement: NMI {scores.nmi:.3f}, adjusted Rand index {scores.ari:.3f}",
    ]


def time_line(seconds: Mapping[str, float]) -> str:
    """Where the time went; what took next to none is left out.

    >>> time_line({"features": 1.25, "k-means": 0.4, "names": 0.001})
    'Time: features 1.2 s, k-means 0.4 s; 1.7 s in all'
    """
    stages = [f"{stage} {spent:.1f} s" for stage, spent in seconds.items() if spent >= 0.05]
    total = f"{sum(seconds.values()):.1f} s in all"
    return f"Time: {', '.join(stages)}; {total}" if stages else f"Time: {total}"


def skipped_lines(done: Run | Prediction) -> list[str]:
    """How many could not be read, and how many could but not be grouped, each with the first."""
    lines = []
    documents = done.items.kind == "documents"
    unread = "without readable text" if documents else "could not be read"
    for was_read, what in ((False, unread), (True, "with text, but nothing to group them by")):
        some = [one for one in done.skipped if one.was_read == was_read]
        if some:
            lines.append(f"{len(some):,} {what}, for example {some[0].id}: {some[0].reason}")
    return [*lines, ""] if lines else []


def saved_lines(saved: Saved, things: str = "images") -> list[str]:
    """Where the results are, and what each is for."""
    about = {}
    if saved.sorted is not None:
        images, folders = len(saved.sorted.files), len(saved.sorted.counts)
        about["sorted/"] = f"{images:,} {things} in {folders:,} folders, by {saved.sorted.how}"
        if saved.sorted.copied:
            about["sorted/"] += f" ({saved.sorted.copied:,} had to be copied)"
    order = sorted(saved.files, key=lambda name: name != "report.html")
    return wrote(saved.out, order, about, "Would write" if saved.dry_run else "Wrote")


def wrote(
    out: Path | None, files: Sequence[str], about: Mapping[str, str], verb: str = "Wrote"
) -> list[str]:
    """Where the results are, and what each is for; nothing where nothing was written."""
    if out is None:
        return []
    known, model = _ABOUT | dict(about), shlex.quote(f"{out}/model")
    width = max(map(len, files))
    return [
        f"{verb} {out}/",
        *(f"  {name:{width}}  {known[name].format(model=model)}" for name in files),
    ]
