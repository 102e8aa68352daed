"""BisectingKMeans: splits, and the tree that is left."""

import numpy as np
import pytest
import scipy.sparse as sp
import sklearn.cluster
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.base import clone
from sklearn.datasets import load_digits, make_blobs
from sklearn.exceptions import ConvergenceWarning
from sklearn.utils.estimator_checks import parametrize_with_checks
from threadpoolctl import threadpool_limits

from kmosaic import BisectingKMeans, KMeans

DIGITS = load_digits().data
STRATEGIES = ["biggest_inertia", "largest_cluster"]


@parametrize_with_checks(
    [BisectingKMeans(), BisectingKMeans(init="k-means++", bisecting_strategy="largest_cluster")]
)
@pytest.mark.filterwarnings("ignore")
def test_it_passes_every_check_of_scikit_learn(estimator, check):
    check(estimator)


@pytest.mark.parametrize("strategy", STRATEGIES)
@pytest.mark.parametrize("kind", [np.asarray, sp.csr_array])
def test_fit_and_predict_agree_and_inertia_is_that_of_the_labels(kind, strategy):
    model = BisectingKMeans(7, random_state=0, bisecting_strategy=strategy).fit(kind(DIGITS))
    assert_array_equal(model.predict(kind(DIGITS)), model.labels_)
    own = model.cluster_centers_[model.labels_]
    assert_allclose(model.inertia_, ((DIGITS - own) ** 2).sum(), rtol=1e-9)
    for cluster in range(7):
        mean = DIGITS[model.labels_ == cluster].mean(axis=0)
        assert_allclose(model.cluster_centers_[cluster], mean, atol=0.5)


def test_the_result_is_as_good_as_that_of_scikit_learn():
    with threadpool_limits(1):  # theirs is many times slower with two threads on a busy machine
        ours, theirs = (
            np.mean([kind(10, random_state=i).fit(DIGITS).inertia_ for i in range(10)])
            for kind in (BisectingKMeans, sklearn.cluster.BisectingKMeans)
        )
    assert ours <= theirs * 1.01


def test_the_largest_cluster_is_split_next():
    far = np.concatenate([np.zeros((90, 1)), np.full((5, 1), 100.0), np.full((5, 1), 130.0)])
    near = far + np.linspace(0, 0.1, 100)[:, None]
    by_size = BisectingKMeans(3, random_state=0, bisecting_strategy="largest_cluster").fit(near)
    by_inertia = BisectingKMeans(3, random_state=0).fit(near)
    assert len(set(by_size.labels_[:90])) == 2
    assert len(set(by_inertia.labels_[:90])) == 1


@pytest.mark.parametrize("threads", ["1", "3"])
def test_any_number_of_threads_gives_the_same_bits(threads, monkeypatch):
    rows, _ = make_blobs(20_000, 8, centers=12, random_state=0)
    expected = BisectingKMeans(12, random_state=0).fit(rows)
    monkeypatch.setenv("KMOSAIC_NUM_THREADS", threads)
    found = BisectingKMeans(12, random_state=0).fit(rows)
    assert found.cluster_centers_.tobytes() == expected.cluster_centers_.tobytes()
    assert found.inertia_ == expected.inertia_


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_weights_equal_repetition(strategy):
    times = np.random.default_rng(0).integers(0, 4, len(DIGITS))
    model = BisectingKMeans(5, init="k-means++", random_state=0, bisecting_strategy=strategy)
    weighted = clone(model).fit(DIGITS, sample_weight=times)
    repeated = clone(model).fit(np.repeat(DIGITS, times, axis=0))
    assert_array_equal(weighted.cluster_centers_, repeated.cluster_centers_)
    assert_allclose(weighted.inertia_, repeated.inertia_)


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_copies_leave_clusters_empty_and_are_told(strategy):
    rows = np.repeat([[0.0], [1.0], [5.0]], 4, axis=0)
    with pytest.warns(ConvergenceWarning, match=r"distinct clusters \(3\)"):
        model = BisectingKMeans(6, random_state=0, bisecting_strategy=strategy).fit(rows)
    assert model.inertia_ == 0
    assert_array_equal(model.predict(rows), model.labels_)
    assert len(model.cluster_centers_) == 6


def test_one_cluster_is_the_mean_and_as_many_as_rows_are_the_rows():
    rows = DIGITS[:9]
    assert_allclose(BisectingKMeans(1).fit(rows).cluster_centers_[0], rows.mean(axis=0))
    assert len(set(BisectingKMeans(9, random_state=0).fit(rows).labels_)) == 9


def test_a_far_offset_does_not_cost_accuracy():
    rows, _ = make_blobs(500, 3, centers=4, random_state=0)
    rows = np.round(rows * 256) / 256
    near, far = (
        BisectingKMeans(4, init=lambda X, k, random_state: X[:k]).fit(rows + offset)
        for offset in (0, 2.0**30)
    )
    assert_array_equal(near.labels_, far.labels_)


def test_verbose_tells_of_each_split(capsys):
    BisectingKMeans(3, random_state=0, verbose=1).fit(DIGITS[:50])
    assert capsys.readouterr().out.count("New centroids from bisection") == 2


def test_it_takes_what_kmeans_takes():
    model = BisectingKMeans(4, random_state=0, algorithm="elkan").fit(DIGITS.astype(np.uint8))
    plain = BisectingKMeans(4, random_state=0, algorithm="lloyd").fit(DIGITS)
    assert_array_equal(model.labels_, plain.labels_)
    assert model.transform(DIGITS).shape == (len(DIGITS), 4)
    assert model.score(DIGITS) >= -model.inertia_  # there may be a nearer center in another branch
    assert isinstance(model.why_, str)
    assert model.inertia_ >= KMeans(4, n_init=5, random_state=0).fit(DIGITS).inertia_
