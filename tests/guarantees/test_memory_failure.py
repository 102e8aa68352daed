"""Memory that cannot be had in a fit raises MemoryError, leaks nothing and breaks nothing."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.peers.processes import run

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or not shutil.which("c++"),
    reason="needs a compiler, and Linux to put another operator new in place of the usual one",
)

FITTED = """
import ctypes, gc, sys, warnings
import numpy as np, scipy.sparse as sp
from kmosaic import *

warnings.simplefilter("ignore")
memory = ctypes.CDLL(None)
memory.fail_after.argtypes = [ctypes.c_long]
X = np.random.default_rng(0).normal(size={shape}).astype(np.{dtype})
X = sp.csr_array(np.where(X > 0.8, X, 0)) if {sparse} else X
model = {make}

def bits():
    return model.cluster_centers_.tobytes(), model.labels_.tobytes(), model.inertia_

model.fit(X)
expected, failed, went_on, leaked = bits(), 0, 0, 0
for count in range(100_000):
    gc.collect()
    alive, failures = memory.allocations_alive(), memory.allocations_failed()
    memory.fail_after(count)
    try:
        model.fit(X)
    except MemoryError:
        failed += 1
    else:
        went_on += 1
    memory.fail_after(-1)
    gc.collect()
    leaked += max(memory.allocations_alive() - alive, 0) > {spare}
    if memory.allocations_failed() == failures:
        break
model.fit(X)
print(failed, went_on - 1, leaked, int(bits() == expected))
"""
MADE = {
    "KMeans": ("KMeans(5, max_iter=4, random_state=0)", (300, 7), False),
    "Elkan": ("KMeans(9, max_iter=4, algorithm='elkan', random_state=0)", (300, 40), False),
    "Yinyang": ("KMeans(32, max_iter=3, algorithm='yinyang', random_state=0)", (300, 8), False),
    "kd": ("KMeans(6, max_iter=4, algorithm='kd', random_state=0)", (300, 2), False),
    "CSR": ("KMeans(5, max_iter=4, random_state=0)", (200, 30), True),
    "TrimmedKMeans": ("TrimmedKMeans(4, max_iter=3, random_state=0)", (200, 3), False),
    "BalancedKMeans": ("BalancedKMeans(4, max_iter=3, random_state=0)", (100, 3), False),
    "MiniBatchKMeans": (
        "MiniBatchKMeans(4, max_iter=2, batch_size=99, random_state=0)",
        (200, 3),
        False,
    ),
    "missing": ("KMeans(3, max_iter=3, missing='ignore', random_state=0)", (100, 3), False),
}


@pytest.fixture(scope="module")
def failing_new(tmp_path_factory):
    library = tmp_path_factory.mktemp("new") / "failing_new.so"
    source = Path(__file__).with_name("failing_new.cpp")
    subprocess.run(
        ["c++", "-std=c++20", "-O1", "-shared", "-fPIC", source, "-o", library], check=True
    )
    return str(library)


@pytest.mark.parametrize("threads", ["1", "3"])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("made", MADE)
def test_an_allocation_that_fails_raises_memory_error_and_leaks_nothing(
    made, dtype, threads, failing_new
):
    make, shape, sparse = MADE[made]
    # A list may have grown elsewhere in the process, but not time and again.
    code = FITTED.format(make=make, shape=shape, sparse=sparse, dtype=dtype, spare=2)
    failed, went_on, leaked, same = map(
        int, run(code, LD_PRELOAD=failing_new, KMOSAIC_NUM_THREADS=threads)
    )
    assert failed > 20
    assert went_on == 0
    assert leaked <= 2
    assert same
