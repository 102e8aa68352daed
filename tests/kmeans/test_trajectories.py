"""Every algorithm takes the steps of plain Lloyd decided in float64, all of them, to the bit.

A wrong bound can miss a nearer center and still end at good clusters, so the labels of every
iteration are compared, on data made for near-ties. A new algorithm is tested by being listed in
the core's table.
"""

import functools
import gzip

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from tests.kmeans import slow
from tests.kmeans.hard_data import HARD, as_kind, blobs, grid, uniform
from tests.kmeans.traces import ALGORITHMS, SETS, assert_same, opened, run, runnable, start_of

KINDS = ["float32", "float64", "uint8"]
OTHERS = [name for name in ALGORITHMS if name != "lloyd"]


# Not every set of numbers keeps its meaning in float32.
BEYOND_FLOAT32 = ("squares below the smallest", "huge numbers")
CASES = [
    (name, kind)
    for name in HARD
    for kind in KINDS
    if not (kind == "float32" and name in BEYOND_FLOAT32)
]


@functools.cache
def lloyds(name, kind, k):
    X = as_kind(HARD[name], kind)
    return run(opened(X, simd=SETS[0]), start_of(X, k), "lloyd")


@pytest.mark.parametrize(("name", "kind"), CASES)
def test_lloyd_is_decided_in_float64_at_every_step(name, kind):
    X, k = as_kind(HARD[name], kind), 7
    truth = lloyds(name, kind, k)
    data, centers = opened(X), start_of(X, k)
    tolerance = 2.0**-45 * (np.ptp(X.astype(float), axis=0) + abs(X.astype(float)).max(axis=0))
    for number, labels in enumerate(truth.labels[:6], start=1):
        assert_array_equal(labels, slow.nearest(X, centers))
        inertia = slow.inertia(X, labels, centers)
        assert_allclose(truth.inertias[number - 1], inertia, rtol=1e-10)
        after = run(data, centers, "lloyd", max_iter=1)
        if len(np.unique(labels)) == k:  # else empty clusters take rows: test_empty_clusters
            rounded = slow.means(X, labels, centers).astype("f4" if kind == "float32" else "f8")
            unit = 2.0**-22 if kind == "float32" else 0.0
            assert (abs(after.found["centers"] - rounded) <= tolerance + unit * abs(rounded)).all()
        centers = after.found["centers"]


@pytest.mark.parametrize("algorithm", ALGORITHMS)
@pytest.mark.parametrize(("name", "kind"), CASES)
def test_every_algorithm_takes_lloyds_steps_on_every_instruction_set(name, algorithm, kind):
    X = as_kind(HARD[name], kind)
    for k in (2, 7, 33):
        for simd in SETS:
            data = opened(X, simd=simd)
            if runnable(data, algorithm, k):
                assert_same(run(data, start_of(X, k), algorithm), lloyds(name, kind, k))


