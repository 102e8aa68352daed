"""What a document begins with, and which of its words tell."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from kmosaic.labels.truth import clean_text

_LONGEST_TITLE, _LONGEST = 110, 260  # characters
_BEGINNING = 4000


@dataclass(frozen=True)
class Piece:
    """A part of an excerpt."""

    text: str
    is_telling: bool


@dataclass(frozen=True)
class Excerpt:
    """A document in short."""

    title: str | None  # its first line, where that is short and more follows
    pieces: tuple[Piece, ...]


def excerpt_of(text: str, telling: Collection[str]) -> Excerpt:
    """The beginning of a text, with the telling words marked.

    >>> found = excerpt_of("The match\\n\\nA goal in the match.", {"goal"})
    >>> found.title, [piece.text for piece in found.pieces if piece.is_telling]
    ('The match', ['goal'])
    """
    lines = [clean_text(line) for line in text[:_BEGINNING].splitlines()]
    lines = [line for line in lines if line]
    title = None
    if len(lines) > 1 and len(lines[0]) <= _LONGEST_TITLE:
        title, *lines = lines
    return Excerpt(title, _pieces(_cut(" ".join(lines)), telling))


def _cut(text: str) -> str:
    if len(text) <= _LONGEST:
        return text
    return text[: _LONGEST + 1].rsplit(" ", 1)[0][:_LONGEST].rstrip(" ,;:.–-") + " …"


def _pieces(text: str, telling: Collection[str]) -> tuple[Piece, ...]:
    found: list[Piece] = []
    for part in re.split(r"(\w+)", text):
        is_telling = part.lower() in telling
        if found and not is_telling and not found[-1].is_telling:
            found[-1] = Piece(found[-1].text + part, False)
        elif part:
            found.append(Piece(part, is_telling))
    return tuple(found)
