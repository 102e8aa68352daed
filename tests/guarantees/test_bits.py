"""Promise 2: the same bits on any number of threads, however rows are cut, on any processor."""

import numpy as np
import pytest
import scipy.sparse as sp
from tests.guarantees.estimators import ESTIMATORS, SETS, bits

from kmosaic import kmeans_plusplus

pytestmark = pytest.mark.filterwarnings("ignore:X has rows of zeros")
INITS = ["k-means++", "random", "a callable"]


def rows(kind, dtype):
    generator = np.random.default_rng(0)
    found = generator.normal(size=(9000, 11)) + generator.integers(0, 5, size=(9000, 1)) * 3
    if kind == "CSR":
        found[generator.random(found.shape) < 0.7] = 0
        return sp.csr_array(found.astype(dtype))
    return found.astype(dtype)


def some_rows(X, n_clusters, random_state):
    chosen = X[random_state.permutation(X.shape[0])[:n_clusters]]
    return chosen.toarray() if sp.issparse(chosen) else chosen


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("kind", ["dense", "CSR"])
@pytest.mark.parametrize("init", INITS)
@pytest.mark.parametrize("name", ESTIMATORS)
def test_1_2_3_and_8_threads_give_the_same_bits(name, init, kind, weighted, monkeypatch):
    X = rows(kind, np.float32)
    weights = np.random.default_rng(1).random(X.shape[0]) if weighted else None
    found = set()
    for threads in (1, 2, 3, 8):
        monkeypatch.setenv("KMOSAIC_NUM_THREADS", str(threads))
        start = some_rows if init == "a callable" else init
        model = ESTIMATORS[name](7, init=start, random_state=3, max_iter=6)
        found.add(bits(model.fit(X, sample_weight=weights)))
    assert len(found) == 1


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("kind", ["dense", "CSR"])
@pytest.mark.parametrize("name", ESTIMATORS)
def test_all_instruction_sets_give_the_same_bits(name, kind, dtype, monkeypatch):
    X = rows(kind, dtype)[:2000]
    found = set()
    for simd in SETS:
        monkeypatch.setenv("KMOSAIC_SIMD", simd)
        found.add(bits(ESTIMATORS[name](6, random_state=3, max_iter=6).fit(X)))
    assert len(found) == 1


@pytest.mark.parametrize("kind", ["dense", "CSR"])
def test_seeding_chooses_the_same_rows(kind, monkeypatch):
    X = rows(kind, np.float64)
    found = set()
    for threads in (1, 2, 3, 8):
        monkeypatch.setenv("KMOSAIC_NUM_THREADS", str(threads))
        found.add(kmeans_plusplus(X, 20, random_state=0)[1].tobytes())
    assert len(found) == 1


@pytest.mark.parametrize("name", ESTIMATORS)
def test_the_same_seed_gives_the_same_bits_again(name):
    X = rows("dense", np.float32)
    assert (
        len({bits(ESTIMATORS[name](7, random_state=5, max_iter=6).fit(X)) for _ in range(3)}) == 1
    )
