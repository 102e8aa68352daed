"""Promise 1: labels are the nearest of the final centers, decided in float64, ties to the lowest.

The truth is brute force in numpy. Inertia (promise 3) is looked at on the way.
"""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from numpy.testing import assert_array_equal
from tests.guarantees.estimators import ESTIMATORS, ITERATED, KINDS, SETS, data_sets
from tests.kmeans import slow

from kmosaic import KMeans, SphericalKMeans, _engine
from kmosaic._sparse import data_of
from kmosaic.kmeans.spherical import on_sphere

pytestmark = [
    pytest.mark.filterwarnings("ignore:Number of distinct clusters"),
    pytest.mark.filterwarnings("ignore:X has rows of zeros"),
    pytest.mark.filterwarnings("ignore:algorithm='elkan'"),
]
BY_DISTANCE = ["KMeans", "TrimmedKMeans", "MiniBatchKMeans"]


@pytest.fixture(params=SETS)
def simd(request, monkeypatch):
    monkeypatch.setenv("KMOSAIC_SIMD", request.param)


@pytest.mark.usefixtures("simd")
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", BY_DISTANCE)
def test_labels_equal_the_float64_brute_force_of_the_final_centers(name, kind):
    @settings(max_examples=25, deadline=None)
    @given(data_sets())
    def holds(given_data):
        X, k = given_data
        model = ESTIMATORS[name](k, random_state=0, max_iter=12).fit(KINDS[kind](X))
        expected = slow.nearest(X, model.cluster_centers_)
        assert_array_equal(model.labels_, expected)
        assert_array_equal(model.predict(KINDS[kind](X)), expected)

    holds()


@pytest.mark.usefixtures("simd")
@pytest.mark.parametrize("algorithm", ["elkan", *_engine.algorithms()])
def test_every_algorithm_gives_these_labels(algorithm):
    @settings(max_examples=40, deadline=None)
    @given(data_sets(most_rows=300))
    def holds(given_data):
        X, k = given_data
        if not _engine.Data(X).fits(algorithm, k):
            return
        model = KMeans(k, random_state=0, max_iter=30, algorithm=algorithm).fit(X)
        assert_array_equal(model.labels_, slow.nearest(X, model.cluster_centers_))

    holds()


@pytest.mark.usefixtures("simd")
@pytest.mark.parametrize("kind", KINDS)
def test_labels_of_directions_are_those_of_the_rows_scaled_to_length_1(kind):
    @settings(max_examples=25, deadline=None)
    @given(data_sets())
    def holds(given_data):
        X, k = given_data
        lengths = data_of(X).lengths()
        if not lengths.any() or np.count_nonzero(lengths) < k:
            return
        model = SphericalKMeans(k, random_state=0, max_iter=12).fit(KINDS[kind](X))
        scaled = on_sphere(X, lengths)
        assert_array_equal(model.labels_, slow.nearest(scaled, model.cluster_centers_))

    holds()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("n", "d", "k"), [(40, 10_000, 5), (40, 10_000, 40), (200, 1, 200)])
def test_very_many_columns_and_as_many_clusters_as_rows(n, d, k, kind, dtype):
    X = np.random.default_rng(0).normal(size=(n, d)).astype(dtype) + dtype(1e3)
    model = KMeans(k, random_state=0, max_iter=5).fit(KINDS[kind](X))
    assert_array_equal(model.labels_, slow.nearest(X, model.cluster_centers_))
    if k == n:
        assert model.inertia_ == 0
        assert len(set(model.labels_.tolist())) == n


@pytest.mark.usefixtures("simd")
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", ITERATED)
def test_inertia_never_rises_and_is_that_of_the_final_labels(name, kind):
    @settings(max_examples=25, deadline=None)
    @given(data_sets())
    def holds(given_data):
        X, k = given_data
        model = ESTIMATORS[name](k, random_state=0, tol=0, init="random").fit(KINDS[kind](X))
        inertias = [step.inertia for step in model.history_] + [model.inertia_]
        nothing = 1e-24 * (1 + np.square(np.ptp(X.astype(float), axis=0)).sum())  # of roundings
        assert all(b <= a * (1 + 1e-12) + nothing for a, b in itertools.pairwise(inertias))
        if name == "KMeans":
            truth = slow.inertia(X, model.labels_, model.cluster_centers_.astype(float))
            assert model.inertia_ == pytest.approx(truth, rel=1e-10, abs=nothing)

    holds()
