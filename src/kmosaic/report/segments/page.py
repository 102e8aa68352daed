"""The page that answers "who are they?"."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from markupsafe import Markup

from kmosaic._percent import percent, share, unsure
from kmosaic.features.mixed import counted, noun_for
from kmosaic.labels.segments import Segment, Trait
from kmosaic.labels.segments.telling import CLEAR, SHARE_OF_ONES
from kmosaic.labels.segments.wording import VERY, figures, pretty, shown, signed
from kmosaic.pipeline.segmenting import Segmented
from kmosaic.report.painting import environment, inline, policy
from kmosaic.report.segments.map import segment_map

_STYLES = ("base", "answer", "tables", "segments")
_MOST_TRAITS = 6  # on a card
_MOST_COLUMNS = 30  # of the table
_WIDEST = 2.5  # effect that fills a bar
_SHADES = (0.3, 0.8, 1.5)  # effects from which a cell is a shade darker
STABLE, SHAKY = 0.75, 0.6  # mean Jaccard indices, after Hennig (2007)


@dataclass(frozen=True)
class Bar:
    """One trait as a bar to the right or the left, in percent of the width."""

    text: str
    x: float
    width: float
    value: str
    rest: str
    effect: str
    is_clear: bool


@dataclass(frozen=True)
class Cell:
    """What a segment is like in a column."""

    text: str
    shade: str  # "up-2"


@dataclass(frozen=True)
class Line:
    """A column of the table over all segments."""

    name: str
    unit: str  # what the cells are
    cells: tuple[Cell, ...]


def segments_page(
    found: Segmented,
    *,
    source: str,
    noun: str,
    why: Sequence[str],
    settings: Mapping[str, Any],
) -> str:
    """The whole answer as one page that loads nothing: segments, profile, map, rules, reasons."""
    style = inline("style", _STYLES, "css")
    early = inline("script", ("theme",), "js")
    return (
        environment()
        .get_template("segments/page.html.j2")
        .render(
            found=found,
            name=PurePath(source.partition("?")[0]).name,
            noun=noun,
            noun_for=noun_for,
            headline=headline(found, noun),
            standfirst=standfirst(found, noun),
            cards=[(one, bars(one), stability(one)) for one in found.segments],
            lines=lines(found),
            more_columns=len(found.model.features.names) - _MOST_COLUMNS,
            map=segment_map(found),
            chances=chances(found),
            why=why,
            clear=CLEAR,
            very=VERY,
            command=command(source, settings),
            hue=lambda number: f"hue-{number % 10}",
            style=Markup(style),
            early=Markup(early),
            policy=policy(style, (early,)),
        )
    )


def headline(found: Segmented, noun: str) -> str:
    """The answer in a line."""
    k, n = len(found.segments), len(found.labels)
    return f"{k} segments of {counted(n, noun)}" if k > 1 else f"{counted(n, noun)}, one segment"


def standfirst(found: Segmented, noun: str) -> str:
    """The largest and the smallest segment, in a sentence or two."""
    if len(found.segments) == 1:
        return f"All {noun} together: ask for two segments or more, and this page tells them apart."
    first, last = found.segments[0], found.segments[-1]
    sure = ""
    if found.count is not None and found.count.probabilities.get(1, 0.0) > 0.5:
        sure = " They are parts of a cloud more than islands: see below."
    return (
        f"The largest, “{first.name}”, has {share(first.share)} of them; the smallest, "
        f"“{last.name}”, {share(last.share)}.{sure}"
    )


def bars(segment: Segment) -> list[Bar]:
    """The traits of a segment as bars, the longest first."""
    return [_bar(trait) for trait in segment.traits[:_MOST_TRAITS]]


def _bar(trait: Trait) -> Bar:
    long = 50 * min(abs(trait.effect) / _WIDEST, 1.0)
    is_number = trait.level is None
    value, rest = figures(trait, share)
    return Bar(
        pretty(trait.column) if is_number else f"{pretty(trait.column)}: {trait.level}",
        50.0 if trait.effect >= 0 else 50.0 - long, long, value, rest,
        f"{signed(trait.effect)} {'sd' if is_number else 'h'}", abs(trait.effect) >= CLEAR,
    )  # fmt: skip


def stability(segment: Segment) -> str:
    """How well a segment comes back, in words.

    >>> stability(Segment(1, 5, 0.5, 1.0, (), comes_back=0.93))
    'Stable: 93% the same when rows are drawn anew.'
    """
    if segment.comes_back is None:
        return ""
    word = "Stable" if segment.comes_back >= STABLE else "Fairly stable"
    if segment.comes_back < SHAKY:
        word = "Not stable"
    return f"{word}: {percent(segment.comes_back)} the same when rows are drawn anew."


def lines(found: Segmented) -> list[Line]:
    """What each segment is like in each column."""
    result = []
    for name in found.model.features.names[:_MOST_COLUMNS]:
        traits = [_trait_of(segment, name) for segment in found.segments]
        if traits[0].level is None:
            told = share if traits[0].measure == SHARE_OF_ONES else shown
            cells = tuple(Cell(told(trait.value), _shade(trait.effect)) for trait in traits)
            result.append(Line(pretty(name), traits[0].measure, cells))
            continue
        telling = {trait.level for trait in traits}
        for same in zip(*(segment.categories[name] for segment in found.segments), strict=True):
            if same[0].level in telling:  # a row says one thing: the same category of all segments
                cells = tuple(Cell(share(trait.value), _shade(trait.effect)) for trait in same)
                result.append(Line(f"{pretty(name)}: {same[0].level}", "share", cells))
    return result


def _trait_of(segment: Segment, name: str) -> Trait:
    return next(trait for trait in segment.traits if trait.column == name)


def _shade(effect: float) -> str:
    level = sum(abs(effect) >= limit for limit in _SHADES)
    return f"{'up' if effect > 0 else 'down'}-{level}" if level else ""


def chances(found: Segmented) -> list[tuple[int, float, bool]]:
    """Each number of segments with its probability by the rule, and whether it was chosen."""
    if found.count is None:
        return []
    probabilities = unsure(found.count.probabilities)
    return [(k, part, k == len(found.segments)) for k, part in probabilities.items()]


def command(source: str, settings: Mapping[str, Any]) -> str:
    """The command that gives the same answer again.

    >>> command("t.csv", {"n_clusters": 4, "columns": ["a b", "c"], "seed": 0})
    "kmosaic segment t.csv -k 4 --columns 'a b,c' --seed 0"
    """
    words = ["kmosaic", "segment", source, "-k", str(settings["n_clusters"])]
    for name, option in (("columns", "--columns"), ("categorical", "--categorical"),
                         ("numeric", "--numeric")):  # fmt: skip
        if settings.get(name):
            words += [option, ",".join(settings[name])]
    usual = {"id_column": None, "rfm": None, "tails": "auto", "mixed": "one-hot", "max_k": 10}
    for name, by_default in usual.items():
        if settings.get(name, by_default) != by_default:
            option = "--id" if name == "id_column" else f"--{name.replace('_', '-')}"
            words += [option, str(settings[name])]
    return shlex.join([*words, "--seed", str(settings["seed"])])
