"""Starting centers far from all rows: what they blow up must not outlast them."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy.sparse import csr_array
from tests.kmeans.slow import nearest
from tests.kmeans.traces import ALGORITHMS, assert_same, opened, run, runnable

from kmosaic import KMeans


def two_groups(seed, d=40):
    X = np.random.default_rng(seed).normal(size=(600, d))
    X[300:] += 5
    return X


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("far", [1e5, 1e15, 1e19, 3e19, 1e25, 1e30, 1e36])
def test_every_algorithm_finds_the_labels_of_lloyd(far, dtype):
    for d in (3, 40, 80):
        X = two_groups(0, d).astype(dtype)
        start = np.vstack([X[:3], np.full((1, d), far)]).astype(np.float64)
        data = opened(X)
        truth = run(data, start, "lloyd")
        assert_array_equal(truth.found["labels"], nearest(X, truth.found["centers"]))
        for algorithm in ALGORITHMS:
            if runnable(data, algorithm, 4):
                assert_same(run(data, start, algorithm), truth)


@pytest.mark.parametrize("far", [1e3, 1e7, 1e36, 1e60, 1e100, 1e200])
@pytest.mark.parametrize("kind", ["small numbers", "numbers"])
def test_a_group_of_centers_forgets_how_far_one_of_them_came(far, kind):
    scale = 1e-8 if kind == "small numbers" else 1.0
    for d in (8, 64):
        X = np.random.default_rng(d).normal(size=(1500, d)) * scale
        start = X[:40].copy()
        start[1] = far
        data = opened(X)
        truth = run(data, start, "lloyd")
        for algorithm in ALGORITHMS:
            if runnable(data, algorithm, 40):
                assert_same(run(data, start, algorithm), truth)


def test_centers_whose_float32_norms_overflow_are_told_apart():
    X = np.random.default_rng(0).normal(size=(500, 20)) * 1e-15
    start = np.full((2, 20), 1e5) + np.array([[1.0], [0.0]])
    data = opened(X)
    for algorithm in ("lloyd", "elkan"):
        trace = run(data, start, algorithm)
        assert_array_equal(trace.labels[0], nearest(X, start))
    edge = np.sqrt(2 * float(np.finfo(np.float32).max) / 20)
    centers = edge * np.array([[1 - 2.0**-26], [1 + 2.0**-26]]) * np.ones(20)
    rows = np.random.default_rng(1).uniform(-1, 1, (300, 20))
    assert_array_equal(opened(rows).nearest(centers)[0], nearest(rows, centers))


@pytest.mark.parametrize("far", [1e10, 1e13, 1e15, 1e30, 1e150])
@pytest.mark.parametrize("sparse", [False, True])
def test_inertia_is_as_exact_as_without(far, sparse):
    random = np.random.default_rng(0)
    X = np.vstack([random.normal(size=(300, 2)), 1e6 + random.normal(size=(300, 2))]) * 1e-6
    start = np.array([[0.0, 0.0], [1.0, 1.0], [far, far]])
    told = []
    model = KMeans(3, init=start, n_init=1, tol=0, on_iteration=told.append)
    model.fit(csr_array(X) if sparse else X)
    truth = ((X - model.cluster_centers_[model.labels_]) ** 2).sum()
    assert_allclose(model.inertia_, truth, rtol=1e-9)
    first = ((X - start[nearest(X, start)]) ** 2).sum()
    assert_allclose(told[0].inertia, first, rtol=1e-3 if sparse else 1e-9)
    inertias = [each.inertia for each in told]
    assert inertias == sorted(inertias, reverse=True)
    assert inertias[-1] >= model.inertia_
