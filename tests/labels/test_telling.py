"""Terms that tell clusters apart, and names of them."""

from __future__ import annotations

import numpy as np
import scipy.sparse

from kmosaic.labels.telling import Term, names_of_terms, telling_terms


def term(word: str) -> Term:
    return Term(word, 1.0, 1.0, 0.0)


def test_frequent_words_of_all_do_not_tell() -> None:
    counts = scipy.sparse.csr_matrix([[3, 0, 9], [2, 0, 9], [0, 2, 9], [0, 1, 9]])
    found = telling_terms(counts, np.array([0, 0, 1, 1]), 2, ["goal", "vote", "day"])
    assert [[one.word for one in own] for own in found] == [["goal"], ["vote"]]
    assert found[0][0] == Term("goal", 1.0, 1.0, 0.0)


def test_one_cluster_and_an_empty_one_have_names() -> None:
    counts = scipy.sparse.csr_matrix([[3, 1], [2, 0]])
    alone = telling_terms(counts, np.array([0, 0]), 1, ["goal", "day"])
    assert names_of_terms(alone).names == ("goal, day",)
    with_empty = telling_terms(counts, np.array([0, 0]), 2, ["goal", "day"])
    assert names_of_terms(with_empty).names == ("goal, day", "1")


def test_no_two_names_are_the_same() -> None:
    own = [term(word) for word in ("cup", "goal", "team", "league")]
    assert names_of_terms([own, own]).names == ("cup, goal, team", "cup, goal, team, league")


def test_words_that_begin_alike_are_one() -> None:
    own = [term(word) for word in ("play", "player", "players", "playground", "cup")]
    assert names_of_terms([own]).names == ("play, playground, cup",)
