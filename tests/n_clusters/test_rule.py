"""The rule."""

from __future__ import annotations

import pytest
from tests.n_clusters.groups import blobs, evidence_of

from kmosaic.n_clusters.rule import WEIGHTS, Decision, chosen, decide, traits_of


def test_probabilities_add_up_to_one_and_the_largest_is_chosen():
    found = decide(evidence_of(blobs(3), (1, 2, 3, 4)))
    assert sum(found.probabilities.values()) == pytest.approx(1.0)
    ranked = sorted(found.probabilities, key=found.probabilities.get, reverse=True)
    assert (found.k, found.runner_up) == tuple(ranked[:2])


def test_one_cluster_needs_a_third_of_the_probability():
    assert chosen({1: 0.34, 2: 0.33, 3: 0.33}) == 1
    assert chosen({1: 0.3, 2: 0.3, 3: 0.4}) == 3
    assert chosen({4: 0.5, 2: 0.5}) == 2


def test_every_weight_belongs_to_a_trait_that_every_k_has():
    traits = traits_of(evidence_of(blobs(2), (1, 2, 3)))
    assert all(set(WEIGHTS) == set(of) for of in traits.values())


@pytest.mark.parametrize(("probability", "word"), [(0.95, "high"), (0.7, "medium"), (0.4, "low")])
def test_confidence_is_the_probability_in_a_word(probability, word):
    assert Decision(2, {2: probability}, None).confidence == word


def test_a_single_k_is_certain():
    found = decide(evidence_of(blobs(2), (2,)))
    assert (found.k, found.runner_up, found.confidence) == (2, None, "high")
