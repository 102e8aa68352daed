"""Promise 7: a cluster without rows takes the farthest, and never the only rows of another."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_array_equal
from tests.guarantees.estimators import ITERATED, KINDS, moderate
from tests.kmeans import slow

from kmosaic import KMeans, SphericalKMeans, TrimmedKMeans

pytestmark = pytest.mark.filterwarnings("ignore:Number of distinct clusters", "ignore:X has rows")
MADE = {"KMeans": KMeans, "SphericalKMeans": SphericalKMeans, "TrimmedKMeans": TrimmedKMeans}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", [name for name in ITERATED if name in MADE])
def test_no_cluster_is_without_rows_where_there_are_as_many_different_ones(name, kind):
    @settings(max_examples=40, deadline=None)
    @given(moderate(), st.booleans())
    def holds(given_data, far):
        X, k, generator = given_data
        X = X[np.abs(X).max(axis=1) > 0]
        different = len(np.unique(X, axis=0))
        if different < 2 * k + 2 or (name == "SphericalKMeans" and X.shape[1] == 1):
            return
        # Centers that are all alike, or all far away: all but one of them have no rows.
        start = np.ones((k, X.shape[1])) * (1e4 if far else 1) + 0 * generator.random()
        model = MADE[name](k, init=start, tol=0).fit(KINDS[kind](X))
        assert len(set(model.labels_.tolist())) == k
        assert model.n_iter_ < 300

    holds()


@settings(max_examples=60, deadline=None)
@given(moderate())
def test_with_fewer_different_rows_than_clusters_each_has_one_and_labels_are_not_stale(given_data):
    X, k, _ = given_data
    X = X[: k + 2] if k > 1 else X[:2]
    X = np.ascontiguousarray(X[np.arange(3 * len(X)) % len(X)])
    different = len(np.unique(X, axis=0))
    model = KMeans(min(different + 3, len(X)), random_state=0, tol=0).fit(X)
    assert len(set(model.labels_.tolist())) == different
    assert model.inertia_ <= 1e-24
    assert_array_equal(model.labels_, slow.nearest(X, model.cluster_centers_))


def test_a_cluster_of_one_row_is_not_robbed():
    X = np.array([[0.0], [1.0], [2.0], [90.0]])
    # The row at 90 is the farthest of all, but it is all that its cluster has.
    model = KMeans(3, init=[[1.0], [70.0], [-500.0]], max_iter=1, tol=0).fit(X)
    assert sorted(model.cluster_centers_.ravel().tolist()) == [0.0, 1.5, 90.0]
