"""BalancedKMeans: sizes are kept, and no other assignment of such sizes costs less."""

import itertools

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from scipy.optimize import linear_sum_assignment
from sklearn.utils.estimator_checks import parametrize_with_checks
from tests.kmeans import slow

from kmosaic import BalancedKMeans, KMeans, _engine
from kmosaic._errors import InputError

pytestmark = pytest.mark.filterwarnings("ignore:Number of distinct clusters")


@parametrize_with_checks([BalancedKMeans(2), BalancedKMeans(2, min_cluster_size=1)])
@pytest.mark.filterwarnings("ignore")
def test_it_passes_every_check_of_scikit_learn(estimator, check):
    check(estimator)


def least_cost(costs, least, most):
    """The optimum by scipy's assignment solver: a place for each row that a cluster may take."""
    n, k = costs.shape
    clusters = np.repeat(np.arange(k), most)
    must_be_filled = np.tile(np.arange(most) < least, k)
    dummy = np.where(must_be_filled, 1e6 * (1 + costs.max()), 0.0)
    whole = np.vstack([costs[:, clusters], np.tile(dummy, (len(clusters) - n, 1))])
    rows, places = linear_sum_assignment(whole)
    return whole[rows, places][rows < n].sum()


def data_of_kind(kind, generator, n, d):
    if kind == "ties":
        return generator.integers(0, 3, size=(n, d)).astype(float)
    return generator.normal(size=(n, d)) if kind == "normal" else generator.standard_cauchy((n, d))


