"""The engine among processes, threads and signals."""

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time

import numpy as np
import pytest
from numpy.testing import assert_array_equal
from tests.kmeans import slow

from kmosaic import KMeans, _engine

X = np.random.default_rng(0).normal(size=(20_000, 8)).astype(np.float32)


def test_the_two_nearest_centers_are_exact():
    generator = np.random.default_rng(0)
    rows, centers = generator.normal(size=(300, 5)), generator.normal(size=(9, 5))
    label, distance, second, second_distance = _engine.nearest_two(rows, centers)
    truth = np.sqrt(slow.squared_distances(rows, centers))
    order = np.argsort(truth, axis=1, kind="stable")
    assert_array_equal(label, order[:, 0])
    assert_array_equal(second, order[:, 1])
    assert_array_equal(distance, np.take_along_axis(truth, order[:, :1], 1)[:, 0])
    assert_array_equal(second_distance, np.take_along_axis(truth, order[:, 1:2], 1)[:, 0])


def test_two_equal_centers_are_nearest_and_second_nearest():
    label, d1, second, d2 = _engine.nearest_two(np.zeros((3, 2)), np.ones((2, 2)))
    assert set(label) == {0}
    assert set(second) == {1}
    assert_array_equal(d1, d2)


@pytest.mark.parametrize("name", ["KMOSAIC_NUM_THREADS", "KMOSAIC_SIMD"])
def test_a_setting_that_makes_no_sense_is_an_error_that_names_it(name, monkeypatch):
    monkeypatch.setenv(name, "many")
    with pytest.raises(ValueError, match=name):
        KMeans(2).fit(X)


def test_a_fit_after_a_fork_does_not_hang():
    KMeans(5, random_state=0).fit(X)
    code = """
        import os, numpy as np
        from kmosaic import KMeans
        X = np.random.default_rng(0).normal(size=(20000, 8))
        first = KMeans(5, random_state=0).fit(X).inertia_
        child = os.fork()
        if child == 0:
            os._exit(0 if KMeans(5, random_state=0).fit(X).inertia_ == first else 1)
        assert os.waitpid(child, 0)[1] == 0
    """
    subprocess.run([sys.executable, "-c", textwrap.dedent(code)], check=True, timeout=60)


def test_fits_in_many_threads_at_once_agree():
    expected = KMeans(5, random_state=0).fit(X).inertia_
    found = []
    threads = [
        threading.Thread(target=lambda: found.append(KMeans(5, random_state=0).fit(X).inertia_))
        for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert found == [expected] * 6


def test_control_c_stops_a_long_fit_at_once():
    code = """
        import numpy as np
        from kmosaic import KMeans
        X = np.random.default_rng(0).random((300000, 100), dtype=np.float32)
        print("ready", flush=True)
        KMeans(300, init=X[:300], tol=0, on_iteration=lambda it: print("go", flush=True)).fit(X)
    """
    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdout.readline() == "ready\n"
        assert process.stdout.readline() == "go\n"
        time.sleep(0.05)
        os.kill(process.pid, signal.SIGINT)
        _, errors = process.communicate(timeout=60)
    assert "KeyboardInterrupt" in errors
    assert process.returncode != 0
