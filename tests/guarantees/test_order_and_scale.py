"""Promise 5: the order of the rows does not matter, and a power of two scales centers exactly."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_array_equal
from tests.guarantees.estimators import ESTIMATORS, KINDS, SETS, moderate

pytestmark = pytest.mark.filterwarnings("ignore:Number of distinct clusters", "ignore:X has rows")
# Where several assignments are equally good, BalancedKMeans may go by the order of the rows, and
# mini-batches are drawn by it.
NAMES = ["KMeans", "best KMeans", "TrimmedKMeans", "SphericalKMeans"]


@pytest.fixture(params=SETS)
def simd(request, monkeypatch):
    monkeypatch.setenv("KMOSAIC_SIMD", request.param)


def outcome(model):
    return model.cluster_centers_.tobytes(), model.inertia_, model.n_iter_


@pytest.mark.usefixtures("simd")
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", NAMES)
def test_permuting_rows_permutes_labels_and_nothing_else(name, kind):
    @settings(max_examples=25, deadline=None)
    @given(moderate(), st.sampled_from(["given", "k-means++", "random"]))
    def holds(given_data, init):
        X, k, generator = given_data
        if np.count_nonzero(np.abs(X).max(axis=1)) < k:
            return
        order = generator.permutation(len(X))
        start = X[np.abs(X).max(axis=1) > 0][:k] if init == "given" else init
        model, permuted = (
            ESTIMATORS[name](k, init=start, random_state=1, tol=0, max_iter=15).fit(
                KINDS[kind](rows)
            )
            for rows in (X, np.ascontiguousarray(X[order]))
        )
        assert outcome(model) == outcome(permuted)
        assert_array_equal(model.labels_[order], permuted.labels_)

    holds()


@pytest.mark.usefixtures("simd")
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", ["KMeans", "TrimmedKMeans", "BalancedKMeans"])
def test_a_power_of_two_scales_the_centers_exactly(name, kind):
    @settings(max_examples=25, deadline=None)
    @given(moderate(), st.sampled_from([2.0**-20, 2.0**-1, 2.0**7, 2.0**25]))
    def holds(given_data, factor):
        X, k, _ = given_data
        model, scaled = (
            ESTIMATORS[name](k, init=rows[:k], max_iter=15).fit(KINDS[kind](rows))
            for rows in (X, X * X.dtype.type(factor))
        )
        assert_array_equal(model.cluster_centers_ * X.dtype.type(factor), scaled.cluster_centers_)
        assert_array_equal(model.labels_, scaled.labels_)
        assert model.inertia_ * factor**2 == scaled.inertia_

    holds()
