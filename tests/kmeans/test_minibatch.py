"""MiniBatchKMeans: as good as scikit-learn's after as many batches, and the same every time."""

import pickle

import numpy as np
import pytest
import scipy.sparse as sp
import sklearn.cluster
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.datasets import load_digits, make_blobs
from sklearn.utils.estimator_checks import parametrize_with_checks
from threadpoolctl import threadpool_limits

from kmosaic import KMeans, MiniBatchKMeans, kmeans_plusplus
from kmosaic._engine import Data
from kmosaic._errors import InputError

DIGITS = load_digits().data
BLOBS, _ = make_blobs(5000, 8, centers=20, random_state=0)


def not_repetition(_):
    """As in scikit-learn: how many batches there are depends on the number of rows."""
    reason = "rows are drawn at random, as many as there are rows"
    return {
        "check_sample_weight_equivalence_on_dense_data": reason,
        "check_sample_weight_equivalence_on_sparse_data": reason,
    }


@parametrize_with_checks(
    [MiniBatchKMeans(), MiniBatchKMeans(init="random", tol=1e-3)],
    expected_failed_checks=not_repetition,
)
@pytest.mark.filterwarnings("ignore")
def test_it_passes_every_check_of_scikit_learn(estimator, check):
    check(estimator)


@pytest.mark.parametrize("rows", [DIGITS, BLOBS], ids=["digits", "blobs"])
def test_it_is_as_good_as_that_of_scikit_learn_after_as_many_batches(rows):
    starts = [kmeans_plusplus(rows, 20, random_state=seed)[0] for seed in range(20)]

    def mean_inertia(kind):
        settings = {"n_init": 1, "batch_size": 200, "max_iter": 5, "max_no_improvement": None}
        models = [
            kind(20, init=start, random_state=seed, **settings).fit(rows)
            for seed, start in enumerate(starts)
        ]
        assert {model.n_steps_ for model in models} == {5 * len(rows) // 200}
        return np.mean([model.inertia_ for model in models])

    with threadpool_limits(1):  # theirs is many times slower with two threads on a busy machine
        theirs = mean_inertia(sklearn.cluster.MiniBatchKMeans)
    assert mean_inertia(MiniBatchKMeans) <= 1.01 * theirs


def test_labels_of_an_earlier_fit_do_not_stay():
    model = MiniBatchKMeans(3, random_state=0).fit(DIGITS)
    assert not hasattr(model.set_params(compute_labels=False).fit(BLOBS), "labels_")


def test_from_the_same_start_a_batch_moves_the_centers_as_in_scikit_learn():
    start = BLOBS[:20].copy()
    settings = {"init": start, "n_init": 1, "reassignment_ratio": 0}
    ours, theirs = MiniBatchKMeans(20, **settings), sklearn.cluster.MiniBatchKMeans(20, **settings)
    weights = np.random.default_rng(0).random(len(BLOBS))
    for first in range(0, 5000, 500):
        part = slice(first, first + 500)
        ours.partial_fit(BLOBS[part], sample_weight=weights[part])
        theirs.partial_fit(BLOBS[part], sample_weight=weights[part])
        assert_allclose(ours.cluster_centers_, theirs.cluster_centers_, rtol=1e-9)
        assert_array_equal(ours.labels_, theirs.labels_)
        assert_allclose(ours.inertia_, theirs.inertia_, rtol=1e-9)
    assert ours.n_steps_ == theirs.n_steps_ == 10


@pytest.mark.parametrize("kind", [np.asarray, sp.csr_array])
@pytest.mark.parametrize("threads", ["1", "3"])
def test_any_number_of_threads_gives_the_same_bits(kind, threads, monkeypatch):
    expected = MiniBatchKMeans(10, random_state=0).fit(kind(DIGITS))
    monkeypatch.setenv("KMOSAIC_NUM_THREADS", threads)
    found = MiniBatchKMeans(10, random_state=0).fit(kind(DIGITS))
    assert found.cluster_centers_.tobytes() == expected.cluster_centers_.tobytes()
    assert (found.inertia_, found.n_steps_) == (expected.inertia_, expected.n_steps_)


def test_labels_and_inertia_are_those_of_all_rows():
    model = MiniBatchKMeans(10, random_state=0).fit(DIGITS)
    assert_array_equal(model.predict(DIGITS), model.labels_)
    assert_allclose(model.score(DIGITS), -model.inertia_)
    quick = MiniBatchKMeans(10, random_state=0, compute_labels=False).fit(DIGITS)
    assert not hasattr(quick, "labels_")
    assert_array_equal(quick.cluster_centers_, model.cluster_centers_)
    assert quick.inertia_ == pytest.approx(model.inertia_, rel=0.1)


def test_rows_without_weight_are_as_absent():
    weights = np.random.default_rng(0).integers(0, 2, len(BLOBS)).astype(float)
    wild = np.where(weights[:, None] > 0, BLOBS, 1e6)
    model = MiniBatchKMeans(20, random_state=0).fit(wild, sample_weight=weights)
    assert np.abs(model.cluster_centers_).max() < 100
    model.partial_fit(wild, sample_weight=weights)
    assert np.abs(model.cluster_centers_).max() < 100


def test_heavy_rows_draw_the_centers():
    rows = np.random.default_rng(0).normal(size=(4000, 2))
    weights = np.where(rows[:, 0] > 0, 100.0, 1.0)
    model = MiniBatchKMeans(10, random_state=0).fit(rows, sample_weight=weights)
    assert (model.cluster_centers_[:, 0] > 0).sum() >= 7


def test_centers_without_rows_are_put_where_rows_are():
    start = np.concatenate([BLOBS[:5], np.full((15, 8), 1e3)])
    model = MiniBatchKMeans(20, init=start, n_init=1, random_state=0).fit(BLOBS)
    assert np.abs(model.cluster_centers_).max() < 100
    stuck = MiniBatchKMeans(20, init=start, n_init=1, random_state=0, reassignment_ratio=0)
    assert np.abs(stuck.fit(BLOBS).cluster_centers_).max() == 1e3


def test_it_goes_on_where_a_pickle_left_it():
    straight = MiniBatchKMeans(8, random_state=0)
    broken = MiniBatchKMeans(8, random_state=0)
    for first in range(0, 5000, 1000):
        straight.partial_fit(BLOBS[first : first + 1000])
        broken = pickle.loads(pickle.dumps(broken.partial_fit(BLOBS[first : first + 1000])))
    assert_array_equal(broken.cluster_centers_, straight.cluster_centers_)


def test_many_small_batches_in_float32_lose_no_count():
    start = np.array([[0.0], [10.0]], np.float32)
    model = MiniBatchKMeans(2, init=start, n_init=1, reassignment_ratio=0, compute_labels=False)
    batch = np.array([[1.0], [11.0]], np.float32)
    for _ in range(4):
        model.partial_fit(batch, sample_weight=np.full(2, 2.0**23))  # float32 counts end at 2^24
    model.partial_fit(batch + 5, sample_weight=np.full(2, 2.0**23))
    assert_allclose(model.cluster_centers_, [[2.0], [12.0]])


def test_a_start_on_too_few_rows_is_told():
    with pytest.warns(RuntimeWarning, match="init_size=10 should be larger than n_clusters=20"):
        MiniBatchKMeans(20, init_size=10, random_state=0).fit(BLOBS)
    with pytest.warns(RuntimeWarning, match="only one init in MiniBatchKMeans instead of n_init=3"):
        MiniBatchKMeans(20, init=BLOBS[:20], n_init=3).fit(BLOBS)
    with pytest.raises(InputError, match="n_samples=3 should be >= n_clusters=20"):
        MiniBatchKMeans(20).partial_fit(BLOBS[:3])


@pytest.mark.parametrize("tol", [0.0, 1e-2])
def test_verbose_shows_why_it_ended(tol, capsys):
    model = MiniBatchKMeans(20, random_state=0, tol=tol, verbose=1, max_no_improvement=3).fit(BLOBS)
    shown = capsys.readouterr().out
    assert f"Minibatch step {model.n_steps_}/" in shown
    assert "Init 1/1 with method k-means++" in shown
    assert "Converged (" in shown


def test_more_passes_come_near_to_all_of_kmeans():
    whole = KMeans(10, random_state=0, n_init=3).fit(DIGITS).inertia_
    model = MiniBatchKMeans(10, random_state=0, n_init=3, max_no_improvement=None, max_iter=50)
    assert model.fit(DIGITS).inertia_ < 1.08 * whole


class StoppedError(Exception):
    """As Ctrl-C would."""


def stopping_after(calls, monkeypatch):
    """From now on, the engine stops after so many looks at rows."""
    left = iter(range(calls))

    def summarize(self, centers, look=Data.summarize):
        if next(left, None) is None:
            raise StoppedError
        return look(self, centers)

    monkeypatch.setattr(Data, "summarize", summarize)


def state(model):
    kept = {name: value for name, value in vars(model).items() if name != "_random_state"}
    return pickle.dumps((kept, getattr(model, "_random_state", np.random.mtrand._rand).get_state()))


@pytest.mark.parametrize("calls", range(6))
def test_a_fit_that_is_stopped_leaves_the_model_as_it_was(calls, monkeypatch):
    settings = {"random_state": 0, "init": "random", "n_init": 2, "batch_size": 500}
    model = MiniBatchKMeans(5, **settings).fit(BLOBS)
    before = state(model)
    stopping_after(calls, monkeypatch)
    with pytest.raises(StoppedError):
        model.fit(BLOBS * 2)
    assert state(model) == before


@pytest.mark.parametrize("calls", range(2))
@pytest.mark.parametrize("batches", [0, 1])
def test_a_batch_that_is_stopped_leaves_the_model_as_it_was(batches, calls, monkeypatch):
    model = MiniBatchKMeans(5, random_state=0, reassignment_ratio=0.0)
    for _ in range(batches):
        model.partial_fit(BLOBS[:1000])
    model.n_features_in_ = BLOBS.shape[1]
    before = state(model)
    with monkeypatch.context() as patch:
        stopping_after(calls, patch)
        with pytest.raises(StoppedError):
            model.partial_fit(BLOBS[1000:2000])
    assert state(model) == before
    again, fresh = model.partial_fit(BLOBS), MiniBatchKMeans(5, random_state=0)
    fresh.reassignment_ratio = 0.0
    for _ in range(batches):
        fresh.partial_fit(BLOBS[:1000])
    assert_array_equal(again.cluster_centers_, fresh.partial_fit(BLOBS).cluster_centers_)


def test_weights_may_be_so_large_that_their_sum_is_infinite():
    weights = np.full(len(BLOBS), 1e308)
    weights[::2] /= 2
    settings = {"random_state": 0, "batch_size": 500}
    large, small = (
        MiniBatchKMeans(5, **settings).fit(BLOBS, sample_weight=each)
        for each in (weights, weights / 2.0**1000)
    )
    assert_array_equal(large.cluster_centers_, small.cluster_centers_)
    with pytest.raises(InputError, match="adds up to infinity: divide all of them"):
        MiniBatchKMeans(5, **settings).partial_fit(BLOBS, sample_weight=weights)


def test_small_numbers_of_numpy_do_not_overflow():
    small = {"n_clusters": np.int8(50), "tol": np.float16(0.5), "batch_size": np.int16(30_000)}
    rows = np.random.default_rng(0).normal(size=(400, 2)) * 1e4
    plain = {name: value.item() for name, value in small.items()}
    a, b = (MiniBatchKMeans(**each, random_state=0).fit(rows) for each in (small, plain))
    assert_array_equal(a.cluster_centers_, b.cluster_centers_)
