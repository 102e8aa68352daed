"""k_means and kmeans_plusplus, as scikit-learn has them."""

import numpy as np
import pandas as pd
import pytest
import scipy.sparse as sp
from numpy.testing import assert_array_equal
from sklearn.datasets import load_iris

from kmosaic import KMeans, k_means, kmeans_plusplus
from kmosaic._errors import InputError

X = load_iris().data


@pytest.mark.parametrize("kind", [np.asarray, sp.csr_array, np.asfortranarray, list])
def test_k_means_returns_what_the_estimator_finds(kind):
    weights = np.arange(150.0)
    model = KMeans(3, random_state=0).fit(kind(X), sample_weight=weights)
    centers, labels, inertia, n_iter = k_means(
        kind(X), 3, sample_weight=weights, random_state=0, return_n_iter=True
    )
    assert_array_equal(centers, model.cluster_centers_)
    assert_array_equal(labels, model.labels_)
    assert (inertia, n_iter) == (model.inertia_, model.n_iter_)
    assert len(k_means(kind(X), 3, random_state=0)) == 3


@pytest.mark.parametrize("given", [X, X.astype(np.float32), sp.csr_array(X), sp.csc_matrix(X)])
def test_seeds_are_different_rows_of_x_in_its_type(given):
    centers, rows = kmeans_plusplus(given, 10, random_state=0)
    assert len(set(rows)) == 10
    assert centers.dtype == given.dtype
    dense = given.toarray() if sp.issparse(given) else given
    assert_array_equal(centers, dense[rows])
    assert_array_equal(rows, kmeans_plusplus(given, 10, random_state=0)[1])


def test_lists_and_frames_are_taken():
    expected = kmeans_plusplus(X, 4, random_state=1)[0]
    assert_array_equal(kmeans_plusplus(X.tolist(), 4, random_state=1)[0], expected)
    assert_array_equal(kmeans_plusplus(pd.DataFrame(X), 4, random_state=1)[0], expected)


def test_weights_decide_which_rows_can_be_seeds():
    weights = np.zeros(150)
    weights[50:60] = 1
    _, rows = kmeans_plusplus(X, 5, sample_weight=weights, random_state=0)
    assert set(rows) <= set(range(50, 60))


def test_more_trials_leave_less_inertia_on_average():
    def left(trials):
        found = [kmeans_plusplus(X, 8, random_state=i, n_local_trials=trials) for i in range(40)]
        return np.mean([((X[:, None] - start) ** 2).sum(axis=2).min(axis=1) for start, _ in found])

    assert left(32) < left(4) < left(1)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"n_clusters": 151}, "n_samples=150 should be >= n_clusters=151"),
        ({"n_clusters": 0}, "n_clusters"),
        ({"n_local_trials": 0}, "n_local_trials"),
        ({"n_local_trials": 33}, "n_local_trials=33 is more than 32: give 1 to 32"),
        ({"x_squared_norms": [1.0]}, "length of x_squared_norms 1"),
        ({"sample_weight": -np.ones(150)}, "negative at row 0"),
    ],
)
def test_what_cannot_be_is_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        kmeans_plusplus(X, **{"n_clusters": 3, **arguments})


def test_numbers_that_are_none_are_refused_with_their_place():
    bad = X.copy()
    bad[3, 2] = np.nan
    with pytest.raises(InputError, match="row 3, column 2"):
        kmeans_plusplus(bad, 2)
