"""Starts from merged small clusters: good where k-means++ seldom is, and safe everywhere."""

import numpy as np
import pytest
from sklearn.datasets import load_digits

from kmosaic import KMeans
from kmosaic.kmeans import merged, merged_start, varied_start


@pytest.fixture(scope="module")
def groups() -> np.ndarray:
    """Twenty groups in the plane, far enough apart that two centers in one are a bad mistake."""
    random = np.random.default_rng(3)
    middles = np.stack(np.meshgrid(range(5), range(4)), axis=-1).reshape(-1, 2) * 6.0
    return np.repeat(middles, 60, axis=0) + random.normal(size=(1_200, 2))


def inertias(X: np.ndarray, k: int, init: object, starts: int = 10) -> np.ndarray:
    seeds = range(starts)
    return np.array([KMeans(k, init=init, n_init=1, random_state=s).fit(X).inertia_ for s in seeds])


def test_every_start_finds_the_groups(groups):
    found = inertias(groups, 20, merged_start)
    np.testing.assert_allclose(found, found.min(), rtol=1e-3)
    assert inertias(groups, 20, "k-means++").max() > 1.1 * found.min()


def test_varied_starts_are_of_both_kinds(groups):
    given = KMeans(20, init=varied_start, n_init=10, random_state=0).fit(groups)
    np.testing.assert_allclose(given.inertia_, inertias(groups, 20, merged_start).min(), rtol=1e-3)
    starts = [varied_start(groups, 20, np.random.RandomState(seed)) for seed in range(12)]
    rows = {row.tobytes() for row in groups}
    from_rows = [all(center.tobytes() in rows for center in start) for start in starts]
    assert 0 < sum(from_rows) < len(starts)


@pytest.mark.parametrize("k", [1, 2, 7, 40])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_start_is_k_different_centers_of_the_rows_type(k, dtype):
    X = load_digits().data[:300].astype(dtype)
    start = merged_start(X, k, np.random.RandomState(0))
    assert (start.shape, start.dtype) == ((k, 64), dtype)
    assert len(np.unique(start, axis=0)) == k


def test_the_same_random_state_gives_the_same_start(groups):
    first, again = (merged_start(groups, 9, np.random.RandomState(4)) for _ in range(2))
    np.testing.assert_array_equal(first, again)


def test_a_sample_of_many_rows_is_enough(groups, monkeypatch):
    best = inertias(groups, 20, merged_start).min()
    monkeypatch.setattr(merged, "_SAMPLE", 400)
    assert inertias(groups, 20, merged_start).min() == pytest.approx(best, rel=1e-3)


def test_with_as_many_clusters_as_rows_every_row_is_a_center():
    X = np.arange(6.0).reshape(6, 1)
    start = merged_start(X, 6, np.random.RandomState(0))
    assert sorted(start.ravel()) == [0, 1, 2, 3, 4, 5]


def test_few_different_rows_are_no_error():
    X = np.repeat([[0.0], [5.0], [9.0]], 30, axis=0)
    for seed in range(6):
        for k in (1, 2, 3):
            model = KMeans(k, init=varied_start, n_init=2, random_state=seed).fit(X)
            assert len(np.unique(model.labels_)) == k
