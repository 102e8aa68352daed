"""Promise 6: X is neither changed nor copied."""

from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_array_equal
from tests.guarantees.estimators import ESTIMATORS, KINDS
from tests.peers.processes import run

from kmosaic._engine import Data
from kmosaic._sparse import SparseData

# In a process of its own: what earlier tests left free would be taken again without a trace.
MEASURED = """
import ctypes
import numpy as np
from kmosaic import *

def now(which):
    text = open("/proc/self/status").read()
    return int(text[text.index(which) :].split()[1]) * 1024

X = np.random.default_rng(0).random(({n}, 64), dtype=np.{dtype})
model = {make}
model.fit(X[:1000]).predict(X[:1000])  # threads and code are there now
ctypes.CDLL(None).malloc_trim(0)
open("/proc/self/clear_refs", "w").write("5")
before = now("VmRSS")
model.fit(X).predict(X)
print(now("VmHWM") - before, X.nbytes)
"""
MADE = {
    "KMeans": "KMeans(10, max_iter=10, random_state=0, memory_limit='32MiB')",
    "KMeans, many starts": "KMeans(10, n_init=2, max_iter=6, memory_limit='32MiB')",
    "KMeans of plain Lloyd": "KMeans(10, max_iter=5, random_state=0, algorithm='lloyd')",
    "TrimmedKMeans": "TrimmedKMeans(10, max_iter=6, random_state=0)",
    "MiniBatchKMeans": "MiniBatchKMeans(10, random_state=0)",
    "BisectingKMeans, one split": "BisectingKMeans(2, random_state=0)",
}


@pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="only Linux tells the peak")
@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("made", MADE)
def test_a_fit_takes_no_more_than_64_mib_or_a_tenth_of_x(made, dtype):
    taken, size = map(int, run(MEASURED.format(n=500_000, dtype=dtype, make=MADE[made])))
    assert taken <= max(64 * 2**20, size / 10)


@pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="only Linux tells the peak")
def test_without_a_limit_bounds_take_no_more_than_a_fair_share():
    make = "KMeans(100, max_iter=5, random_state=0)"
    taken, _ = map(int, run(MEASURED.format(n=1_100_000, dtype="float32", make=make)))
    assert taken <= 2**28 + 60 * 1_100_000


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", ESTIMATORS)
def test_no_number_of_x_changes(name, dtype, kind):
    X = KINDS[kind](np.random.default_rng(0).random((300, 4)).astype(dtype))
    numbers = X if kind == "dense" else X.data
    before = numbers.copy()
    numbers.setflags(write=False)
    ESTIMATORS[name](4, random_state=0).fit(X, sample_weight=np.ones(300)).predict(X)
    assert_array_equal(numbers, before)


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.uint8])
def test_the_engine_reads_the_very_numbers_of_x(dtype):
    X = np.random.default_rng(0).integers(0, 9, size=(50, 3)).astype(dtype)
    assert np.shares_memory(Data(X)._rows, X)
    assert SparseData(KINDS["CSR"](X.astype(np.float64))).rows.shape == X.shape