SHAPES = [
    *((400, d, 17) for d in (1, 2, 3, 4, 5, 8, 16, 17, 31, 64, 129, 784)),
    *((400, d, k) for d in (2, 9, 40) for k in (1, 2, 15, 16, 33, 100, 300)),
    *((n, d, k) for n in (1, 2, 15, 16, 17, 47, 48, 49, 65) for d, k in ((3, 1), (20, n // 2 + 1))),
]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("algorithm", OTHERS)
@pytest.mark.parametrize(("n", "d", "k"), SHAPES)
def test_every_algorithm_takes_lloyds_steps_in_every_shape(n, d, k, algorithm, kind):
    # Near numbers of few digits: many ties, and trajectories that are not over at once.
    X = as_kind(np.round(blobs(n, d, k=6, seed=n + d + k, spread=1.0) * 4) / 4, kind)
    for simd in (SETS[0], SETS[-1]):
        data = opened(X, simd=simd)
        if runnable(data, algorithm, k):
            truth = run(data, start_of(X, k), "lloyd", max_iter=20)
            assert_same(run(data, start_of(X, k), algorithm, max_iter=20), truth)


@pytest.mark.parametrize(("n", "d"), [(26_000, 16), (60_000, 4)])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_threads_change_nothing(algorithm, kind, n, d):
    # As many rows as it takes for all of the threads to get some.
    X = as_kind(np.vstack([blobs(n, d, k=30), np.repeat(grid(5, 4), d // 4, axis=1)]), kind)
    truth = run(opened(X), start_of(X, 40), "lloyd", max_iter=12)
    for threads in (1, 2, 3, 8):
        data = opened(X, threads=threads)
        if runnable(data, algorithm, 40):
            assert_same(run(data, start_of(X, 40), algorithm, max_iter=12), truth)


@pytest.mark.parametrize("kind", ["float32", "float64"])
@pytest.mark.parametrize("algorithm", OTHERS)
@pytest.mark.parametrize(("n", "d", "k"), [(30_000, 1, 70), (20_000, 2, 60), (8_000, 12, 50)])
def test_many_small_drifts_add_up_to_no_mistake(n, d, k, algorithm, kind):
    # Without clusters, borders creep for long and reach rows that were safe for many iterations.
    X = as_kind(uniform(n, d), kind)
    data, start = opened(X), start_of(np.sort(X, axis=0)[: n // 2], k)
    if runnable(data, algorithm, k):
        truth = run(data, start, "lloyd", max_iter=120)
        assert_same(run(data, start, algorithm, max_iter=120), truth)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("algorithm", OTHERS)
def test_weights_change_nothing(algorithm, kind):
    X = as_kind(blobs(500, 7, spread=1.0), kind)
    weights = np.random.default_rng(3).integers(0, 3, size=len(X)) / 4
    data = opened(X, weights=weights)
    for k in (3, 40):
        if runnable(data, algorithm, k):
            truth = run(data, start_of(X, k), "lloyd")
            assert_same(run(data, start_of(X, k), algorithm), truth)
            labels, centers = truth.labels[0], start_of(X, k)
            inertia = slow.inertia(X, labels, centers, weights)
            assert_allclose(truth.inertias[0], inertia, rtol=1e-10)


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_centers_that_lose_all_rows_change_nothing(algorithm):
    X = blobs(300, 5)
    far = start_of(X, 20)
    far[::3] += 1e4  # these are nobody's nearest
    data = opened(X)
    if runnable(data, algorithm, 20):
        assert_same(run(data, far, algorithm), run(data, far, "lloyd"))


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_a_tolerance_or_a_last_iteration_ends_alike(algorithm):
    X = blobs(600, 5, spread=0.5)
    data = opened(X)
    if not runnable(data, algorithm, 12):
        pytest.skip(f"{algorithm} does not take such data")
    for most, tolerance in ((1, 0.0), (2, 0.0), (7, 0.0), (100, 1e-2)):
        ours, theirs = (
            run(data, start_of(X, 12), name, max_iter=most, tolerance=tolerance)
            for name in (algorithm, "lloyd")
        )
        assert_same(ours, theirs)
        assert_array_equal(ours.found["labels"], slow.nearest(X, ours.found["centers"]))


@given(
    seed=st.integers(0, 2**32 - 1),
    n=st.integers(1, 250),
    d=st.one_of(st.integers(1, 6), st.integers(7, 140)),
    k=st.integers(1, 60),
    levels=st.sampled_from([None, None, 1, 2, 5, 100]),  # few levels: ties
    scale=st.integers(-12, 12),
    offset=st.sampled_from([0.0, 0.0, 1.0, 1e3, 1e6]),
    weighted=st.booleans(),
    kind=st.sampled_from(KINDS),
)
@settings(max_examples=600, deadline=None)
def test_no_random_data_makes_any_algorithm_miss_a_nearer_center(
    seed, n, d, k, levels, scale, offset, weighted, kind
):
    generator = np.random.default_rng(seed)
    X = blobs(n, d, k=1 + seed % 9, seed=seed, spread=generator.choice([0.0, 1.0, 30.0]))
    if levels is not None:
        X = np.round(X * levels) / levels
    X = as_kind((X + offset) * 2.0 ** (2 * scale), kind)
    weights = generator.integers(0, 3, size=n).astype(float) if weighted else None
    if weighted:
        weights[0] = 1.0
    data = opened(X, weights=weights)
    start = start_of(X, k)
    truth = run(data, start, "lloyd", max_iter=15)
    assert_array_equal(truth.labels[0], slow.nearest(X, start))
    assert_array_equal(truth.found["labels"], slow.nearest(X, truth.found["centers"]))
    for algorithm in OTHERS:
        if runnable(data, algorithm, k):
            assert_same(run(data, start, algorithm, max_iter=15), truth)


@pytest.mark.parametrize("kind", ["float32", "float64"])
@pytest.mark.parametrize("noise", [0.0, 0.02])
def test_rows_that_bytes_stand_for_take_lloyds_steps(kind, noise):
    # So many that bounds are taken from bytes; the noise is what these leave out.
    pixels = as_kind(blobs(110_000, 64, k=12, spread=0.3), np.uint8).astype(kind)
    X = pixels + np.random.default_rng(5).uniform(-noise, noise, pixels.shape).astype(kind)
    data, start = opened(X, threads=2), start_of(X, 24)
    truth = run(data, start, "lloyd", max_iter=8)
    for algorithm in OTHERS:
        if runnable(data, algorithm, 24):
            assert_same(run(data, start, algorithm, max_iter=8), truth)


@pytest.mark.parametrize("kind", ["float32", "float64"])
@pytest.mark.parametrize("noise", [0.0, 0.02])
@pytest.mark.parametrize("k", [2, 10, 16])
def test_a_few_centers_beside_rows_as_bytes_take_the_steps_of_floats(kind, noise, k):
    pixels = as_kind(blobs(110_000, 64, k=12, spread=0.3), np.uint8)
    X = pixels + np.random.default_rng(5).uniform(-noise, noise, pixels.shape)
    X = X.astype(kind)
    data, start = opened(X, threads=2), start_of(X, k)
    start[-1] += 1000 * (k > 2)  # so far outside that bytes tell nothing of it at first
    plain = run(data, start, "lloyd", max_iter=12, memory_limit=1)
    bytewise = run(data, start, "lloyd", max_iter=12)
    assert plain.found["bytes"] < X.size <= bytewise.found["bytes"]
    assert_same(bytewise, plain)


@pytest.mark.parametrize("d", [32, 47, 784])
@pytest.mark.parametrize("levels", [2, 3, 256])
@pytest.mark.parametrize("k", [2, 9, 16])
def test_pixels_take_the_steps_of_floats(d, levels, k):
    generator = np.random.default_rng(d + levels)
    X = generator.integers(0, levels, (700, d)).astype(np.uint8) * np.uint8(255 // (levels - 1))
    X[300:] = np.where(generator.random((400, d)) < 0.9, X[:400], X[300:])  # near each other
    start = start_of(X, k)
    assert_same(
        run(opened(X), start, "lloyd"), run(opened(X.astype(float)), start, "lloyd", memory_limit=1)
    )


@pytest.fixture(scope="module")
def mnist(shared_data):
    with gzip.open(shared_data / "mnist" / "t10k-images-idx3-ubyte.gz") as file:
        return np.frombuffer(file.read(), np.uint8, offset=16).reshape(-1, 784)


@functools.lru_cache(maxsize=1)
def lloyds_digits(pixels, kind):
    X = np.frombuffer(pixels, np.uint8).reshape(-1, 784).astype(kind)
    data, start = opened(X, threads=2), start_of(X, 100)
    return data, start, run(data, start, "lloyd", max_iter=25)


@pytest.mark.parametrize(("kind", "algorithm"), [(kind, name) for kind in KINDS for name in OTHERS])
def test_handwritten_digits_take_lloyds_steps(mnist, kind, algorithm):
    data, start, truth = lloyds_digits(mnist.tobytes(), kind)
    if not runnable(data, algorithm, 100):
        pytest.skip(f"{algorithm} does not take such data")
    assert_same(run(data, start, algorithm, max_iter=25), truth)


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_the_certificate_counts_what_was_screened_and_decided(algorithm):
    X = np.round(blobs(400, 20, spread=1.0))
    data = opened(X)
    if not runnable(data, algorithm, 17):
        pytest.skip(f"{algorithm} does not take such data")
    found = run(data, start_of(X, 17), algorithm).found
    assert 0 <= found["decided"] <= found["screened"]
    assert found["screened"] > 0
    assert 0 < found["largest_bound"] < 1e-2
    assert found["bytes"] > 0
