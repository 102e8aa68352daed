"""The silhouette of every row, against scikit-learn and against all pairs in float64."""

import os
import signal
import subprocess
import sys
import threading
import time

import numpy as np
import pytest
import scipy.sparse as sp
from numpy.testing import assert_allclose, assert_array_equal
from sklearn import metrics
from tests.metrics.slow import EXACT, KINDS, USUAL, as_kind, blobs, slow

from kmosaic import _core, _engine
from kmosaic._errors import InputError
from kmosaic._missing import MissingData
from kmosaic._sparse import data_of
from kmosaic.metrics import silhouette_samples, silhouette_score

SETS = _core.instruction_sets()


@pytest.mark.parametrize("simd", SETS)
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("d", [1, 2, 5, 16, 17, 40, 100])
def test_it_is_that_of_the_definition(d, kind, simd, monkeypatch):
    monkeypatch.setenv("KMOSAIC_SIMD", simd)
    X, labels = blobs(331, d, 4)
    X = as_kind(X, kind)
    rounded = kind.startswith("float") and d > 16
    bound = USUAL if rounded else EXACT
    assert_allclose(silhouette_samples(X, labels), slow(X, labels), rtol=0, atol=bound)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("k", [2, 3, 10, 150, 299])
def test_any_number_of_clusters_is_scikit_learns(k, kind):
    X, _ = blobs(300, 20, 5)
    X = as_kind(X, kind)
    labels = np.random.default_rng(1).permutation(np.arange(300) % k)
    dense = (X.toarray() if sp.issparse(X) else X).astype(np.float64)
    found = silhouette_samples(X, labels)
    assert_allclose(found, metrics.silhouette_samples(dense, labels), rtol=0, atol=1e-6)
    assert_allclose(found, slow(X, labels), rtol=0, atol=USUAL)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("d", [3, 40])
def test_threads_and_instruction_sets_give_the_same_bits(d, kind, monkeypatch):
    X, labels = blobs(2_500, d, 7)
    X = as_kind(X, kind)
    found = set()
    for threads in (1, 2, 3, 8):
        monkeypatch.setenv("KMOSAIC_NUM_THREADS", str(threads))
        found.add(silhouette_samples(X, labels).tobytes())
    for simd in SETS:
        monkeypatch.setenv("KMOSAIC_SIMD", simd)
        found.add(silhouette_samples(X, labels).tobytes())
    assert len(found) == 1


def test_bytes_are_as_the_same_numbers_in_floats():
    X, labels = blobs(500, 50, 4)
    pixels = as_kind(X, "uint8")
    found = silhouette_samples(pixels, labels)
    for dtype in (np.float32, np.float64):
        assert_array_equal(silhouette_samples(pixels.astype(dtype), labels), found)


def test_the_rows_are_left_alone_and_labels_may_be_anything():
    X, labels = blobs(100, 20, 3)
    before = X.copy()
    names = np.array(["b", "a", "c"])[labels]
    assert_array_equal(silhouette_samples(X, names), silhouette_samples(X, labels * 5 - 7))
    assert_array_equal(X, before)


@pytest.mark.parametrize("labels", [[0, 0, 0], [0, 1, 2], [0, 1], [[0, 1, 1]], [0, np.nan, 1]])
def test_labels_that_make_no_sense_are_refused(labels):
    with pytest.raises(InputError, match="labels"):
        silhouette_samples(np.zeros((3, 1)), labels)


def test_nan_is_refused_and_gaps_too():
    with pytest.raises(InputError, match="NaN"):
        silhouette_samples(np.array([[0.0], [np.nan], [1.0]]), [0, 1, 1])
    gaps = MissingData(np.array([[0.0, np.nan], [1.0, 2.0], [3.0, 4.0]]))
    with pytest.raises(InputError, match="fill the gaps"):
        gaps.silhouette(np.array([0, 1, 1], np.int32), 2)


def test_the_score_is_the_mean():
    X, labels = blobs(500, 8, 4)
    assert_allclose(silhouette_score(X, labels), silhouette_samples(X, labels).mean(), rtol=1e-14)


@pytest.mark.parametrize("kind", ["float64", "uint8", "CSR of float32"])
def test_a_sample_of_all_rows_is_all_rows(kind):
    X, labels = blobs(200, 8, 4)
    X = as_kind(X, kind)
    for size in (200, 10_000):
        assert_allclose(
            silhouette_score(X, labels, sample_size=size, random_state=0),
            silhouette_score(X, labels),
            rtol=1e-13,
        )


def test_a_sample_is_near_the_score_and_small_clusters_are_in_it():
    X, labels = blobs(4_000, 8, 4, spread=0.8)
    labels[[0, 1]], labels[2] = 5, 6
    exact = silhouette_score(X, labels)
    found = [silhouette_score(X, labels, sample_size=400, random_state=seed) for seed in range(20)]
    assert len(set(found)) == 20
    assert abs(np.mean(found) - exact) < 0.02
    assert np.std(found) < 1 / np.sqrt(400)
    again = silhouette_score(X, labels, sample_size=400, random_state=3)
    assert again == found[3]


@pytest.mark.parametrize("size", [0, 7, 2.5, "all"])
def test_a_sample_needs_two_rows_of_each_cluster(size):
    X, labels = blobs(200, 8, 4)
    with pytest.raises(InputError, match="sample_size"):
        silhouette_score(X, labels, sample_size=size)


def test_it_tells_how_much_is_done():
    X, labels = blobs(6_000, 40, 4)
    told = []
    data_of(X).silhouette(labels.astype(np.int32), 4, told.append)
    assert told == sorted(told)
    assert all(0 <= share <= 1 + 1e-9 for share in told)


def test_the_core_refuses_labels_out_of_range():
    data = _engine.Data(np.zeros((3, 2)))
    for labels in ([0, 1], [0, 1, 2], [0, -1, 1]):
        with pytest.raises(ValueError, match="label"):
            data.silhouette(np.array(labels, np.int32), 2)


@pytest.mark.skipif(sys.platform == "win32", reason="needs signals")
def test_ctrl_c_ends_it():
    code = (
        "import numpy as np; from kmosaic.metrics import silhouette_samples\n"
        "X = np.random.default_rng(0).normal(size=(200_000, 64))\n"
        "print('begun', flush=True); silhouette_samples(X, np.arange(200_000) % 10)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as run:
        assert run.stdout.readline() == "begun\n"
        watch = threading.Timer(100, run.kill)
        watch.start()
        time.sleep(1)
        os.kill(run.pid, signal.SIGINT)
        error = run.communicate()[1]
        watch.cancel()
    assert "KeyboardInterrupt" in error
