"""A cluster that loses all its rows takes the farthest one."""

import numpy as np
import pytest

from kmosaic import KMeans


def test_an_empty_cluster_takes_the_row_farthest_from_its_center():
    X = np.array([[0.0], [1.0], [2.0], [50.0]])
    model = KMeans(2, init=np.array([[1.0], [1e6]]), n_init=1).fit(X)
    assert sorted(model.cluster_centers_.ravel().tolist()) == [1.0, 50.0]


def test_every_cluster_has_rows_when_enough_are_distinct():
    X = np.random.default_rng(0).normal(size=(40, 2))
    far_away = np.full((10, 2), 1e5) + np.arange(10)[:, None]
    model = KMeans(10, init=far_away, n_init=1).fit(X)
    assert np.bincount(model.labels_, minlength=10).min() > 0


def test_copies_of_the_farthest_row_go_along():
    X = np.array([[0.0], [1.0], [9.0], [9.0], [9.0]])
    model = KMeans(2, init=np.array([[0.5], [1e6]]), n_init=1, max_iter=1, tol=0).fit(X)
    assert model.cluster_centers_.ravel().tolist() == [0.5, 9.0]


def test_fewer_distinct_rows_than_clusters_end_with_a_warning():
    X = np.repeat([[0.0], [1.0]], 10, axis=0)
    with pytest.warns(UserWarning, match=r"distinct clusters \(2\) found smaller than n_clusters"):
        model = KMeans(4, random_state=0).fit(X)
    assert model.inertia_ == 0
    assert len(set(model.labels_.tolist())) == 2


def test_constant_data_is_one_cluster():
    with pytest.warns(UserWarning, match="distinct clusters"):
        model = KMeans(3, random_state=0).fit(np.ones((9, 2)))
    assert set(model.labels_.tolist()) == {0}


def test_rows_of_weight_zero_are_never_taken():
    X = np.array([[0.0], [1.0], [2.0], [1000.0]])
    model = KMeans(2, init=np.array([[1.0], [1e6]]), n_init=1).fit(X, sample_weight=[1, 1, 1, 0])
    assert 1000.0 not in model.cluster_centers_
