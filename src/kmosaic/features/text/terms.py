"""The terms of documents: which words count, how often they stand where, and what they weigh."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy.sparse
from sklearn.base import BaseEstimator
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.preprocessing import normalize

from kmosaic._arguments import argument
from kmosaic._errors import InputError
from kmosaic.features.spec import Arrays, Spec, describe
from kmosaic.features.text.languages import check_languages, languages_of, stop_words
from kmosaic.features.text.words import words_of

_MOST_TERMS = 100_000
_FEW = 30  # documents: words of one of them count as well, or there would be none left
_MOST_SHARE = 0.5  # of the documents: words of more tell nothing


class Terms(BaseEstimator):  # type: ignore[misc]
    """Words that count: not too rare, not everywhere, and no stop words of the languages found.

    language: "auto" finds the languages, "none" keeps stop words, else codes parted by commas.

    >>> terms = Terms("en")
    >>> counts = terms.learn(["the cat and the cat", "the dog", "a cat and a dog"])
    >>> terms.vocabulary_, counts.toarray().tolist()
    (('cat', 'dog'), [[2, 0], [0, 1], [1, 1]])
    """

    def __init__(self, language: str = "auto") -> None:
        self.language = language

    def learn(self, texts: Iterable[str]) -> Any:
        """Learn the terms, and count them: (n, terms) CSR of int32. Raises InputError for none."""
        asked = None if self.language == "auto" else check_languages(self.language)
        counter = CountVectorizer(analyzer=words_of, dtype=np.int32)
        try:
            counts = counter.fit_transform(texts)
        except ValueError:  # scikit-learn's, of an empty vocabulary
            raise InputError("The documents hold no words of two letters or more.") from None
        words = counter.get_feature_names_out().tolist()
        self.languages_ = () if asked is not None else tuple(languages_of(counts, words).items())
        codes = tuple(code for code, _ in self.languages_ if code) if asked is None else asked
        kept = _kept(counts, words, frozenset().union(*map(stop_words, codes)))
        if not len(kept):
            raise InputError(
                "No word is left that tells documents apart: each stands in one document only, in "
                "most of them, or is a stop word. Give more documents, or "
                f"{argument('language', 'none')}."
            )
        counts = counts[:, kept].tocsr()
        counts.sort_indices()
        self.stop_words_of_ = codes
        self.vocabulary_ = tuple(words[column] for column in kept.tolist())
        self.idf_ = _idf(counts)
        return counts

    def count(self, texts: Iterable[str]) -> Any:
        """How often the terms stand in other texts, (n, terms) CSR of int32."""
        place = {word: column for column, word in enumerate(self.vocabulary_)}
        counter = CountVectorizer(analyzer=words_of, vocabulary=place, dtype=np.int32)
        counts = counter.transform(texts).tocsr()
        counts.sort_indices()
        return counts

    def weigh(self, counts: Any) -> Any:
        """TF-IDF of counts, (n, terms) CSR of float32 with rows of length 1.

        A count c weighs 1 + ln c (Salton & Buckley 1988), so that a word repeated ten times does
        not count ten times.
        """
        found = counts.astype(np.float64)
        found.data = (1 + np.log(found.data)) * self.idf_[found.indices]
        return normalize(found, copy=False).astype(np.float32)

    def to_spec(self) -> tuple[Spec, Arrays]:
        """Settings and what was learned, as JSON-able values and arrays."""
        return describe(self)


def _kept(counts: Any, words: list[str], stops: frozenset[str]) -> npt.NDArray[np.int64]:
    """The columns of the words that count, ascending."""
    n = counts.shape[0]
    found_in = np.bincount(counts.indices, minlength=counts.shape[1])
    fewest = 2 if n >= _FEW else 1
    most = _MOST_SHARE * n if n >= _FEW else n
    good = (found_in >= fewest) & (found_in <= most)
    good &= np.fromiter((word not in stops for word in words), dtype=np.bool_, count=len(words))
    kept = np.flatnonzero(good)
    if len(kept) > _MOST_TERMS:
        kept = np.sort(kept[np.argsort(-found_in[kept], kind="stable")[:_MOST_TERMS]])
    return kept


def _idf(counts: Any) -> npt.NDArray[np.float64]:
    found_in = np.bincount(counts.indices, minlength=counts.shape[1])
    idf: npt.NDArray[np.float64] = np.log((1 + counts.shape[0]) / (1 + found_in)) + 1
    return idf


def csr_of(parts: dict[str, Any], shape: tuple[int, int]) -> Any:
    """The CSR matrix of its arrays."""
    made = scipy.sparse.csr_matrix((parts["data"], parts["indices"], parts["indptr"]), shape=shape)
    made.has_sorted_indices = True
    return made
