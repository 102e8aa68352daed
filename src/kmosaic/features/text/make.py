"""Features of documents from the words that a user gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kmosaic._errors import InputError
from kmosaic.features.spec import rebuild
from kmosaic.features.text.base import TextFeatures
from kmosaic.features.text.sentences import SentenceModel
from kmosaic.features.text.terms import Terms
from kmosaic.features.text.tfidf import LSA, TFIDF
from kmosaic.features.text.vectors import TextEmbedding

# What `--features` takes.
TEXT_EXTRACTORS: dict[str, type[TextFeatures]] = {
    "lsa": LSA,
    "tfidf": TFIDF,
    "embedding": TextEmbedding,
    "model": SentenceModel,
}
_WITH_FILE = {"embedding": "FILE.npy", "model": "PATH"}
_KINDS: dict[str, Any] = {kind.__name__: kind for kind in (*TEXT_EXTRACTORS.values(), Terms)}

MOST_FOR_LSA = 10_000  # documents: with more, sparse terms do as well and take a fraction


@dataclass(frozen=True)
class ChosenText:
    """Features of documents, not fitted yet, and why."""

    extractor: TextFeatures
    why: str


def make_text_extractor(wanted: str, n: int, seed: int = 0) -> ChosenText:
    """The features that were asked for: "auto", "lsa?components=50", "tfidf", with a file.

    n: the number of documents. Raises InputError naming what is not known.

    >>> make_text_extractor("auto", 2000).extractor, make_text_extractor("tfidf", 5).extractor
    (LSA(), TFIDF())
    """
    if wanted == "auto":
        if n <= MOST_FOR_LSA:
            why = "Terms weighed by TF-IDF, along the directions that documents share most (LSA)."
            return ChosenText(LSA(random_state=seed), why)
        why = f"Terms weighed by TF-IDF, as they are: more than {MOST_FOR_LSA:,} documents."
        return ChosenText(TFIDF(), why)
    head, _, tail = wanted.partition("?")
    name, _, file = head.partition(":")
    if name not in TEXT_EXTRACTORS:
        known = ", ".join(
            f"{one}:{_WITH_FILE[one]}" if one in _WITH_FILE else one for one in TEXT_EXTRACTORS
        )
        raise InputError(f"There are no features {name!r} of documents. Known are: auto, {known}.")
    if bool(file) != (name in _WITH_FILE):
        wants = f"{name}:{_WITH_FILE[name]}" if name in _WITH_FILE else name
        raise InputError(f"Write the features as {wants!r}, not {head!r}.")
    if tail and name != "lsa":
        raise InputError(f"{name} has no settings, and {tail!r} was given.")
    if name == "lsa":
        return ChosenText(LSA(_components(tail), seed), f"Features {wanted}, as asked for.")
    kind: Any = TEXT_EXTRACTORS[name]
    return ChosenText(kind(file) if file else kind(), f"Features {wanted}, as asked for.")


def _components(tail: str) -> int:
    if not tail:
        return 100
    name, _, value = tail.partition("=")
    if name != "components" or not value.isdecimal() or not int(value):
        raise InputError(f"lsa has one setting, as in 'lsa?components=50', not {tail!r}.")
    return int(value)


def text_features_of_spec(spec: Mapping[str, Any], arrays: Mapping[str, Any]) -> TextFeatures:
    """The fitted features that `to_spec` described; raises ModelError if the spec is damaged."""
    made: Any = rebuild(spec, arrays, _KINDS)
    return made  # type: ignore[no-any-return]