@settings(max_examples=100, deadline=None)
@given(
    st.integers(0, 100_000),
    st.sampled_from(["normal", "ties", "heavy tails"]),
    st.integers(1, 6),
    st.integers(0, 40),
    st.integers(1, 20),
    st.booleans(),
)
def test_no_other_assignment_of_such_sizes_costs_less(seed, kind, k, more, max_iter, weighted):
    generator = np.random.default_rng(seed)
    n, d = k + more, int(generator.integers(1, 4))
    X = data_of_kind(kind, generator, n, d)
    weights = generator.random(n) + 0.1 if weighted else np.ones(n)
    least = int(generator.integers(1, n // k + 1))
    most = int(generator.integers(-(-n // k), n + 1))
    model = BalancedKMeans(
        k, min_cluster_size=least, max_cluster_size=most, max_iter=max_iter, tol=0, random_state=0
    ).fit(X, sample_weight=weights)
    sizes = np.bincount(model.labels_, minlength=k)
    assert least <= sizes.min()
    assert sizes.max() <= most
    costs = slow.squared_distances(X, model.cluster_centers_) * weights[:, None]
    cost = costs[np.arange(n), model.labels_].sum()
    assert cost == pytest.approx(least_cost(costs, least, most), rel=1e-9, abs=1e-12)
    assert model.inertia_ == pytest.approx(cost, rel=1e-9, abs=1e-20 * np.square(X).max())
    inertias = [step.inertia for step in model.history_]
    assert all(b <= a * (1 + 1e-12) for a, b in itertools.pairwise(inertias))


@pytest.mark.parametrize(("n", "k"), [(10, 3), (100, 7), (64, 64), (2000, 16)])
def test_without_sizes_they_are_as_even_as_can_be(n, k):
    X = np.random.default_rng(0).exponential(size=(n, 3)) ** 3
    sizes = np.bincount(BalancedKMeans(k, random_state=0).fit(X).labels_, minlength=k)
    assert set(sizes.tolist()) <= {n // k, -(-n // k)}


def test_sizes_that_do_not_bind_give_plain_kmeans():
    X = np.random.default_rng(0).normal(size=(500, 4))
    loose = BalancedKMeans(5, min_cluster_size=1, random_state=0).fit(X)
    plain = KMeans(5, random_state=0).fit(X)
    assert_array_equal(loose.labels_, plain.labels_)
    assert_array_equal(loose.cluster_centers_, plain.cluster_centers_)


def test_costs_are_not_rounded_to_whole_numbers():
    # k-means-constrained solves with integer costs: distances far below 1 all became 0 there.
    generator = np.random.default_rng(0)
    X = np.repeat([[0.0], [1e-6], [3e-6]], 20, axis=0) + generator.normal(size=(60, 1)) * 1e-8
    X = X[generator.permutation(60)]
    model = BalancedKMeans(3, n_init=5, random_state=0).fit(X)
    assert_array_equal(np.bincount(model.labels_), [20, 20, 20])
    assert_allclose(np.sort(model.cluster_centers_.ravel()), [0, 1e-6, 3e-6], atol=2e-8)


def test_cluster_means_are_those_of_the_labels_and_predict_has_no_sizes():
    X = np.random.default_rng(0).normal(size=(300, 2)) ** 3
    model = BalancedKMeans(6, random_state=0, tol=0).fit(X)
    means = slow.means(X, model.labels_, model.cluster_centers_)
    assert_allclose(model.cluster_centers_, means, rtol=1e-12)
    assert_array_equal(model.predict(X), slow.nearest(X, model.cluster_centers_))
    assert (model.predict(X) != model.labels_).any()
    assert model.algorithm_used_ == "balanced"
    assert "sizes" in model.why_


def test_rows_of_weight_zero_count_in_no_size():
    X = np.random.default_rng(0).normal(size=(60, 2))
    weights = np.r_[np.ones(40), np.zeros(20)]
    start = X[:4]
    with_them = BalancedKMeans(4, init=start).fit(X, sample_weight=weights)
    without = BalancedKMeans(4, init=start).fit(X[:40])
    assert_array_equal(with_them.labels_[:40], without.labels_)
    assert_array_equal(with_them.cluster_centers_, without.cluster_centers_)


@pytest.mark.parametrize("kind", [np.asarray, sp.csr_array])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_any_threads_and_any_instruction_set_give_the_same_bits(kind, dtype, monkeypatch):
    X = kind(np.random.default_rng(0).exponential(size=(3000, 5)).astype(dtype))
    found = set()
    for simd, threads in itertools.product(_engine.instruction_sets(), (1, 2, 3, 8)):
        monkeypatch.setenv("KMOSAIC_SIMD", simd)
        monkeypatch.setenv("KMOSAIC_NUM_THREADS", str(threads))
        model = BalancedKMeans(9, random_state=0, max_iter=6).fit(X)
        found.add((model.labels_.tobytes(), model.cluster_centers_.tobytes(), model.inertia_))
    assert len(found) == 1


def test_rows_that_are_all_alike_are_shared_out():
    model = BalancedKMeans(4, random_state=0).fit(np.ones((10, 2)))
    assert sorted(np.bincount(model.labels_)) == [2, 2, 3, 3]
    assert model.inertia_ == 0


@pytest.mark.parametrize(
    ("sizes", "said"),
    [
        ({"min_cluster_size": 4}, "need 12 rows, and there are 10: ask for 3 or less"),
        ({"max_cluster_size": 3}, "hold 9 rows, and there are 10: allow 4 or more"),
        ({"min_cluster_size": 3, "max_cluster_size": 2}, "min_cluster_size=3 is more than"),
    ],
)
def test_sizes_that_do_not_fit_are_refused_with_the_cure(sizes, said):
    with pytest.raises(ValueError, match=said):
        BalancedKMeans(3, **sizes).fit(np.arange(10.0)[:, None])


@pytest.mark.parametrize("far", [1e154, 1e200, 1e300])
def test_a_start_from_which_no_distance_can_be_told_is_refused(far):
    rows = np.arange(12.0).reshape(6, 2)
    with pytest.raises(InputError, match=r"initial center 1 lies so far out .* divide init and X"):
        BalancedKMeans(2, init=[[0, 0], [far, -far]], n_init=1).fit(rows)
    near = BalancedKMeans(2, init=[[0, 0], [1e149, 1e149]], n_init=1).fit(rows)
    assert np.bincount(near.labels_).tolist() == [3, 3]


def test_a_start_in_float32_is_as_good_as_any():
    rows = np.arange(12.0, dtype=np.float32).reshape(6, 2)
    found = BalancedKMeans(2, init=rows[[0, 5]] * np.float32(1e30), n_init=1).fit(rows)
    assert np.bincount(found.labels_).tolist() == [3, 3]
