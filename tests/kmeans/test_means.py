"""Means of rows that are zero, or all alike, in a column are what they are of."""

import numpy as np
import pytest
import scipy.sparse as sp
from numpy.testing import assert_allclose, assert_array_equal

from kmosaic import KMeans


def halves(random, dtype):
    """Rows of two kinds, each with zeros where the other has values of very different size."""
    rows = random.random((3000, 40)) * (random.random((3000, 40)) < 0.1)
    rows *= 10.0 ** random.integers(-8, 8, 40)
    rows[:1500, :20] = 0
    rows[1500:, 20:] = 0
    return rows.astype(dtype)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("kind", [np.asarray, sp.csr_array])
@pytest.mark.parametrize("weighted", [False, True])
def test_a_cluster_whose_rows_are_zero_in_a_column_has_a_zero_there(kind, dtype, weighted):
    random = np.random.default_rng(0)
    rows = halves(random, dtype)
    weights = random.random(3000) if weighted else None
    model = KMeans(2, init=rows[[0, 2000]], n_init=1).fit(kind(rows), sample_weight=weights)
    for cluster, center in enumerate(model.cluster_centers_):
        own = model.labels_ == cluster
        mean = np.average(
            rows[own].astype(float), axis=0, weights=None if weights is None else weights[own]
        )
        assert_array_equal(center == 0, (rows[own] == 0).all(axis=0))
        assert_allclose(center, mean, rtol=1e-6 if dtype == np.float32 else 1e-12)


def test_weights_that_are_whole_numbers_give_the_means_of_repeated_rows():
    random = np.random.default_rng(0)
    rows = random.normal(size=(400, 30)) * 10.0 ** random.integers(-5, 5, 30)
    times = random.integers(1, 9, 400)
    settings = {"init": rows[:7], "n_init": 1}
    weighted = KMeans(7, **settings).fit(rows, sample_weight=times)
    repeated = KMeans(7, **settings).fit(np.repeat(rows, times, axis=0))
    assert weighted.cluster_centers_.tobytes() == repeated.cluster_centers_.tobytes()
