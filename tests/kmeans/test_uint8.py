"""Pixels are clustered as they are, with the result of their float64 copies, bit for bit."""

import subprocess
import sys
import textwrap

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_array_equal
from tests.kmeans.hard_data import blobs
from tests.kmeans.traces import ALGORITHMS, SETS, assert_same, opened, run, runnable, start_of

from kmosaic import KMeans, _rows
from kmosaic.kmeans import Prototypes, merged_start

GENERATOR = np.random.default_rng(0)
PIXELS = {
    "noise": GENERATOR.integers(0, 256, (500, 30), dtype=np.uint8),
    "groups": np.clip(blobs(700, 12, k=9, spread=40.0) * 3 + 128, 0, 255).astype(np.uint8),
    "black and white": GENERATOR.integers(0, 2, (400, 64), dtype=np.uint8) * np.uint8(255),
    "mostly black": (GENERATOR.random((300, 784)) < 0.05).astype(np.uint8) * np.uint8(7),
    "colors": GENERATOR.integers(0, 8, (900, 3), dtype=np.uint8),
}


def facts(model):
    return (
        model.cluster_centers_.tobytes(),
        model.cluster_centers_.dtype,
        model.labels_.tobytes(),
        model.inertia_,
        [(it.run, it.number, it.inertia, it.moved, it.center_shift) for it in model.history_],
    )


@pytest.mark.parametrize("simd", SETS)
@pytest.mark.parametrize("algorithm", ALGORITHMS)
@pytest.mark.parametrize("name", PIXELS)
def test_every_label_of_every_iteration_is_that_of_float64(name, algorithm, simd):
    X = PIXELS[name]
    for k in (3, 21):
        pixels, wide = opened(X, simd=simd), opened(X.astype(np.float64), simd=simd)
        if runnable(pixels, algorithm, k):
            truth = run(wide, start_of(X, k), "lloyd")
            assert_same(run(pixels, start_of(X, k), algorithm), truth)


@pytest.mark.parametrize(
    ("init", "weighted"),
    [
        *((init, weighted) for init in ("k-means++", "random") for weighted in (False, True)),
        (merged_start, False),  # a callable start knows no weights
    ],
)
@pytest.mark.parametrize("name", PIXELS)
def test_the_same_seed_starts_and_ends_at_the_same_bits(name, init, weighted):
    X = PIXELS[name]
    weights = GENERATOR.integers(0, 4, len(X)) if weighted else None
    pixels, wide = (
        KMeans(6, init=init, n_init=2, random_state=4).fit(rows, sample_weight=weights)
        for rows in (X, X.astype(np.float64))
    )
    assert facts(pixels) == facts(wide)


def test_what_a_model_says_of_pixels_is_what_it_says_of_float64():
    X = PIXELS["groups"]
    weights = GENERATOR.random(len(X))
    model = KMeans(5, random_state=0).fit(X)
    wide = X.astype(np.float64)
    assert model.cluster_centers_.dtype == np.float64
    assert model.transform(X).dtype == np.float64
    assert_array_equal(model.transform(X), model.transform(wide))
    assert_array_equal(model.predict(X), model.predict(wide))
    assert_array_equal(model.fit_transform(X), model.fit_transform(wide))
    assert model.score(X, sample_weight=weights) == model.score(wide, sample_weight=weights)


def test_given_centers_of_pixels_keep_their_fractions():
    X = PIXELS["colors"]
    start = X[:4] + 0.25
    pixels, wide = (KMeans(4, init=start, max_iter=3).fit(x) for x in (X, X.astype(float)))
    assert facts(pixels) == facts(wide)
    assert pixels.history_[0].inertia == pytest.approx(
        ((X[:, None] - start) ** 2).sum(axis=2).min(axis=1).sum()
    )


def test_pixels_are_never_widened_in_memory():
    code = """
        import resource, numpy as np
        from kmosaic import KMeans
        def peak(): return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        X = np.resize(np.arange(251, dtype=np.uint8), (500_000, 200))
        KMeans(4, init=X[:4], max_iter=2).fit(X[:100])
        before = peak()
        KMeans(4, init=X[:4], max_iter=2, algorithm="lloyd").fit(X).predict(X)
        assert peak() - before < X.nbytes / 4, (before, peak())  # float32 would be four times X
    """
    subprocess.run([sys.executable, "-c", textwrap.dedent(code)], check=True, timeout=60)


@pytest.mark.parametrize("dtype", [np.int8, np.uint16, np.int32, np.int64, np.bool_])
def test_other_integers_become_float64(dtype):
    X = (
        (PIXELS["colors"] % 2).astype(dtype)
        if dtype == np.bool_
        else PIXELS["colors"].astype(dtype)
    )
    model = KMeans(3, random_state=0).fit(X)
    assert facts(model) == facts(KMeans(3, random_state=0).fit(X.astype(np.float64)))


@pytest.mark.parametrize("shape", ["Fortran order", "strided", "frame"])
def test_pixels_in_other_shapes_are_the_same_pixels(shape):
    X = np.ascontiguousarray(PIXELS["groups"][::2, ::2])
    given = {
        "Fortran order": np.asfortranarray(X),
        "strided": PIXELS["groups"][::2, ::2],
        "frame": pd.DataFrame(X),
    }[shape]
    assert facts(KMeans(3, random_state=0).fit(given)) == facts(KMeans(3, random_state=0).fit(X))


def test_prototypes_of_pixels_are_those_of_float64():
    X = PIXELS["groups"]
    labels = KMeans(3, random_state=0).fit(X).labels_
    pixels, wide = (Prototypes(30).fit(x, labels) for x in (X, X.astype(float)))
    assert_array_equal(pixels.centers_, wide.centers_)
    assert pixels.centers_.dtype == np.float64


def test_the_engine_keeps_a_view_of_the_pixels():
    X = PIXELS["noise"]
    assert _rows.readable(X) is X
