"""How well clusters agree with known labels."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kmosaic._errors import InputError
from kmosaic.labels import Names, labeled_part, name_by_majority, score


def test_perfect_clusters_score_one_whatever_their_numbers(grouped):
    scores = score(grouped([2, 2, 0, 1]), ["a", "a", "b", "c"])
    assert scores.accuracy_majority == scores.accuracy_one_to_one == scores.purity == 1.0
    assert scores.nmi == pytest.approx(1.0)
    assert scores.ari == pytest.approx(1.0)


def test_two_clusters_of_one_label_agree_by_majority_but_not_one_to_one(grouped):
    scores = score(grouped([0, 1, 2, 2]), ["a", "a", "b", "b"])
    assert scores.accuracy_majority == 1.0
    assert scores.accuracy_one_to_one == 0.75


def test_fewer_clusters_than_labels_can_be_scored(grouped):
    scores = score(grouped([0, 0, 0, 0]), ["a", "b", "b", "c"])
    assert scores.accuracy_majority == scores.accuracy_one_to_one == scores.purity == 0.5


@settings(max_examples=50, deadline=None)
@given(
    seed=st.integers(0, 9999), n=st.integers(1, 40), k=st.integers(1, 4), classes=st.integers(1, 4)
)
def test_the_matching_is_the_best_of_all(grouped, seed, n, k, classes):
    random = np.random.default_rng(seed)
    clusters, truth = random.integers(0, k, n), random.integers(0, classes, n)
    size = max(k, classes)
    best = max(np.mean(np.array(p)[clusters] == truth) for p in permutations(range(size)))
    scores = score(grouped(clusters, k), truth.astype(str))
    assert scores.accuracy_one_to_one == pytest.approx(best)
    assert scores.accuracy_majority == pytest.approx(scores.purity)
    assert scores.accuracy_one_to_one <= scores.accuracy_majority + 1e-12


def test_items_without_a_label_are_left_out_and_counted(grouped):
    scores = score(grouped([0, 0, 1, 1]), ["a", None, "b", None])
    assert (scores.n_scored, scores.n_unlabeled, scores.n_named_from) == (2, 2, 2)
    assert scores.accuracy_majority == 1.0


def test_nothing_to_score_on_is_an_error(grouped):
    with pytest.raises(InputError, match="left to score on"):
        score(grouped([0, 1]), [None, None])
    with pytest.raises(InputError, match="left to score on"):
        score(grouped([0, 1]), ["a", "b"], known=np.array([True, True]))


def test_labels_that_named_the_clusters_are_not_scored(grouped):
    known = np.array([True, False, False, False])
    scores = score(grouped([0, 0, 0, 1]), ["a", "b", "b", "c"], known=known)
    assert (scores.n_named_from, scores.n_scored) == (1, 3)
    assert scores.accuracy_majority == 0.0  # cluster 0 was called a; nothing is known of cluster 1
    assert scores.purity == 1.0  # of the scored items alone


def test_a_cluster_with_only_a_number_is_not_right_by_chance(grouped):
    known = np.array([True, False])
    assert score(grouped([0, 1]), ["5", "1"], known=known).accuracy_majority == 0.0


def test_clusters_named_on_one_set_are_scored_on_another(grouped):
    train = grouped([0, 0, 1, 1]), ["a", "a", "b", "b"]
    scores = score(grouped([0, 1, 1]), ["a", "b", "new"], named_from=train)
    assert scores.accuracy_majority == pytest.approx(2 / 3)
    assert scores.accuracy_one_to_one == pytest.approx(2 / 3)
    assert (scores.n_named_from, scores.n_scored) == (4, 3)


def test_names_from_a_file_or_a_model_are_scored_as_they_are(grouped):
    names = Names.given({0: "dog", 1: "cat"}, 2, "file")
    scores = score(grouped([0, 0, 1]), ["cat", "dog", "cat"], names=names)
    assert scores.accuracy_majority == pytest.approx(2 / 3)
    assert scores.n_named_from == 0


def test_names_by_majority_and_the_accuracy_agree(grouped):
    random = np.random.default_rng(1)
    clusters, truth = random.integers(0, 4, 200), random.integers(0, 3, 200).astype(str)
    known = labeled_part(truth, 0.2)
    assignment = grouped(clusters)
    names = name_by_majority(assignment, truth, known)
    right = names.of(assignment.labels)[~known] == truth[~known]
    assert score(assignment, truth, known=known).accuracy_majority == pytest.approx(right.mean())


def test_contradicting_questions_are_errors(grouped):
    with pytest.raises(InputError, match="not both"):
        score(grouped([0]), ["a"], known=np.array([True]), named_from=(grouped([0]), ["a"]))
    with pytest.raises(InputError, match="3 names for 1 clusters"):
        score(grouped([0]), ["a"], names=Names.numbered(3))


def test_as_many_labels_as_items_are_scored_without_a_warning(grouped):
    scores = score(grouped(np.arange(100)), np.arange(100))
    assert scores.accuracy_one_to_one == 1.0
