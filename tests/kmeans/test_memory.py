"""What an algorithm says that it holds is what it takes, and a limit is kept."""

import os
import subprocess
import sys
import warnings
from pathlib import Path

import numpy as np
import pytest
import scipy.sparse as sp

from kmosaic import KMeans, _engine
from kmosaic._sparse import SparseData

SIZES = {"wide": (60_000, 200, 100), "narrow": (400_000, 3, 30), "many centers": (60_000, 64, 300)}

# In a process of its own: what earlier tests left free would be taken again without a trace.
MEASURED = """
import ctypes, sys
import numpy as np
from kmosaic import _engine

def now(which):
    text = open("/proc/self/status").read()
    return int(text[text.index(which) :].split()[1]) * 1024

n, d, k, algorithm = int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
X = np.random.default_rng(0).random((n, d), dtype=np.float32)
data = _engine.Data(X)
if not data.fits(algorithm, k):
    sys.exit("cannot")
data.fit(X[:k], max_iter=1, algorithm="lloyd")  # threads and code are there now
ctypes.CDLL(None).malloc_trim(0)
open("/proc/self/clear_refs", "w").write("5")
before = now("VmRSS")
fit = data.fit(X[:k], max_iter=12, algorithm=algorithm)
assert fit.algorithm == algorithm
print(now("VmHWM") - before, fit.certificate.extra_bytes)
"""


@pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="only Linux tells the peak")
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("algorithm", _engine.algorithms())
def test_the_memory_taken_is_that_of_the_certificate(algorithm, size):
    n, d, k = SIZES[size]
    run = subprocess.run(
        [sys.executable, "-c", MEASURED, *map(str, (n, d, k)), algorithm],
        capture_output=True,
        text=True,
        check=False,
    )
    if run.stderr.strip() == "cannot":
        pytest.skip(f"{algorithm} is not for such rows")
    assert run.returncode == 0, run.stderr
    taken, said = map(int, run.stdout.split())
    threads = _engine.n_threads()
    labels, sums = 12 * n, 8 * k * d * (threads + 4)  # written twice; of each thread, and in all
    assert taken <= 1.1 * said + labels + sums + 6e6


SEEDED = """
import ctypes, sys
import numpy as np
from kmosaic import _engine

def now(which):
    text = open("/proc/self/status").read()
    return int(text[text.index(which) :].split()[1]) * 1024

kind, limit, k = sys.argv[1], int(sys.argv[2]), 70
random = np.random.default_rng(0)
n, d = (400_000, 3) if kind == "narrow" else (14_000, 784)
if kind == "narrow":
    X = random.random((n, d), dtype=np.float32)
else:
    X = random.normal(size=(n, 12)).astype(np.float32) @ random.normal(size=(12, d)) * 20 + 128
    X = np.clip(np.round(X), 0, 255).astype(kind)
few = _engine.Data(X[:5000].copy())
few.plus_plus(k, np.random.RandomState(0))  # threads and code are there
few._find_head(k, 0, 0)  # and what LAPACK works in
data = _engine.Data(X)
data.mean_variance()
ctypes.CDLL(None).malloc_trim(0)
open("/proc/self/clear_refs", "w").write("5")
before = now("VmRSS")
chosen = data.plus_plus(k, np.random.RandomState(0), memory_limit=limit)
print(n, now("VmHWM") - before, int(hash(chosen.tobytes())), data._core.has_head)
"""


@pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="only Linux tells the peak")
@pytest.mark.parametrize("kind", ["narrow", "float32", "float64", "uint8"])
def test_seeding_keeps_within_the_limit_and_finds_the_same(kind):
    def seeded(limit):
        run = subprocess.run(
            [sys.executable, "-c", SEEDED, kind, str(limit)],
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, "PYTHONHASHSEED": "0"},
        )
        n, taken, seeds, head = run.stdout.split()
        return int(n), int(taken), seeds, head == "True"

    n, freely, expected, head = seeded(0)
    assert head == (kind != "narrow")
    for limit in (0.6 * freely, 40 * n):
        _, taken, found, _ = seeded(int(limit))
        assert taken <= max(limit, 41 * n) + 6e6
        assert found == expected


