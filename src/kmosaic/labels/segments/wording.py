"""Segments in words: a name for each, and what sets it apart."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace

from kmosaic._percent import percent
from kmosaic.features.mixed import counted
from kmosaic.labels.segments.profile import Segment, Trait
from kmosaic.labels.segments.telling import CLEAR, SHARE_OF_ONES

VERY = 1.5
_IN_NAME, _MOST_IN_NAME = 2, 4
_IN_SENTENCE = 4

# Columns that people speak of in words of their own: below the others, above them. They compare,
# since the effect does: at 50 one is older than the others, and not old.
_ADJECTIVES = {
    "age": ("{much}younger", "{much}older"),
    "price": ("{much}cheaper", "{much}more expensive"),
    "recency": ("{much}more recent", "{much}longer absent"),
    "frequency": ("buying {much}less often", "buying {much}more often"),
    "tenure": ("{much}newer", "{much}longer there"),
    "monetary": ("{very}low spending", "{very}high spending"),
    "spending": ("{very}low spending", "{very}high spending"),
}


def named(segments: Sequence[Segment]) -> tuple[Segment, ...]:
    """The segments, each with a name of its own that says what sets it apart."""
    names = [_name(segment, _IN_NAME) for segment in segments]
    for count in range(_IN_NAME + 1, _MOST_IN_NAME + 1):
        times = Counter(names)
        names = [
            _name(segment, count) if times[name] > 1 else name
            for segment, name in zip(segments, names, strict=True)
        ]
    times = Counter(names)
    return tuple(
        replace(segment, name=f"{name} ({segment.number})" if times[name] > 1 else name)
        for segment, name in zip(segments, names, strict=True)
    )


def sentence(segment: Segment, noun: str) -> str:
    """Size and traits of a segment.

    >>> young = Trait("Age", -1.3, 24.0, 41.0)
    >>> sentence(Segment(1, 312, 0.142, 1.0, (young,)), "customers")
    '312 customers (14%): younger (−1.3 sd, median 24, others 41).'
    """
    clear = [trait for trait in segment.traits if abs(trait.effect) >= CLEAR][:_IN_SENTENCE]
    what = "; ".join(map(in_words, clear)) or "near the average in every column"
    return f"{counted(segment.size, noun)} ({percent(segment.share)}): {what}."


def in_words(trait: Trait) -> str:
    """One trait in words and numbers.

    >>> in_words(Trait("Region", 1.1, 0.91, 0.4, "north"))
    'Region north (91%, others 40%)'
    >>> in_words(Trait("vip", -0.9, 0.04, 0.3, measure="share of 1"))
    'low vip (−0.9 sd, 4% are 1, others 30%)'
    """
    effect = f"{signed(trait.effect)} sd, " if trait.level is None else ""
    value, rest = figures(trait, percent)
    return f"{_adjective(trait)} ({effect}{value}, others {rest})"


def figures(trait: Trait, told: Callable[[float], str]) -> tuple[str, str]:
    """What a segment is like in a column, and the others; told: how a share is written.

    >>> figures(Trait("Age", -1.3, 24.0, 41.0), percent)
    ('median 24', '41')
    """
    if trait.level is not None:
        return told(trait.value), told(trait.rest)
    if trait.measure == SHARE_OF_ONES:
        return f"{told(trait.value)} are 1", told(trait.rest)
    return f"{trait.measure} {shown(trait.value)}", shown(trait.rest)


def pretty(column: str) -> str:
    """The name of a column as people read it.

    >>> pretty("Annual_Income")
    'Annual Income'
    """
    return column.replace("_", " ").strip() or column


def shown(value: float) -> str:
    """A number with three digits.

    >>> shown(0.123456), shown(-1234.5), shown(12), shown(3.2e18)
    ('0.123', '−1,234', '12', '3.2e+18')
    """
    sign = "−" if value < 0 else ""  # as in front of effects
    if value == int(value) and abs(value) < 1e15:
        return f"{sign}{abs(int(value)):,}"
    return sign + (f"{abs(value):,.0f}" if 1000 <= abs(value) < 1e15 else f"{abs(value):.3g}")


def signed(effect: float) -> str:
    """An effect with its sign.

    >>> signed(1.84), signed(-0.51), signed(-0.01)
    ('+1.8', '−0.5', '0.0')
    """
    text = f"{effect:+.1f}".replace("-", "−")
    return "0.0" if text[1:] == "0.0" else text


def _name(segment: Segment, most: int) -> str:
    clear = [trait for trait in segment.traits if abs(trait.effect) >= CLEAR][:most]
    return ", ".join(map(_adjective, clear)) or "average"


def _adjective(trait: Trait) -> str:
    name = pretty(trait.column)
    if trait.level is not None:
        return f"{name} {trait.level}" if trait.effect > 0 else f"{name} not {trait.level}"
    much, very = ("much ", "very ") if abs(trait.effect) >= VERY else ("", "")
    parts = re.findall(r"[A-Za-z][a-z]*", trait.column)
    for word in (part.lower() for part in parts):
        if word in _ADJECTIVES and (len(parts) == 1 or word in ("spending", "recency")):
            return _ADJECTIVES[word][trait.effect > 0].format(much=much, very=very)
    return f"{very}{'high' if trait.effect > 0 else 'low'} {name}"
