"""Why this K, in sentences."""

from __future__ import annotations

import re

import numpy as np
from tests.n_clusters.groups import blobs, noise

from kmosaic.n_clusters import choose, sentences


def text(rows, k=range(1, 7)):
    return " ".join(sentences(choose(rows, k, random_state=0)))


def test_the_answer_comes_first_then_who_agrees_and_how_stable_it_is():
    said = text(blobs(3))
    assert said.startswith("K = 3 (confidence: high, ")
    assert re.search(r"[^.]*silhouette[^.]* agree\.", said)
    assert "All 3 clusters come back in 100% of resamples." in said


def test_no_structure_is_said_in_words():
    assert text(noise()).startswith("No cluster structure was found, K = 1 (confidence: ")


def test_who_prefers_more_is_said_with_the_cluster_that_it_would_split():
    rng = np.random.default_rng(0)
    near = [rng.normal(at, 1, (60, 2)) for at in ((0, 0), (4.2, 0), (40, 0))]
    said = text(np.concatenate(near), [2, 3])
    assert re.search(r"prefers? (3 by splitting cluster \d|2 by merging)", said)


def test_criteria_without_any_value_are_named_with_the_reason():
    said = text(np.arange(4.0)[:, None], [1])
    assert "Left out: " in said
    assert "silhouette (needs 2 or more clusters, and fewer clusters than rows)" in said
