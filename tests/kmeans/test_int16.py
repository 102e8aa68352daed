"""Rows screened in 16 bits take the steps of float64, on wide data made for near-ties."""

import functools

import numpy as np
import pytest
from numpy.testing import assert_array_equal
from tests.kmeans import slow
from tests.kmeans.hard_data import HARD, as_kind
from tests.kmeans.traces import ALGORITHMS, SETS, assert_same, opened, run, runnable, start_of

KINDS = ["float32", "float64", "uint8"]
BEYOND_FLOAT32 = ("squares below the smallest", "huge numbers")
K = 37  # 16 bits are for more than 16 centers


def wide(name):
    """The hard sets in 40 columns: those there are, over and over, a little shifted."""
    X = HARD[name]
    times = -(-40 // X.shape[1])
    turned = [np.roll(X, shift, axis=0) if shift % 3 else X for shift in range(times)]
    return np.hstack(turned)[:, :40]


def near_ties():
    """Rows nearly as far from one center as from another: 16 bits cannot tell."""
    generator = np.random.default_rng(5)
    centers = generator.normal(size=(K, 48))
    a, b = generator.integers(0, K, size=(2, 600))
    middle = (centers[a] + centers[b]) / 2
    along = (centers[a] - centers[b]) * 10.0 ** generator.uniform(-9, -2, size=(600, 1))
    away = generator.normal(size=(600, 48)) * 0.01
    return np.vstack([centers, middle + along + away])


def a_few_long_rows():
    generator = np.random.default_rng(6)
    rows = generator.normal(size=(500, 64))
    rows[::50] *= 10.0 ** generator.uniform(1, 6, size=(10, 1))
    return rows


SPECIAL = {
    "near ties": near_ties(),
    "a few long rows": a_few_long_rows(),
    "one long column": np.random.default_rng(7).normal(size=(300, 33)) * np.r_[1e4, np.ones(32)],
    "nearly the same center twice": np.repeat(near_ties()[:K], 9, axis=0) * (1 + 2.0**-30),
}
CASES = [
    (name, kind)
    for name in [*HARD, *SPECIAL]
    for kind in KINDS
    if not (kind == "float32" and name in BEYOND_FLOAT32)
]


@functools.cache
def rows_of(name, kind):
    return as_kind(SPECIAL[name] if name in SPECIAL else wide(name), kind)


@functools.cache
def lloyds(name, kind):
    X = rows_of(name, kind)
    return run(opened(X, simd=SETS[0]), start_of(X, K), "lloyd")


@pytest.mark.parametrize(("name", "kind"), CASES)
def test_labels_are_those_of_float64_from_the_first_step_to_the_last(name, kind):
    X, trace = rows_of(name, kind), lloyds(name, kind)
    assert_array_equal(trace.labels[0], slow.nearest(X, start_of(X, K)))
    assert_array_equal(trace.found["labels"], slow.nearest(X, trace.found["centers"]))
    assert_array_equal(opened(X).nearest(trace.found["centers"])[0], trace.found["labels"])


@pytest.mark.parametrize("algorithm", ALGORITHMS)
@pytest.mark.parametrize(("name", "kind"), CASES)
def test_every_algorithm_takes_the_same_steps_on_every_instruction_set(name, algorithm, kind):
    X = rows_of(name, kind)
    for simd in SETS:
        data = opened(X, simd=simd, threads=2)
        if runnable(data, algorithm, K):
            assert_same(run(data, start_of(X, K), algorithm), lloyds(name, kind))


@pytest.mark.parametrize("d", [16, 17, 31, 32, 33, 47, 64, 65, 129])
@pytest.mark.parametrize("k", [17, 18, 33, 64, 100])
def test_every_width_and_number_of_centers(d, k):
    generator = np.random.default_rng(d + k)
    X = np.round(generator.normal(size=(700, d)) * 4).astype(np.float32) / 4  # many near-ties
    truth = run(opened(X, simd="reference"), start_of(X, k), "lloyd", max_iter=8)
    assert_array_equal(truth.labels[0], slow.nearest(X, start_of(X, k)))
    for simd in SETS:
        for algorithm in ("lloyd", "yinyang"):
            data = opened(X, simd=simd, threads=3)
            assert_same(run(data, start_of(X, k), algorithm, max_iter=8), truth)