SPARSE = """
import ctypes, sys
import numpy as np, scipy.sparse as sp
from kmosaic._sparse import SparseData

def now(which):
    text = open("/proc/self/status").read()
    return int(text[text.index(which) :].split()[1]) * 1024

n, d, stored, k = map(int, sys.argv[1:])
random = np.random.default_rng(0)
columns = np.sort(random.integers(0, d - stored, (n, stored)) + np.arange(stored), axis=1)
X = sp.csr_array((random.random(n * stored), columns.ravel().astype(np.int32),
                  stored * np.arange(n + 1)), shape=(n, d))
SparseData(X[:2000]).fit(X[:k].toarray(), max_iter=2)  # threads and code are there now
start = X[:k].toarray()
data = SparseData(X)
ctypes.CDLL(None).malloc_trim(0)
open("/proc/self/clear_refs", "w").write("5")
before = now("VmRSS")
data.mean_variance()
fit = data.fit(start, max_iter=5)
print(now("VmHWM") - before, fit.certificate.extra_bytes)
before = now("VmRSS")
open("/proc/self/clear_refs", "w").write("5")
data.plus_plus(k, np.random.RandomState(0))
print(now("VmHWM") - before)
"""


@pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="only Linux tells the peak")
@pytest.mark.parametrize("size", [(1_000_000, 100, 1, 5), (100_000, 20_000, 5, 4)])
def test_sparse_rows_are_never_written_out_and_take_what_is_said(size):
    n, d, _, k = size
    run = subprocess.run(
        [sys.executable, "-c", SPARSE, *map(str, size)], capture_output=True, text=True, check=True
    )
    taken, said, seeding = map(int, run.stdout.split())
    assert taken <= 1.1 * said + 12 * n + 24 * n + 8 * 8 * k * d + 6e6  # labels, pending rows, sums
    assert seeding <= 160 * n + 2 * 64 * d + 6e6


def test_a_limit_counts_all_that_sparse_rows_take():
    rows = sp.random_array((300, 4000), density=0.02, format="csr", rng=0)
    settings = {"init": rows[:20].toarray(), "n_init": 1}
    free = KMeans(20, **settings).fit(rows)
    for limit in (free.certificate_.extra_bytes - 1, free.certificate_.extra_bytes):
        beside = SparseData(rows.tocsr()).fewest_bytes(20)
        found = KMeans(20, memory_limit=limit + beside, **settings).fit(rows)
        fits = limit == free.certificate_.extra_bytes
        assert found.algorithm_used_ == ("elkan" if fits else "lloyd")
        assert found.certificate_.extra_bytes <= limit


def test_what_draws_need_is_let_go_before_the_last_fit(monkeypatch):
    calls = []
    monkeypatch.setattr(_engine.Data, "end_draws", lambda self: calls.append("let go"))
    monkeypatch.setattr(
        _engine.Data,
        "fit",
        lambda self, *a, fit=_engine.Data.fit, **b: calls.append("fit") or fit(self, *a, **b),
    )
    KMeans(3, n_init=3, random_state=0).fit(np.random.default_rng(0).random((50, 2)))
    assert calls == ["fit", "fit", "let go", "fit"]


def test_a_head_for_which_the_fit_has_no_room_is_let_go():
    X = np.random.default_rng(0).normal(size=(20_000, 128)) * 0.9 ** np.arange(128)
    data = _engine.Data(X)
    start = X[data.plus_plus(200, np.random.RandomState(0))]
    assert data._core.has_head
    free = data.fit(start, max_iter=30)
    assert data._core.has_head
    lean = data.fit(start, max_iter=30, memory_limit=2_000_000)
    assert not data._core.has_head
    assert lean.inertia == free.inertia


def fitted_within(limit, rows, **settings):
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "memory_limit=.* is too little")
        return KMeans(memory_limit=limit, **settings).fit(rows)


@pytest.mark.parametrize("limit", [200_000, 1_000_000, 5_000_000, 20_000_000])
@pytest.mark.parametrize("size", [(20_000, 64, 40), (20_000, 100, 200), (150_000, 2, 20)])
def test_auto_keeps_within_the_limit(size, limit):
    n, d, k = size
    rows = np.random.default_rng(1).random((n, d), dtype=np.float32)
    model = fitted_within(limit, rows, n_clusters=k, init=rows[:k], n_init=1, max_iter=15)
    # plain Lloyd needs some rows a thread and the centers, whatever the limit
    least = 64 * d * 8 * _engine.n_threads() + 16 * k * d + 100_000
    beside = _engine.Data(rows).fewest_bytes(k)
    assert model.certificate_.extra_bytes <= max(limit - beside, least)
