"""What is said of documents, in sentences."""

from __future__ import annotations

from kmosaic.features.text import Duplicates, Terms
from kmosaic.features.text.languages import LANGUAGES


def about_languages(terms: Terms, n: int) -> str:
    """Which languages were found, and whose stop words were left out.

    >>> terms = Terms("en")
    >>> _ = terms.learn(["the cat", "the dog"])
    >>> about_languages(terms, 2)
    'The stop words of English were left out, as asked for; 2 words count.'
    """
    words = f"{len(terms.vocabulary_):,} words count"
    names = [_name(code) for code in terms.stop_words_of_]
    if terms.language == "none":
        return f"No stop words were left out, as asked for; {words}."
    if terms.language != "auto":
        return f"The stop words of {_listed(names)} were left out, as asked for; {words}."
    if not names:
        return f"No language was recognized, so no stop words were left out; {words}."
    if len(terms.languages_) == 1:
        whose = names[0]
        return f"All documents are in {whose}, whose stop words were left out; {words}."
    told = [f"{count:,} in {_name(code)}" for code, count in terms.languages_ if code]
    rest = sum(count for code, count in terms.languages_ if not code)
    unknown = f", {rest:,} in none that was recognized" if rest else ""
    return f"{_listed(told)}{unknown}: the stop words of {_listed(names)} were left out; {words}."


def about_duplicates(duplicates: Duplicates) -> list[str]:
    """How many documents are nearly the same as another."""
    if not duplicates.groups:
        return []
    groups = len(duplicates.groups)
    one = duplicates.count == 1
    return [
        f"{duplicates.count:,} document{' is' if one else 's are'} nearly the same as an earlier "
        f"one (cosine {duplicates.threshold} or more; {groups:,} group{'' if groups == 1 else 's'})"
        ": see duplicate_of in the table."
    ]


def _name(code: str) -> str:
    return LANGUAGES[code].capitalize()


def _listed(words: list[str]) -> str:
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]]))
