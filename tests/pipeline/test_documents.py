"""The flow for documents."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from kmosaic._errors import InputError
from kmosaic.data.documents import TextItems, open_documents
from kmosaic.pipeline import DocumentsRun, run_documents


@pytest.fixture(scope="module")
def run(topic_folder: Path) -> DocumentsRun:
    return run_documents(open_documents(topic_folder), n_clusters=3)


def test_topics_are_found_and_named_by_their_words(run: DocumentsRun) -> None:
    assert run.scores is not None
    assert run.scores.accuracy_one_to_one > 0.9
    assert run.names.source == "terms"
    words = {word for own in run.terms for word in (one.word for one in own[:4])}
    assert words & {"goal", "match", "player", "team", "coach", "league"}
    assert words & {"orbit", "rocket", "planet", "launch", "moon", "star"}
    assert not words & {"people", "year", "the"}


def test_the_summary_says_what_was_found(run: DocumentsRun) -> None:
    summary = run.summary()
    assert summary["n"] == 60
    assert summary["languages"] == {"en": 60}
    assert len(summary["terms"]) == len(summary["typical"]) == 3
    assert any("All documents are in English" in sentence for sentence in run.why)


@pytest.mark.parametrize("threads", ["1", "3"])
def test_the_same_seed_gives_the_same_result_on_any_number_of_threads(
    run: DocumentsRun, topic_folder: Path, threads: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KMOSAIC_NUM_THREADS", threads)
    again = run_documents(open_documents(topic_folder), n_clusters=3, cache=False)
    np.testing.assert_array_equal(again.assignment.labels, run.assignment.labels)
    np.testing.assert_array_equal(again.kmeans.cluster_centers_, run.kmeans.cluster_centers_)


def test_sparse_rows_stay_sparse(topic_folder: Path, run: DocumentsRun) -> None:
    from scipy.sparse import issparse

    found = run_documents(open_documents(topic_folder), n_clusters=3, features="tfidf")
    assert issparse(found.features)
    assert found.scores is not None
    assert found.scores.accuracy_one_to_one > 0.9


def test_a_number_of_clusters_is_chosen(topic_folder: Path) -> None:
    items = open_documents(topic_folder)
    found = run_documents(items, n_clusters="auto", features="lsa?components=5")
    assert found.assignment.n_clusters >= 2
    assert any(f"K = {found.assignment.n_clusters}" in sentence for sentence in found.why)


def test_near_duplicates_are_noted(topics: tuple[list[str], list[str]]) -> None:
    texts = [*topics[0], topics[0][4], topics[0][4] + " Zebra."]
    found = run_documents(open_documents(texts), n_clusters=3, cache=False)
    assert found.duplicates.groups == ((4, 60, 61),)
    assert found.columns["duplicate_of"][60:] == ["4", "4"]
    assert any("2 documents are nearly the same" in sentence for sentence in found.why)


def test_documents_without_a_word_of_others_are_left_out() -> None:
    texts = ["goal match"] * 20 + ["vote party"] * 20 + ["xyzzy"]
    found = run_documents(open_documents(texts), n_clusters=2, language="none", cache=False)
    assert [one.id for one in found.skipped] == ["40"]
    assert "shares no word with others" in found.skipped[0].reason


def test_documents_that_are_left_out_are_counted_apart_from_those_that_cannot_be_read() -> None:
    texts = ["goal match"] * 20 + ["vote party"] * 20 + ["xyzzy", " "]
    found = run_documents(open_documents(texts), n_clusters=2, language="none", cache=False)
    summary = found.summary()
    assert found.why[0] == (
        "Of 42 documents 1 holds no readable text and 1 shares no word with others: 40 are grouped."
    )
    counts = [summary[name] for name in ("n", "read", "unreadable", "without_shared_words")]
    assert counts == [40, 41, 1, 1]
    assert sum(summary["languages"].values()) in (0, 41)
    with pytest.raises(InputError, match=r"there are 2 .* that can be grouped .* at most 2"):
        run_documents(open_documents(texts), n_clusters=41, language="none", cache=False)


def test_too_few_documents_are_refused() -> None:
    with pytest.raises(InputError, match="5 clusters need at least 5 documents"):
        run_documents(open_documents(["goal", "vote"]), n_clusters=5)
    with pytest.raises(InputError, match="3 clusters need at least 3 documents, and there are 2"):
        run_documents(open_documents(["goal a", "vote b"] * 9), n_clusters=3, language="none")
    with pytest.raises(InputError, match="There are no stop words of 'elvish'"):
        run_documents(open_documents(["goal", "vote"]), n_clusters=2, language="elvish")


@pytest.fixture(scope="module")
def news(shared_data: Path) -> TextItems:
    return open_documents(shared_data / "bbc")


@pytest.mark.parametrize("seed", range(5))
def test_news_are_grouped_by_their_topic_from_every_seed(news: TextItems, seed: int) -> None:
    found = run_documents(news, n_clusters=5, seed=seed)
    assert found.scores is not None
    assert found.scores.nmi >= 0.88
    assert found.scores.accuracy_one_to_one >= 0.96
