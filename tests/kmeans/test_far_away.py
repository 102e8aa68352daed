"""Rows without weight, and first centers, so far away that squares overflow mislead no bound."""

import numpy as np
import pytest
from numpy.testing import assert_array_equal
from tests.kmeans import slow

from kmosaic import KMeans, _engine

pytestmark = pytest.mark.filterwarnings("ignore")  # of squares that NumPy finds too large

BOUNDED = ["elkan", "yinyang"]


@pytest.fixture(params=_engine.instruction_sets())
def simd(request, monkeypatch):
    monkeypatch.setenv("KMOSAIC_SIMD", request.param)


def fit(X, start, algorithm, max_iter=300, weights=None):
    model = KMeans(len(start), init=start, max_iter=max_iter, tol=0, algorithm=algorithm)
    return model.fit(X, sample_weight=weights)


def nearest(X, centers):
    return slow.squared_distances(X.astype(float), centers.astype(float)).argmin(axis=1)


@pytest.mark.parametrize("algorithm", BOUNDED)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(("d", "k"), [(8, 5), (64, 40)])
@pytest.mark.parametrize("width", [16, 45])
def test_rows_without_weight_get_their_nearest_center(algorithm, dtype, d, k, width, simd):
    random = np.random.default_rng(0)
    X = random.uniform(-1, 1, (300, d)) * 2.0**width
    way = random.normal(size=(20, d))
    X[:20] = way / np.linalg.norm(way, axis=1, keepdims=True) * 2.0**66
    X = X.astype(dtype)
    weights = np.ones(300)
    weights[:20] = 0
    found = fit(X, X[20 : 20 + k], algorithm, weights=weights)
    expected = fit(X, X[20 : 20 + k], "lloyd", weights=weights)
    assert_array_equal(found.labels_, nearest(X, found.cluster_centers_))
    assert_array_equal(found.labels_, expected.labels_)
    assert_array_equal(found.cluster_centers_, expected.cluster_centers_)


@pytest.mark.parametrize("algorithm", BOUNDED)
@pytest.mark.parametrize("d", [16, 256])
def test_centers_may_begin_where_squares_are_just_too_large(algorithm, d, simd):
    random = np.random.default_rng(1)
    X = random.uniform(-1, 1, (400, d)) * 2.0**40
    way = random.normal(size=(6, d))
    way /= np.linalg.norm(way, axis=1, keepdims=True)
    for off in np.linspace(-3e-7, 1e-7, 5):
        start = way * 2.0**64 * (1 + off) * (1 + random.uniform(-1, 1, (6, 1)) * 5e-8)
        found, expected = (fit(X, start, name, max_iter=1) for name in (algorithm, "lloyd"))
        assert_array_equal(found.cluster_centers_, expected.cluster_centers_)
