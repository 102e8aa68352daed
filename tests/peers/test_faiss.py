"""What users of faiss.Kmeans ran into, by the number of its issue."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from kmosaic import KMeans

MOST = 2**24  # in float32 it stays what it is when 1 is added


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_1196_clusters_of_more_than_16_777_216_rows_have_their_mean(dtype):
    """100 million rows ended in one cluster: counts and sums in float32 no longer grew."""
    X = np.array([[0], [4], [1000]], dtype)
    rows_each = np.array([MOST, 3 * MOST, 1])
    model = KMeans(2, init=X[[0, 2]], max_iter=10).fit(X, sample_weight=rows_each)
    assert_array_equal(model.cluster_centers_, [[3], [1000]])


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_1196_light_rows_count_beside_a_heavy_one(dtype):
    X = np.repeat(np.array([[0.0], [1.0]], dtype), [1, 1000], axis=0)
    weights = np.append(MOST, np.ones(1000))
    model = KMeans(1).fit(X, sample_weight=weights)
    assert_allclose(model.cluster_centers_, [[1000 / (MOST + 1000)]], rtol=1e-7)


def test_1196_the_objective_does_not_stop_at_16_777_216():
    X = np.array([[-1.0], [1.0]], np.float32)
    assert KMeans(1).fit(X, sample_weight=[MOST, MOST]).inertia_ == 2 * MOST


def test_789_and_1763_every_row_is_looked_at():
    """Of two million rows 2,560 were: 256 for each center, and a line of output was all to tell."""
    generator = np.random.default_rng(0)
    X = generator.random((20_000, 4), dtype=np.float32)
    model = KMeans(10, random_state=0).fit(X)
    assert model.history_[0].moved == len(X)
    means = [X[model.labels_ == c].mean(axis=0, dtype=np.float64) for c in range(10)]
    after = np.linalg.norm(means - model.cluster_centers_)
    assert after <= np.sqrt(model.tol * X.var(axis=0).mean())


def test_789_and_1763_one_row_in_a_hundred_thousand_has_its_center():
    X = np.random.default_rng(0).random((100_000, 2))
    X[54_321] = 100
    model = KMeans(2, random_state=0).fit(X)
    assert (model.labels_ == model.labels_[54_321]).sum() == 1


def test_1763_the_inertia_is_that_of_all_rows():
    X = np.random.default_rng(0).random((20_000, 4))
    model = KMeans(10, random_state=0).fit(X)
    squares = ((X - model.cluster_centers_[model.labels_]) ** 2).sum()
    assert model.inertia_ == pytest.approx(squares, rel=1e-12)
