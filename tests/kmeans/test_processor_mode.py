"""A library that tells the processor to take tiny numbers for zero changes no label."""

import ctypes
import ctypes.util
import platform
import sys
from contextlib import contextmanager

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from kmosaic import KMeans, _engine

pytestmark = [
    pytest.mark.skipif(
        sys.platform != "linux" or platform.machine() != "x86_64", reason="the mode is set by hand"
    ),
    pytest.mark.filterwarnings("ignore"),  # NumPy notices the mode
]
FLUSH = 0x8040  # to zero what is tiny, and take it for zero
UPWARD = 0x4000  # rounding


@contextmanager
def mode(bits):
    library = ctypes.CDLL(ctypes.util.find_library("m"))
    words = (ctypes.c_uint32 * 8)()
    library.fegetenv(words)
    before = words[7]
    words[7] = before | bits
    library.fesetenv(words)
    try:
        yield
        library.fegetenv(words)
        assert words[7] & bits == bits  # it is left as it was
    finally:
        words[7] = before
        library.fesetenv(words)


def rows(d):
    random = np.random.default_rng(0)
    X = np.zeros((400, d), np.float32)
    X[:200] = random.choice([-1, 1], (200, d))
    X[200:] = random.uniform(-1, 1, (200, d)) * 10.0 ** random.uniform(-20.5, -18.5, (200, 1))
    return X


@pytest.mark.parametrize("simd", _engine.instruction_sets())
@pytest.mark.parametrize("algorithm", ["lloyd", "elkan", "yinyang"])
@pytest.mark.parametrize("d", [8, 32])
def test_what_is_tiny_still_counts(algorithm, simd, d, monkeypatch):
    monkeypatch.setenv("KMOSAIC_SIMD", simd)
    X = rows(d)
    model = KMeans(14, init=X[[0, 1, *range(200, 212)]], max_iter=4, tol=0, algorithm=algorithm)
    expected = model.fit(X).labels_, model.cluster_centers_
    for bits in (FLUSH, UPWARD):
        with mode(bits):
            model.fit(X)
        assert_array_equal(model.labels_, expected[0])
        if bits == FLUSH:
            assert_array_equal(model.cluster_centers_, expected[1])


@pytest.mark.parametrize("simd", _engine.instruction_sets())
def test_rows_that_are_asked_about_get_their_nearest_of_tiny_centers(simd, monkeypatch):
    monkeypatch.setenv("KMOSAIC_SIMD", simd)
    random = np.random.default_rng(0)
    X = rows(8)
    centers = random.uniform(-1, 1, (14, 8)) * 1e-20
    data = _engine.Data(X)
    expected = *data.nearest(centers), *data.nearest_two(centers)
    with mode(FLUSH):
        found = *data.nearest(centers), *data.nearest_two(centers)
    for one, other in zip(found, expected, strict=True):
        assert_array_equal(one, other)
