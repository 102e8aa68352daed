"""What users of scikit-learn's KMeans ran into, by the number of its issue."""

import multiprocessing
import sys

import numpy as np
import pytest
import sklearn.cluster
from numpy.testing import assert_allclose, assert_array_equal
from scipy.sparse import csr_matrix
from sklearn.datasets import load_iris, make_blobs
from tests.peers.processes import run

from kmosaic import KMeans, kmeans_plusplus

needs_proc = pytest.mark.skipif(sys.platform != "linux", reason="counts threads in /proc")


def bits(model):
    return model.cluster_centers_.tobytes(), model.labels_.tobytes(), model.inertia_


def test_17334_and_20642_the_core_brings_no_second_pool_of_threads_that_could_fight_the_first():
    """Seeding and Lloyd were 2 to 5 times slower where pools of OpenMP and BLAS took turns."""
    code = """
import numpy as np, threadpoolctl
before = {each["filepath"] for each in threadpoolctl.threadpool_info()}
from kmosaic import _core, _engine
data = _engine.Data(np.random.default_rng(0).random((20_000, 16)))
data.fit(np.asarray(data._rows[data.plus_plus(20, np.random.RandomState(0))]), max_iter=5)
print(len({each["filepath"] for each in threadpoolctl.threadpool_info()} - before))
"""
    assert run(code) == ["0"]


@needs_proc
@pytest.mark.parametrize("threads", [1, 3])
def test_17334_and_20642_a_fit_has_as_many_threads_as_were_allowed(threads):
    code = """
import os, numpy as np
from kmosaic import KMeans
X = np.random.default_rng(0).random((50_000, 8))
before = len(os.listdir("/proc/self/task"))
for algorithm in ("lloyd", "elkan", "yinyang"):
    KMeans(40, algorithm=algorithm, random_state=0, max_iter=5).fit(X)
print(len(os.listdir("/proc/self/task")) - before + 1)
"""
    assert run(code, KMOSAIC_NUM_THREADS=str(threads)) == [str(threads)]


@pytest.mark.skipif(
    "fork" not in multiprocessing.get_all_start_methods(), reason="this system does not fork"
)
def test_23823_a_child_that_was_forked_after_a_fit_can_fit():
    """The child waited forever for threads that only its parent has."""
    code = """
import multiprocessing, warnings
import numpy as np
from kmosaic import KMeans

warnings.simplefilter("ignore", DeprecationWarning)  # threads and fork, of which this test is
X = np.random.default_rng(0).random((50_000, 4))

def fit(_):
    return KMeans(8, random_state=0).fit(X).inertia_

here = fit(0)
with multiprocessing.get_context("fork").Pool(2) as pool:
    print(set(pool.map(fit, range(4))) == {here})
"""
    assert run(code, KMOSAIC_NUM_THREADS="4") == ["True"]


def test_27518_the_same_seed_gives_the_same_bits_again_and_again(monkeypatch):
    """Threads added their sums in whatever order they were done."""
    monkeypatch.setenv("KMOSAIC_NUM_THREADS", "4")
    X = np.random.RandomState(0).randn(1000, 100)
    model = KMeans(n_clusters=5, max_iter=1, random_state=0, n_init=1)
    assert len({bits(model.fit(X)) for _ in range(30)}) == 1


def test_9784_the_number_of_threads_does_not_change_the_inertia(monkeypatch):
    X, _ = make_blobs(n_samples=10_000, centers=10, n_features=2, random_state=2)
    found = set()
    for threads in range(1, 5):
        monkeypatch.setenv("KMOSAIC_NUM_THREADS", str(threads))
        found.add(bits(KMeans(n_clusters=10, random_state=2).fit(X)))
    assert len(found) == 1


def test_9354_distances_of_float32_rows_do_not_cancel():
    """|a|² + |b|² - 2ab of nearly equal rows was zero, negative or nonsense in float32."""
    centers = np.array([[1.0], [1.001]], np.float32) * np.ones(1000, np.float32)
    model = KMeans(2, init=centers, max_iter=1).fit(centers)
    apart = np.linalg.norm(centers[0].astype(np.float64) - centers[1])
    assert_allclose(model.transform(centers), [[0, apart], [apart, 0]], rtol=1e-7)


