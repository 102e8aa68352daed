"""Fits among processes and threads: none waits for another forever, none takes cores of another."""

import multiprocessing
import os
import sys

import joblib
import numpy as np
import pytest
from joblib import Parallel, delayed
from tests.peers.processes import run

from kmosaic import KMeans, _engine

METHODS = [each for each in multiprocessing.get_all_start_methods() if each != "forkserver"]
needs_fork = pytest.mark.skipif("fork" not in METHODS, reason="this system does not fork")
needs_proc = pytest.mark.skipif(sys.platform != "linux", reason="counts threads in /proc")

# Enough rows for all threads.
BEGIN = """
import os, threading, time, warnings
import numpy as np
from kmosaic import KMeans, MiniBatchKMeans, BisectingKMeans, _engine

warnings.simplefilter("ignore", DeprecationWarning)  # threads and fork, of which this test is
X = np.random.default_rng(0).random((50_000, 4))
models = KMeans(8, random_state=0), MiniBatchKMeans(8, random_state=0), BisectingKMeans(3)
bits = lambda model: model.fit(X).cluster_centers_.tobytes()
"""


@pytest.mark.parametrize("method", METHODS)
def test_a_pool_of_processes_fits_after_this_process_has(method):
    code = """
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

here = bits(models[0])
with ProcessPoolExecutor(2, get_context("METHOD")) as pool:
    found = pool.map(models[0].fit, [X] * 4)
    print({model.cluster_centers_.tobytes() for model in found} == {here})
"""
    code = BEGIN + code.replace("METHOD", method)
    assert run(code, KMOSAIC_NUM_THREADS="4") == ["True"]


@needs_fork
def test_a_child_may_be_forked_in_the_middle_of_a_fit():
    code = """
fitting = threading.Event()

def go_on():
    while not fitting.wait(0):
        models[0].fit(X)

thread = threading.Thread(target=go_on)
thread.start()
expected = bits(models[1])
for _ in range(10):
    child = os.fork()
    if not child:
        os._exit(bits(models[1]) != expected)
    print(os.waitpid(child, 0)[1])
fitting.set()
thread.join()
"""
    assert run(BEGIN + code, KMOSAIC_NUM_THREADS="4") == ["0"] * 10


@needs_proc
def test_threads_that_fit_at_once_share_the_helpers_of_one():
    code = """
before = len(os.listdir("/proc/self/task"))
expected = [bits(model) for model in models[:2]]
found = []
work = lambda which: found.append(bits(type(models[which])(8, random_state=0)) == expected[which])
threads = [threading.Thread(target=work, args=(i % 2,)) for i in range(8)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(found == [True] * 8)
for _ in range(100):  # a thread that has been joined may take a moment to be gone
    more = len(os.listdir("/proc/self/task")) - before
    if more <= 2:
        break
    time.sleep(0.05)
print(more)
"""
    assert run(BEGIN + code, KMOSAIC_NUM_THREADS="3") == ["True", "2"]


@pytest.mark.parametrize("n_jobs", [2, 3])
def test_workers_of_joblib_share_the_cores(n_jobs):
    with joblib.parallel_config(backend="loky"):
        threads = Parallel(n_jobs)(delayed(_engine.n_threads)() for _ in range(n_jobs))
    assert sum(threads) <= max(joblib.cpu_count(), n_jobs)


def test_a_listener_may_fit_while_the_fit_that_it_listens_to_waits():
    X = np.random.default_rng(0).random((20_000, 4))
    alone = KMeans(5, random_state=0).fit(X)
    found = []
    within = KMeans(5, random_state=0)
    KMeans(3, max_iter=3, on_iteration=lambda _: found.append(within.fit(X).inertia_)).fit(X)
    assert found == [alone.inertia_] * 3


SETTINGS = {
    "OMP_NUM_THREADS": [("1", 1), ("1,4", 1), ("0", None), ("", None), ("many", None)],
    "KMOSAIC_NUM_THREADS": [("1", 1), ("5", 5), ("", None)],
    "LOKY_MAX_CPU_COUNT": [("1", 1)],
}
TOLD = [(name, value, n) for name, settings in SETTINGS.items() for value, n in settings]


@pytest.mark.parametrize(("name", "value", "expected"), TOLD)
def test_the_environment_says_how_many_threads_there_are(name, value, expected, monkeypatch):
    for each in SETTINGS:
        monkeypatch.delenv(each, raising=False)
    _engine._usable_threads.cache_clear()
    all_cores = _engine.n_threads()
    _engine._usable_threads.cache_clear()
    monkeypatch.setenv(name, value)
    assert _engine.n_threads() == (expected or all_cores)
    _engine._usable_threads.cache_clear()


def test_what_is_said_to_kmosaic_alone_counts_more(monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    monkeypatch.setenv("KMOSAIC_NUM_THREADS", "3")
    assert _engine.n_threads() == 3


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="this system knows no affinity")
def test_a_process_that_may_use_one_core_has_one_thread():
    code = """
import os
os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
from kmosaic import _engine
print(_engine.n_threads())
"""
    assert run(code) == ["1"]
