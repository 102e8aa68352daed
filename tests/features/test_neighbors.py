"""Nearest rows: against all distances, and the same however the work is shared."""

import numpy as np
import pytest
from scipy.spatial.distance import cdist

from kmosaic.features import neighbors as module
from kmosaic.features.neighbors import nearest_rows


@pytest.fixture(scope="module")
def rows() -> np.ndarray:
    return np.random.default_rng(2).normal(size=(700, 5)).astype(np.float32)


def test_they_are_the_nearest_of_all(rows):
    found = nearest_rows(rows, 6)
    distances = np.sort(cdist(rows, rows), axis=1)[:, :6]
    np.testing.assert_allclose(found.distances, distances, atol=1e-5)
    gaps = rows[found.index] - rows[:, None]
    np.testing.assert_allclose(np.linalg.norm(gaps, axis=2), distances, atol=1e-5)


def test_every_row_is_its_own_nearest(rows):
    assert (nearest_rows(rows, 3).index[:, 0] == np.arange(len(rows))).all()


def test_blocks_change_nothing(rows, monkeypatch):
    whole = nearest_rows(rows, 6)
    monkeypatch.setattr(module, "_BLOCK", 97)
    parts = nearest_rows(rows, 6)
    np.testing.assert_array_equal(parts.index, whole.index)
    np.testing.assert_allclose(parts.distances, whole.distances, atol=1e-6)


@pytest.mark.parametrize("count", [900, 2_600])
def test_threads_change_nothing_even_where_distances_tie(count, monkeypatch):
    whole_numbers = np.random.default_rng(0).integers(0, 3, (count, 4)).astype(np.float32)
    monkeypatch.setenv("KMOSAIC_NUM_THREADS", "8")
    many = nearest_rows(whole_numbers, 6)
    monkeypatch.setenv("KMOSAIC_NUM_THREADS", "1")
    one = nearest_rows(whole_numbers, 6)
    np.testing.assert_array_equal(many.index, one.index)
    np.testing.assert_array_equal(many.distances, one.distances)


@pytest.mark.slow  # pynndescent is compiled when it is first used
def test_descent_finds_nearly_all_and_the_same_each_time(rows, monkeypatch):
    pytest.importorskip("pynndescent", reason="umap-learn is not installed")
    exact = nearest_rows(rows, 6).index
    monkeypatch.setattr(module, "_EXACT_BUDGET", 0)
    first, again = (nearest_rows(rows, 6, seed=1).index for _ in range(2))
    np.testing.assert_array_equal(first, again)
    found = [len(np.intersect1d(a, b)) for a, b in zip(exact, first, strict=True)]
    assert np.mean(found) > 0.95 * 6


def test_it_tells_of_every_block(rows, monkeypatch):
    monkeypatch.setattr(module, "_BLOCK", 300)
    heard = []
    nearest_rows(rows, 2, on_progress=heard.append)
    assert [event.done for event in heard] == [0, 300, 600, 700]