@pytest.mark.parametrize("offset", [100, 10_000, 1_000_000])
def test_9354_near_neighbors_far_from_zero_are_told_apart(offset):
    rows = (offset + np.arange(64)[:, None] / 16).astype(np.float32)
    model = KMeans(64, init=rows, max_iter=1).fit(rows)
    assert_array_equal(model.predict(rows), np.arange(64))
    assert model.inertia_ == 0


@pytest.mark.parametrize("algorithm", ["lloyd", "elkan"])
@pytest.mark.parametrize("sparse", [False, True])
def test_34074_labels_belong_to_the_centers_after_an_empty_cluster_was_filled(sparse, algorithm):
    """The last assignment was skipped: labels_ and predict(X) were not the same."""
    X = np.array([[1.0], [2.0], [3.0]])
    init = np.array([[4.0], [0.0], [1.0]])
    rows = csr_matrix(X) if sparse else X
    model = KMeans(3, init=init, n_init=1, max_iter=10, tol=0, algorithm=algorithm).fit(rows)
    assert_array_equal(model.labels_, model.predict(rows))
    assert model.inertia_ == -model.score(rows)


@pytest.mark.parametrize("algorithm", ["lloyd", "elkan"])
@pytest.mark.filterwarnings("ignore:Number of distinct clusters")
def test_28055_copies_and_as_many_clusters_as_rows_do_not_go_on_forever(algorithm):
    """A copy went to and fro between two clusters until max_iter."""
    X = np.array([[100, 100], [100, 102], [106, 100], [107, 101], [107, 101], [108, 100]])
    init = np.array([[98, 104], [103, 100], [109, 102], [110, 100], [111, 100], [112, 100]])
    model = KMeans(6, init=init, algorithm=algorithm, max_iter=10_000, tol=0).fit(X)
    assert model.n_iter_ <= 3
    assert model.inertia_ == 0


def test_25527_the_start_knows_the_weights():
    """A start among rows of hardly any weight was the end as well: no center came to the others."""
    x = np.array([1, 1, 5, 5, 100, 100]).reshape(-1, 1)
    weights = 10 ** np.array([8.0, 8, 8, 8, -8, -8])
    for seed in range(10):
        model = KMeans(n_clusters=2, random_state=seed).fit(x, sample_weight=weights)
        assert_allclose(np.sort(model.cluster_centers_, axis=0), [[1], [5]], rtol=1e-12)


@pytest.mark.parametrize("init", ["k-means++", "random"])
def test_25527_a_row_of_no_weight_is_never_a_start(init):
    x, weights = np.arange(40.0).reshape(-1, 1), np.repeat([1.0, 0.0], 20)
    for seed in range(10):
        model = KMeans(8, init=init, n_init=1, max_iter=1, random_state=seed)
        assert model.fit(x, sample_weight=weights).cluster_centers_.max() < 20
        _, chosen = kmeans_plusplus(x, 8, sample_weight=weights, random_state=seed)
        assert chosen.max() < 20


@needs_proc
def test_17208_a_fit_of_150_rows_starts_no_thread():
    """150 rows woke up every core, ten times the time of the work itself."""
    code = """
import os
from sklearn.datasets import load_iris
from kmosaic import KMeans
X = load_iris().data
before = len(os.listdir("/proc/self/task"))
KMeans(n_clusters=2, n_init=10).fit(X).predict(X)
print(len(os.listdir("/proc/self/task")) - before)
"""
    assert run(code, KMOSAIC_NUM_THREADS="8") == ["0"]


def test_17208_a_fit_of_150_rows_is_few_calls_of_python():
    X = load_iris().data
    ours, theirs = (
        _calls(kind(n_clusters=2, n_init=1, random_state=0).fit, X)
        for kind in (KMeans, sklearn.cluster.KMeans)
    )
    assert ours < theirs / 5


def _calls(method, X):
    method(X)  # what is only done once has been done
    count = 0

    def listen(_, event, __):
        nonlocal count
        count += event == "call"

    sys.setprofile(listen)
    try:
        method(X)
    finally:
        sys.setprofile(None)
    return count
