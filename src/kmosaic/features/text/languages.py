"""Which languages documents are in, told by the stop words that they hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy.sparse
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS
from stop_words import LANGUAGE_MAPPING, get_stop_words

from kmosaic._errors import InputError
from kmosaic.features.text.words import words_of

# What is left of "don't" and "we'll" when words are parted at the apostrophe; "won" is a word.
_REMAINS = (
    "ll ve re don didn doesn isn wasn weren aren hasn haven hadn wouldn couldn shouldn ain mustn"
)
_LEAST_SHARE = 0.12  # of the words of a document: with fewer stop words its language is not known
_CLEARLY = 0.1  # of the words
_SOME = 0.02  # of the documents: a language of fewer is an accident
_FEWEST = 5  # stop words in all its documents: "man" and "dog" are Danish stop words as well
_FEWEST_DIFFERENT = 2
# Code → English name. The Chinese list is of single signs, and words are pairs of these.
LANGUAGES: Mapping[str, str] = {
    code: name for code, name in sorted(LANGUAGE_MAPPING.items()) if code != "zh"
}


@cache
def stop_words(code: str) -> frozenset[str]:
    """The stop words of a language, as `words_of` parts them.

    Those of scikit-learn for English, else those of the package stop-words.

    >>> "the" in stop_words("en"), "und" in stop_words("de")
    (True, True)
    """
    known = [*ENGLISH_STOP_WORDS, _REMAINS] if code == "en" else get_stop_words(code)
    return frozenset(word for entry in known for word in words_of(entry))


def check_languages(given: str) -> tuple[str, ...]:
    """Codes as given, parted by commas; () for "none". Raises InputError for one not known.

    >>> check_languages("en, de"), check_languages("none")
    (('en', 'de'), ())
    >>> check_languages("klingon")
    Traceback (most recent call last):
    kmosaic._errors.InputError: There are no stop words of 'klingon'. Known are auto, none, ar, ...
    """
    if given == "none":
        return ()
    by_name = {name: code for code, name in LANGUAGES.items()}
    codes = []
    for one in given.split(","):
        word = one.strip().lower()
        code = by_name.get(word, word)
        if code not in LANGUAGES:
            raise InputError(
                f"There are no stop words of {one.strip()!r}. Known are auto, none, "
                f"{', '.join(LANGUAGES)}."
            )
        codes.append(code)
    return tuple(dict.fromkeys(codes))


def languages_of(counts: Any, vocabulary: Sequence[str]) -> dict[str, int]:
    """How many documents are in each language, most frequent first; "" for those not known.

    counts: (n, d) CSR of words, stop words among them. A document is in the language whose stop
    words are the largest part of it, if they are 12% at least. Languages of fewer than 2% of the
    documents, or of fewer than 5 stop words in all these (2 different ones at least), are not told
    apart from accidents, and count as not known.
    """
    place = {word: column for column, word in enumerate(vocabulary)}
    members, codes = _members(place)
    totals = np.asarray(counts.sum(axis=1)).ravel()
    shares = (counts @ members).toarray() / np.maximum(totals, 1)[:, None]
    # Languages share words: another than that of most documents has to be clearly more.
    main = int(shares.sum(axis=0).argmax())
    best = shares.argmax(axis=1)
    best[shares[np.arange(len(best)), best] < shares[:, main] + _CLEARLY] = main
    known = shares[np.arange(len(best)), best] >= _LEAST_SHARE
    found = np.bincount(best[known], minlength=len(codes))
    found[found < max(1, _SOME * len(best))] = 0
    for language in np.flatnonzero(found).tolist():
        own = counts[known & (best == language)][:, members[:, [language]].nonzero()[0]]
        often = np.asarray(own.sum(axis=0)).ravel()
        if often.sum() < _FEWEST or np.count_nonzero(often) < _FEWEST_DIFFERENT:
            found[language] = 0
    order = np.argsort(-found, kind="stable")
    told = {codes[j]: int(found[j]) for j in order.tolist() if found[j]}
    rest = len(best) - sum(told.values())
    return told | ({"": rest} if rest else {})


def _members(place: Mapping[str, int]) -> tuple[Any, list[str]]:
    """(d, languages) CSR: 1 where a word is a stop word of a language."""
    codes = list(LANGUAGES)
    rows: list[int] = []
    columns: list[int] = []
    for language, code in enumerate(codes):
        own = [place[word] for word in stop_words(code) if word in place]
        rows += own
        columns += [language] * len(own)
    ones: npt.NDArray[np.float64] = np.ones(len(rows))
    return scipy.sparse.csr_matrix((ones, (rows, columns)), (len(place), len(codes))), codes
