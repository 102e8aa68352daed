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

from kmosaic import _core, _engine
from kmosaic._errors import InputError
from kmosaic._missing import MissingData
from kmosaic._sparse import data_of
from kmosaic.metrics import silhouette_samples, silhouette_score

SETS = _core.instruction_sets()
BOUND = 2.0**-16  # what is promised of any rows; of usual ones, far less
EXACT = 1e-12
USUAL = 1e-7


def slow(X, labels):
    """The definition, from differences in float64."""
    X = (X.toarray() if sp.issparse(X) else X).astype(np.float64)
    found = np.zeros(len(X))
    for i, x in enumerate(X):
        distances = np.sqrt(((X - x) ** 2).sum(axis=1))
        own = labels == labels[i]
        if own.sum() > 1:
            a = distances[own].sum() / (own.sum() - 1)
            b = min(distances[labels == c].mean() for c in np.unique(labels) if c != labels[i])
            found[i] = (b - a) / max(a, b) if max(a, b) > 0 else 0
    return found


def blobs(n, d, k, seed=0, spread=0.3):
    random = np.random.default_rng(seed)
    labels = random.integers(0, k, n)
    return random.normal(size=(k, d))[labels] + spread * random.normal(size=(n, d)), labels


def as_kind(X, kind):
    if kind == "uint8":
        return np.clip(X * 40 + 100, 0, 255).astype(np.uint8)
    if kind == "whole":
        return np.rint(X * 50).astype(np.float32)
    if kind.startswith("CSR"):
        X = np.where(np.abs(X) < 0.7, 0, X)
        return sp.csr_array(X.astype(kind.removeprefix("CSR of ")))
    return X.astype(kind)


KINDS = ["float32", "float64", "uint8", "whole", "CSR of float32", "CSR of float64"]


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


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("d", [2, 16, 40])
@pytest.mark.parametrize("offset", [1e6, 1e9])
def test_a_common_offset_costs_nothing_that_the_rows_do_not_lose(offset, d, dtype):
    X, labels = blobs(400, d, 3)
    X = (X * 1000 + offset).astype(dtype)
    assert_allclose(silhouette_samples(X, labels), slow(X, labels), rtol=0, atol=USUAL)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("d", [2, 40])
def test_copies_are_at_no_distance(d, kind):
    X, labels = blobs(60, d, 3)
    X = as_kind(X, kind)
    twice, labels = X[np.repeat(np.arange(60), 4)], np.repeat(labels, 4)
    assert_allclose(silhouette_samples(twice, labels), slow(twice, labels), rtol=0, atol=USUAL)
    each = np.repeat(np.arange(60), 4)
    exact = slow(twice, each)  # 1, but where two rows are alike
    assert_array_equal(silhouette_samples(twice, each)[exact == 1], 1)
    assert_array_equal(silhouette_samples(twice, each)[exact == 0], 0)
    same = twice[np.zeros(9, int)]
    assert_array_equal(silhouette_samples(same, [0, 0, 0, 1, 1, 1, 2, 2, 2]), np.zeros(9))


@pytest.mark.parametrize("d", [3, 40])
def test_a_row_alone_in_its_cluster_has_none(d):
    X, labels = blobs(100, d, 3)
    labels[[4, 70]] = 7, 8
    found = silhouette_samples(X, labels)
    assert found[4] == found[70] == 0
    assert_allclose(found, slow(X, labels), rtol=0, atol=USUAL)


@pytest.mark.parametrize("near", [1e-3, 1e-5, 1e-7, 1e-9])
@pytest.mark.parametrize("d", [17, 64, 300])
def test_clusters_far_smaller_than_they_are_apart_keep_to_the_bound(d, near):
    random = np.random.default_rng(3)
    labels = np.repeat(np.arange(4), 50)
    X = random.normal(size=(2, d))[labels // 2] + near * random.normal(size=(200, d))
    X += near * random.normal(size=(4, d))[labels]
    assert_allclose(silhouette_samples(X, labels), slow(X, labels), rtol=0, atol=BOUND)


@pytest.mark.parametrize("d", [2, 40])
def test_one_row_far_out_hides_nothing(d):
    X, labels = blobs(200, d, 3)
    X[17] *= 1e8
    assert_allclose(silhouette_samples(X, labels), slow(X, labels), rtol=0, atol=BOUND)


@pytest.mark.parametrize("kind", ["float32", "float64", "CSR of float64"])
@pytest.mark.parametrize("d", [2, 40])
def test_a_power_of_two_changes_nothing(d, kind):
    X, labels = blobs(300, d, 3)
    X = as_kind(X, kind)
    found = silhouette_samples(X, labels)
    for exponent in (-40, 40) if "32" in kind else (-700, 400):
        scaled = X * X.dtype.type(2.0**exponent)
        assert_array_equal(silhouette_samples(scaled, labels), found)


def test_bytes_are_as_the_same_numbers_in_floats():
    X, labels = blobs(500, 50, 4)
    pixels = as_kind(X, "uint8")
    found = silhouette_samples(pixels, labels)
    for dtype in (np.float32, np.float64):
        assert_array_equal(silhouette_samples(pixels.astype(dtype), labels), found)


def test_more_sums_than_are_held_are_taken_one_cluster_at_a_time():
    n = 8_200  # rows and clusters whose sums would be more than 2^25
    X, _ = blobs(n, 2, 6)
    labels = np.arange(n) % (n // 2)
    found = silhouette_samples(X, labels)
    some = np.random.default_rng(5).permutation(n)[:40]
    distances = np.sqrt(((X[some, np.newaxis] - X) ** 2).sum(axis=2))
    sums = np.stack([np.bincount(labels, row) for row in distances])
    own = labels[some]
    a = sums[np.arange(40), own]  # two rows each
    sums[np.arange(40), own] = np.inf
    b = (sums / 2).min(axis=1)
    assert_allclose(found[some], (b - a) / np.maximum(a, b), rtol=0, atol=USUAL)


def test_sparse_rows_with_offsets_and_empty_rows():
    random = np.random.default_rng(6)
    X = random.normal(size=(200, 30)) * (random.random((200, 30)) < 0.2)
    X[:, 3] += 1e6
    X[5] = X[9] = 0
    labels = random.integers(0, 3, 200)
    found = silhouette_samples(sp.csr_array(X), labels)
    assert_allclose(found, slow(X, labels), rtol=0, atol=BOUND)


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
