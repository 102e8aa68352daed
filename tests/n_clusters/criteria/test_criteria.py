"""Every criterion against its definition."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm
from sklearn.metrics import calinski_harabasz_score, davies_bouldin_score
from tests.n_clusters.groups import blobs, evidence_of, noise

from kmosaic.n_clusters.criteria import CRITERIA
from kmosaic.n_clusters.criteria.gap import errors

ROWS = np.concatenate([blobs(3), noise(30) * 25])
EVIDENCE = evidence_of(ROWS, (1, 2, 3, 4, 6))


def values(name):
    return CRITERIA[name].values(EVIDENCE)


@pytest.mark.parametrize(
    ("name", "theirs"),
    [("calinski_harabasz", calinski_harabasz_score), ("davies_bouldin", davies_bouldin_score)],
)
def test_it_is_scikit_learns(name, theirs):
    ours = values(name)
    assert sorted(ours) == [2, 3, 4, 6]
    for k, value in ours.items():
        assert value == pytest.approx(theirs(ROWS, EVIDENCE.fits[k].labels))


def test_bic_is_the_log_likelihood_less_the_price_of_the_parameters():
    n, d = ROWS.shape
    for k, value in values("bic").items():
        fit = EVIDENCE.fits[k]
        sizes = np.bincount(fit.labels)
        deviation = np.sqrt(fit.inertia / (d * (n - k)))
        likelihood = np.log(sizes[fit.labels] / n).sum()
        likelihood += norm.logpdf(ROWS - fit.centers[fit.labels], scale=deviation).sum()
        assert value == pytest.approx(likelihood - k * (d + 1) / 2 * np.log(n))


def test_the_gap_is_the_mean_of_the_draws_less_the_real_one():
    reference = EVIDENCE.reference
    for k, value in values("gap").items():
        assert value == pytest.approx(np.mean(reference.drawn[k]) - reference.real[k])
        expected = np.std(reference.drawn[k]) * np.sqrt(1 + 1 / len(reference.drawn[k]))
        assert errors(EVIDENCE)[k] == pytest.approx(expected)


def test_each_prefers_three_of_three_groups():
    evidence = evidence_of(blobs(3, 60), tuple(range(1, 8)))
    for name, criterion in CRITERIA.items():
        assert criterion.prefers(criterion.values(evidence), evidence) == 3, name


def test_each_says_its_source_and_why_it_may_be_left_out():
    for name, criterion in CRITERIA.items():
        assert criterion.name == name
        assert any(sign.isdigit() for sign in criterion.source), name
        assert criterion.why_left_out or name == "inertia"
