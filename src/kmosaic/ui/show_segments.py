"""What is printed about segments: who they are, in rules, how sure, where to look."""

from __future__ import annotations

import shlex

from rich.console import Console

from kmosaic._percent import percent, share
from kmosaic.labels.segments import sentence
from kmosaic.tasks.segments import Segments
from kmosaic.tasks.segments_of_new import NewSegments
from kmosaic.ui.show import time_line, to_json

_MOST_RULES = 12  # printed; the page has them all

_ABOUT = {
    "report.html": "open it in a browser",
    "segments.csv": "the table, each row with its segment and distance",
    "segments.parquet": "the same, for data tools",
    "profile.csv": "what sets each segment apart, column by column",
    "answer.json": "this answer and the settings, for programs",
    "model/": "for new rows: kmosaic predict {model} NEW-ROWS",
}


def show_segments(found: Segments | NewSegments, as_json: bool) -> None:
    """Print the segments, or those of new rows."""
    console = Console(highlight=False, markup=False, emoji=False)
    text = to_json(found) if as_json else segments_text(found)
    console.print(text, soft_wrap=as_json or not console.is_terminal)


def segments_text(found: Segments | NewSegments) -> str:
    """The answer for a person."""
    parts = _of_new(found) if isinstance(found, NewSegments) else _of_all(found)
    parts.append([time_line(found.seconds)])
    if found.out is not None:
        model = shlex.quote(f"{found.out}/model")
        width = max(map(len, found.files))
        lines = [f"  {name:{width}}  {_ABOUT[name].format(model=model)}" for name in found.files]
        parts.append([f"Wrote {found.out}/", *lines])
    return "\n\n".join("\n".join(part) for part in parts if part)


def _of_all(found: Segments) -> list[list[str]]:
    segments, rules = found.segments, found.rules
    lines = []
    for one in segments:
        stable = "" if one.comes_back is None else f" Stability {percent(one.comes_back)}."
        lines += [f"{one.number}. {one.name}", f"   {sentence(one, found.noun)}{stable}"]
    told = [
        f"  {' and '.join(rule.conditions) or 'always'}: segment {rule.segment} "
        f"({rule.size:,}, {percent(rule.agrees)} right)"
        for rule in rules.rules
    ]
    if len(told) > _MOST_RULES:
        told[_MOST_RULES:] = [f"  ... and {len(told) - _MOST_RULES} more, see report.html"]
    many = len(segments)
    return [
        [f"{many} segment{'s' if many > 1 else ''} of {len(found.labels):,} {found.noun}, "
         f"{percent(found.found.explained)} of the variance explained."],
        lines,
        [f"In rules, which tell the segment of {share(rules.fidelity)} rightly:", *told],
        list(found.why),
        [f"Only you can tell: {question}" for question in found.questions],
    ]  # fmt: skip


def _of_new(found: NewSegments) -> list[list[str]]:
    n = len(found.labels)
    return [
        [f"{n:,} {found.noun} in the {found.model.n_clusters} segments of the model."],
        [
            f"{number}. {name}: {size:,} ({percent(size / n)})"
            for number, (name, size) in enumerate(
                zip(found.model.names, found.sizes, strict=True), start=1
            )
        ],
        list(found.why),
    ]
