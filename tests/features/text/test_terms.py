"""Which words count, in which languages, and what they weigh."""

from __future__ import annotations

import numpy as np
import pytest

from kmosaic._errors import InputError
from kmosaic.features.spec import rebuild
from kmosaic.features.text import Terms
from kmosaic.features.text.languages import LANGUAGES, check_languages, stop_words
from kmosaic.features.text.words import words_of

ENGLISH = "The committee said that it would not be able to decide before the end of the year"
GERMAN = "Der Ausschuss sagte, dass er nicht vor dem Ende des Jahres entscheiden kann und wird"


def test_words_of_every_writing_are_parted() -> None:
    assert words_of("Don't PANIC, 42!") == ["don", "panic"]
    assert words_of("हिन्दी में") == ["हिन्दी", "में"]
    assert words_of("東京は晴れ") == ["東京", "京は", "は晴", "晴れ"]
    assert words_of("e\u0301te\u0301") == ["été"]  # composed


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_language_has_stop_words(code: str) -> None:
    assert len(stop_words(code)) > 10


def test_languages_are_found_document_by_document() -> None:
    terms = Terms()
    terms.learn([ENGLISH] * 3 + [GERMAN] * 2 + ["xyzzy plugh"])
    assert terms.languages_ == (("en", 3), ("de", 2), ("", 1))
    assert terms.stop_words_of_ == ("en", "de")
    assert {"ausschuss", "committee"} <= set(terms.vocabulary_)
    assert not {"the", "der"} & set(terms.vocabulary_)


@pytest.mark.parametrize("text", ["cat dog", "man bites dog"])  # Danish for "though" and "one"
def test_a_few_accidents_tell_no_language(text: str) -> None:
    terms = Terms()
    terms.learn([text] * 2)
    assert terms.languages_ == (("", 2),)
    assert "dog" in terms.vocabulary_


def test_one_stop_word_again_and_again_tells_no_language() -> None:
    terms = Terms()
    terms.learn(["cat dog"] * 20)
    assert terms.stop_words_of_ == ()


def test_stop_words_stay_if_asked_for() -> None:
    terms = Terms("none")
    terms.learn(["the cat", "a dog"])
    assert terms.vocabulary_ == ("cat", "dog", "the")
    assert check_languages("German,en") == ("de", "en")


def test_rare_words_and_those_everywhere_do_not_count() -> None:
    texts = [
        f"common {'half' if i % 2 else 'other'} only{'abcdefgh'[i % 8]}x{i}" for i in range(40)
    ]
    terms = Terms("none")
    counts = terms.learn(texts)
    assert "common" not in terms.vocabulary_
    assert "half" in terms.vocabulary_
    assert counts.shape == (40, len(terms.vocabulary_))


def test_weights_are_those_of_scikit_learn(topics: tuple[list[str], list[str]]) -> None:
    from sklearn.feature_extraction.text import TfidfVectorizer

    terms = Terms()
    found = terms.weigh(terms.learn(topics[0]))
    known = TfidfVectorizer(
        analyzer=words_of, vocabulary=list(terms.vocabulary_), sublinear_tf=True
    ).fit_transform(topics[0])
    assert found.dtype == np.float32
    np.testing.assert_allclose(found.toarray(), known.toarray(), atol=1e-6)


def test_terms_come_back_from_plain_data(topics: tuple[list[str], list[str]]) -> None:
    terms = Terms()
    counts = terms.learn(topics[0])
    again = rebuild(*terms.to_spec(), {"Terms": Terms})
    assert (again.count(topics[0]) != counts).nnz == 0
    np.testing.assert_array_equal(again.weigh(counts).data, terms.weigh(counts).data)


def test_documents_without_words_are_told() -> None:
    with pytest.raises(InputError, match="no words of two letters"):
        Terms().learn(["1 2 3", "!"])
    with pytest.raises(InputError, match="No word is left"):
        Terms("en").learn(["the and", "or the"])
