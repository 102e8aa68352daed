"""The kd filter takes the steps of plain Lloyd, on data of few columns made to defeat its boxes."""

import numpy as np
import PIL.Image
import pytest
from numpy.testing import assert_array_equal
from tests.kmeans.hard_data import as_kind, blobs, grid
from tests.kmeans.traces import assert_same, opened, run, start_of

from kmosaic import KMeans, _core
from kmosaic._engine import Data

KINDS = ["float32", "float64", "uint8"]


def long_tail(n, d):
    """Most rows in a small part of the range, whatever part one looks at."""
    generator = np.random.default_rng(4)
    return generator.choice([-1.0, 1.0], size=(n, d)) * np.exp(generator.normal(size=(n, d)) * 6)


DATA = {
    "blobs": lambda d: blobs(9000, d, k=20),
    "uniform": lambda d: np.random.default_rng(0).random((9000, d)),
    "copies": lambda d: np.repeat(blobs(60, d), 100, axis=0),
    "many copies of one row": lambda d: np.vstack([np.ones((9000, d)), blobs(700, d)]),
    "whole numbers": lambda d: np.round(blobs(9000, d, k=20)),
    "grid": lambda d: grid({1: 5000, 2: 70, 3: 18, 4: 8, 5: 5, 8: 3}[d], d),
    "far away": lambda d: blobs(9000, d, k=20) + 1e6,
    "one far row": lambda d: np.vstack([blobs(5000, d), np.full((1, d), 1e7)]),
    "long tail": lambda d: long_tail(9000, d),
    "columns of unlike scale": lambda d: blobs(5000, d) * 10.0 ** (3 * np.arange(d)),
    "a line": lambda d: np.linspace(0, 1, 5000)[:, None] * np.ones(d),
    "exponents": lambda d: 2.0 ** (np.arange(3000)[:, None] % 120 - 60) * np.ones(d),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("d", [1, 2, 3, 4])
@pytest.mark.parametrize("name", DATA)
def test_every_step_is_lloyds(name, d, kind):
    X = as_kind(DATA[name](d), kind)
    for k in (1, 6, 90):
        data, start = opened(X), start_of(X, k)
        assert_same(run(data, start, "kd", max_iter=25), run(data, start, "lloyd", max_iter=25))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("d", [5, 8])
def test_more_columns_are_taken_too(d, kind):
    X = as_kind(blobs(4000, d, k=20), kind)
    data, start = opened(X), start_of(X, 30)
    assert_same(run(data, start, "kd"), run(data, start, "lloyd"))


@pytest.mark.parametrize("simd", _core.instruction_sets())
@pytest.mark.parametrize("kind", KINDS)
def test_every_instruction_set_takes_the_same_steps(kind, simd):
    for d in range(1, 9):
        X = as_kind(np.round(blobs(1500, d) * 4) / 4, kind)
        data, start = opened(X, simd=simd), start_of(X, 20)
        assert_same(
            run(data, start, "kd", max_iter=10), run(opened(X), start, "lloyd", max_iter=10)
        )


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("d", [2, 3])
def test_small_late_drifts_are_not_lost(d, kind):
    X = as_kind(np.random.default_rng(1).random((20_000, d)), kind)
    data, start = opened(X, threads=2), start_of(X, 12)
    truth = run(data, start, "lloyd", max_iter=300)
    assert truth.found["n_iter"] > 40
    assert_same(run(data, start, "kd", max_iter=300), truth)


@pytest.mark.parametrize("weighted", [False, True])
def test_threads_change_nothing(weighted):
    X = blobs(70_000, 3, k=30, spread=1.0).astype(np.float32)
    weights = np.random.default_rng(3).random(len(X)) if weighted else None
    start = start_of(X, 40)
    truth = run(opened(X, weights=weights), start, "lloyd", max_iter=15)
    for threads in (1, 2, 8):
        data = opened(X, weights=weights, threads=threads)
        assert_same(run(data, start, "kd", max_iter=15), truth)


@pytest.mark.parametrize("kind", KINDS)
def test_rows_of_weight_zero_may_lie_anywhere(kind):
    X = as_kind(blobs(5000, 2, spread=1.0), kind)
    if kind != "uint8":
        X[::7] *= 1e6
        X[::70] = 1e150 if kind == "float64" else 1e30
    weights = np.random.default_rng(5).integers(1, 4, size=len(X)) / 4
    weights[::7] = 0
    data, start = opened(X, weights=weights), start_of(X[1::7], 25)
    assert_same(run(data, start, "kd"), run(data, start, "lloyd"))


@pytest.mark.parametrize("far", [1e4, 1e30, 1e200])
def test_clusters_that_lose_all_rows_are_filled_alike(far):
    X = blobs(6000, 3, spread=1.0)
    start = start_of(X, 30)
    start[::3] += far
    data = opened(X)
    assert_same(run(data, start, "kd"), run(data, start, "lloyd"))


def test_more_clusters_than_different_rows():
    X = np.repeat(grid(3, 2), 400, axis=0)
    data, start = opened(X), start_of(X, 40)
    assert_same(run(data, start, "kd"), run(data, start, "lloyd"))


def test_the_last_labels_and_those_of_each_iteration_are_written_without_a_listener():
    X = blobs(5000, 2, k=9).astype(np.float32)
    data, start = opened(X), start_of(X, 9)
    quiet = data.fit(start, 30, 0.0, "kd", None, None)
    assert_array_equal(quiet["labels"], run(data, start, "lloyd", max_iter=30).found["labels"])


def test_most_rows_are_left_alone_in_late_iterations():
    X = np.random.default_rng(0).random((50_000, 2)).astype(np.float32)
    found = opened(X).fit(start_of(X, 20), 100, 0.0, "kd", None, None)
    assert found["screened"] < 0.2 * len(X) * found["n_iter"]
    assert found["bytes"] < 2.2 * X.nbytes + 10 * len(X) + 100_000


@pytest.mark.parametrize("kind", KINDS)
def test_colors_of_a_photograph_take_lloyds_steps(shared_data, kind):
    with PIL.Image.open(shared_data / "kodak" / "kodim01.png") as image:
        X = np.asarray(image).reshape(-1, 3)[::4].astype(kind)
    data, start = opened(X, threads=2), start_of(np.unique(X, axis=0), 64)
    assert_same(run(data, start, "kd"), run(data, start, "lloyd"))


def test_more_columns_than_it_takes_are_refused():
    data = opened(blobs(100, 9))
    assert "kd" not in data.algorithms(3)
    assert "kd" in opened(blobs(100, 8)).algorithms(3)


def test_boxes_that_are_given_up_leave_their_labels_behind():
    # Whether they are is up to the clock: of so many fits some do, and each has the same bits.
    random = np.random.default_rng(0)
    for _ in range(60):
        rows = random.standard_normal((1500, 1))
        start = {"init": rows[random.choice(1500, 6, replace=False)], "n_init": 1, "max_iter": 15}
        auto, plain = (KMeans(6, algorithm=a, **start).fit(rows) for a in ("auto", "lloyd"))
        assert_array_equal(auto.labels_, plain.labels_)
        assert_array_equal(auto.cluster_centers_, plain.cluster_centers_)


def test_no_boxes_are_built_for_the_last_look_alone():
    random = np.random.default_rng(0)
    rows = random.standard_normal((1900, 1))
    data, start = Data(rows), rows[random.choice(1900, 64, replace=False)]
    shifts = [each.center_shift for each in data.fit(start, max_iter=11, algorithm="lloyd").history]
    assert shifts[1] < shifts[0]
    found = data.fit(start, max_iter=11, tolerance=shifts[1] ** 2 * (1 + 1e-9))
    assert (found.n_iter, found.algorithm) == (2, "lloyd")
