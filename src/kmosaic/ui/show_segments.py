"""What is printed about segments: who they are, in rules, how sure, where to look."""

from __future__ import annotations

from kmosaic._percent import percent, share
from kmosaic.features.mixed import counted
from kmosaic.labels.segments import sentence
from kmosaic.report.words import plural
from kmosaic.tasks.segments import Segments
from kmosaic.tasks.segments_of_new import NewSegments
from kmosaic.ui.show import print_answer, time_line, wrote

_MOST_RULES = 12  # printed; the page has them all

_ABOUT = {
    "segments.csv": "the table, each row with its segment and distance",
    "segments.parquet": "the same, for data tools",
    "profile.csv": "what sets each segment apart, column by column",
    "model/": "for new rows: kmosaic predict {model} NEW-ROWS",
}


def show_segments(found: Segments | NewSegments, as_json: bool) -> None:
    """Print the segments, or those of new rows."""
    print_answer(found, segments_text, as_json)


def segments_text(found: Segments | NewSegments) -> str:
    """The answer for a person."""
    parts = _of_new(found) if isinstance(found, NewSegments) else _of_all(found)
    parts.append([time_line(found.seconds)])
    parts.append(wrote(found.out, found.files, _ABOUT))
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
        [f"{plural(many, 'segment')} of {counted(len(found.labels), found.noun)}, "
         f"{percent(found.found.explained)} of the variance explained."],
        lines,
        [f"In rules, which tell the segment of {share(rules.fidelity)} rightly:", *told],
        [f"Only you can tell: {question}" for question in found.questions],
        list(found.why),
    ]  # fmt: skip


def _of_new(found: NewSegments) -> list[list[str]]:
    n = len(found.labels)
    return [
        [f"{counted(n, found.noun)} in the {found.model.n_clusters} segments of the model."],
        [
            f"{number}. {name}: {size:,} ({percent(size / n)})"
            for number, (name, size) in enumerate(zip(found.model.names, found.sizes, strict=True))
        ],
        list(found.why),
    ]
