"""Promise 4: weights equal repetition, weight 0 is absence, and only inertia sees their size."""

import numpy as np
import pytest
from hypothesis import given, settings
from numpy.testing import assert_array_equal
from tests.guarantees.estimators import ESTIMATORS, KINDS, SETS, moderate

pytestmark = pytest.mark.filterwarnings("ignore:Number of distinct clusters", "ignore:X has rows")
# Sizes of BalancedKMeans count rows, not weights; the start is given, so that all begin alike.
NAMES = ["KMeans", "best KMeans", "TrimmedKMeans", "SphericalKMeans"]


@pytest.fixture(params=SETS)
def simd(request, monkeypatch):
    monkeypatch.setenv("KMOSAIC_SIMD", request.param)


def fit(name, X, start, kind, weights=None):
    model = ESTIMATORS[name](len(start), init=start, tol=0, max_iter=15)
    return model.fit(KINDS[kind](X), sample_weight=weights)


def start_of(X, k):
    """k rows with something in them."""
    return np.ascontiguousarray(X[np.abs(X).max(axis=1) > 0][:k])


def prepared(given_data):
    X, k, generator = given_data
    start = start_of(X, k)
    times = generator.integers(0, 4, size=len(X))
    times[np.flatnonzero(np.abs(X).max(axis=1) > 0)[:k]] = 1
    return X, start, times, generator


@pytest.mark.usefixtures("simd")
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", NAMES)
def test_a_weight_is_so_many_copies_and_weight_0_is_none(name, kind):
    @settings(max_examples=25, deadline=None)
    @given(moderate())
    def holds(given_data):
        X, start, times, _ = prepared(given_data)
        if not len(start):
            return
        weighted = fit(name, X, start, kind, times.astype(float))
        repeated = fit(name, np.repeat(X, times, axis=0), start, kind)
        assert_array_equal(weighted.cluster_centers_, repeated.cluster_centers_)
        assert_array_equal(np.repeat(weighted.labels_, times), repeated.labels_)
        assert weighted.n_iter_ == repeated.n_iter_
        assert weighted.inertia_ == pytest.approx(repeated.inertia_, rel=1e-12, abs=1e-25)

    holds()


@pytest.mark.usefixtures("simd")
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", [*NAMES, "BalancedKMeans"])
def test_scaling_all_weights_changes_nothing_but_inertia(name, kind):
    @settings(max_examples=20, deadline=None)
    @given(moderate())
    def holds(given_data):
        X, start, times, generator = prepared(given_data)
        if not len(start) or (name == "BalancedKMeans" and np.count_nonzero(times) < len(start)):
            return
        weights = times * generator.random(len(X))
        if not weights.any():
            return
        model = fit(name, X, start, kind, weights)
        for factor in (2.0**-9, 2.0**30):
            scaled = fit(name, X, start, kind, weights * factor)
            assert_array_equal(scaled.cluster_centers_, model.cluster_centers_)
            assert_array_equal(scaled.labels_, model.labels_)
            assert scaled.inertia_ == model.inertia_ * factor
        for equal in (np.ones(len(X)), np.minimum(times, 1.0)):
            one, seven = (fit(name, X, start, kind, w * equal) for w in (1.0, 0.7))
            assert_array_equal(one.cluster_centers_, seven.cluster_centers_)

    holds()


@pytest.mark.parametrize("name", ESTIMATORS)
@pytest.mark.parametrize("kind", KINDS)
def test_zero_weight_rows_do_not_matter_to_any_estimator_with_a_given_seed(name, kind):
    generator = np.random.default_rng(0)
    X = np.vstack([generator.normal(size=(200, 3)) + 5, generator.normal(size=(50, 3)) * 1e6])
    weights = np.r_[np.ones(200), np.zeros(50)]
    model = ESTIMATORS[name](3, random_state=0).fit(KINDS[kind](X), sample_weight=weights)
    limit = 20 if name != "SphericalKMeans" else 1.01
    assert np.abs(model.cluster_centers_).max() < limit
