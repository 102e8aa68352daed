"""Bounds for groups of centers, with and without the head of the rows."""

import numpy as np
import pytest
from tests.kmeans.traces import assert_same, opened, run, start_of

from kmosaic import _engine
from kmosaic._basis import find_basis


def decaying(n, d, seed=0, dtype=np.float32):
    generator = np.random.default_rng(seed)
    spread = np.arange(1, d + 1) ** -0.7
    X = generator.normal(size=(40, d))[generator.integers(40, size=n)] + generator.normal(
        size=(n, d)
    )
    return (X * spread * 20 + 100).astype(dtype)


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.uint8])
@pytest.mark.parametrize("k", [2, 17, 150])
def test_with_a_head_every_label_is_that_of_plain_lloyd(dtype, k):
    X = decaying(1500, 80, dtype=dtype)
    truth = run(opened(X), start_of(X, k), "lloyd", max_iter=25)
    data = opened(X)
    data.set_head(find_basis(X, k).directions)
    assert_same(run(data, start_of(X, k), "yinyang", max_iter=25), truth)


def test_a_head_of_flat_data_changes_nothing_either():
    X = np.random.default_rng(0).random((1000, 64), dtype=np.float32)
    truth = run(opened(X), start_of(X, 60), "lloyd", max_iter=25)
    data = opened(X)
    data.set_head(np.eye(64)[:15])
    assert_same(run(data, start_of(X, 60), "yinyang", max_iter=25), truth)


def test_auto_takes_a_head_where_there_are_many_centers(monkeypatch):
    X = decaying(6000, 96)
    data = _engine.Data(X)
    fit = data.fit(start_of(X, 200).astype(float), max_iter=30)
    assert fit.algorithm in {"yinyang", "lloyd"}
    plain = _engine.Data(X).fit(start_of(X, 200).astype(float), max_iter=30, algorithm="lloyd")
    assert fit.inertia == plain.inertia
    assert fit.labels.tobytes() == plain.labels.tobytes()
