"""What is said of documents, in sentences."""

from __future__ import annotations

from collections.abc import Sequence

from kmosaic.data.items import Skipped
from kmosaic.features.text import Duplicates, Terms
from kmosaic.features.text.languages import LANGUAGES
from kmosaic.pipeline.documents_run import counts_of


def about_left_out(grouped: int, skipped: Sequence[Skipped]) -> list[str]:
    """How many documents there are, and why fewer are grouped; nothing where all are.

    >>> about_left_out(57, [Skipped("a", "it is empty"), Skipped("b", "it shares no word", True)])
    ['Of 59 documents 1 holds no readable text and 1 shares no word with others: 57 are grouped.']
    """
    if not skipped:
        return []
    counts = counts_of(grouped, skipped)
    unread, without = counts["unreadable"], counts["without_shared_words"]
    reasons = [f"{unread:,} hold{'s' if unread == 1 else ''} no readable text"] if unread else []
    if without:
        reasons.append(f"{without:,} share{'s' if without == 1 else ''} no word with others")
    is_one = "1 is" if grouped == 1 else f"{grouped:,} are"
    return [f"Of {grouped + len(skipped):,} documents {' and '.join(reasons)}: {is_one} grouped."]


def about_languages(terms: Terms, n: int) -> str:
    """Which languages were found, and whose stop words were left out.

    >>> terms = Terms("en")
    >>> _ = terms.learn(["the cat", "the dog"])
    >>> about_languages(terms, 2)
    'The stop words of English were left out, as asked for; 2 words count.'
    """
    count = len(terms.vocabulary_)
    words = "1 word counts" if count == 1 else f"{count:,} words count"
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
