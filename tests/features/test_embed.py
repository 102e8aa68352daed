"""Embedding by neighbor graphs: groups come to lie apart, and every run is the same."""

import sys

import numpy as np
import pytest
from sklearn.datasets import make_blobs
from sklearn.metrics import adjusted_rand_score

from kmosaic import KMeans
from kmosaic._errors import InputError, MissingExtraError
from kmosaic.features import embed as module
from kmosaic.features.embed import N_COMPONENTS, embed

umap = pytest.importorskip("umap", reason="umap-learn is not installed")


def rings() -> tuple[np.ndarray, np.ndarray]:
    """Two rings linked like those of a chain, which no means can cut."""
    turn = np.linspace(0, 2 * np.pi, 150, endpoint=False)
    zero = np.zeros_like(turn)
    first = np.stack([np.cos(turn), np.sin(turn), zero], axis=1)
    second = np.stack([1 + np.cos(turn), zero, np.sin(turn)], axis=1)
    noise = np.random.default_rng(0).normal(scale=0.03, size=(300, 3))
    return (np.concatenate([first, second]) + noise).astype(np.float32), np.repeat([0, 1], 150)


@pytest.fixture(scope="module")
def blobs() -> tuple[np.ndarray, np.ndarray]:
    X, labels = make_blobs(240, 12, centers=4, random_state=1)
    return X.astype(np.float32), labels


@pytest.fixture(scope="module")
def embedded(blobs) -> np.ndarray:
    return embed(blobs[0], seed=3)


def agreement(rows: np.ndarray, labels: np.ndarray) -> float:
    clusters = KMeans(labels.max() + 1, n_init=10, random_state=0).fit(rows).labels_
    return float(adjusted_rand_score(labels, clusters))


def test_groups_that_lie_apart_stay_apart(blobs, embedded):
    assert agreement(embedded, blobs[1]) == 1


def test_groups_that_are_not_round_become_so():
    X, labels = rings()
    assert agreement(X, labels) < 0.3
    assert agreement(embed(X), labels) == 1


def test_the_same_seed_gives_the_same_rows_on_any_number_of_threads(blobs, embedded, monkeypatch):
    monkeypatch.setenv("KMOSAIC_NUM_THREADS", "1")
    np.testing.assert_array_equal(embed(blobs[0], seed=3), embedded)


def test_another_seed_gives_other_rows(blobs, embedded):
    assert not np.array_equal(embed(blobs[0], seed=4), embedded)


def test_rows_are_ten_finite_float32_columns_whatever_the_width():
    for width in (1, 30):
        rows = embed(np.random.default_rng(0).normal(size=(40, width)))
        assert rows.shape == (40, N_COMPONENTS)
        assert rows.dtype == np.float32
        assert np.isfinite(rows).all()


def test_the_fewest_rows_that_have_fifteen_neighbors_are_enough():
    rows = np.random.default_rng(0).normal(size=(16, 3))
    assert embed(rows).shape == (16, N_COMPONENTS)
    with pytest.raises(InputError, match=r"at least 16 items, and there are 15.*embed='none'"):
        embed(rows[:15])


def test_rows_that_are_all_the_same_are_no_error():
    assert np.isfinite(embed(np.ones((30, 4)))).all()


def test_rows_that_come_many_times_are_no_error():
    rows = embed(np.repeat(np.eye(4), 20, axis=0))
    assert agreement(rows, np.repeat(range(4), 20)) == 1


def test_without_eigenvectors_it_starts_from_noise(blobs, monkeypatch):
    def gives_up(graph, count, **_):
        raise module.ArpackNoConvergence("too slow", np.empty(0), np.empty((graph.shape[0], 0)))

    monkeypatch.setattr(module, "eigsh", gives_up)
    assert np.isfinite(embed(blobs[0][:60])).all()


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_numbers_that_are_not_finite_are_refused(bad):
    X = np.ones((20, 2))
    X[7, 1] = bad
    with pytest.raises(InputError, match="NaN or infinity"):
        embed(X)


def test_rows_given_are_not_changed(blobs):
    given = blobs[0].copy()
    embed(given)
    np.testing.assert_array_equal(given, blobs[0])


def test_it_tells_how_far_it_is(blobs):
    heard = []
    embed(blobs[0], on_progress=heard.append)
    assert {event.stage for event in heard} == {"embedding"}
    assert {event.note for event in heard} == {"neighbors", "layout", ""}
    assert (heard[-1].done, heard[-1].total) == (240, 240)


def test_without_umap_the_message_says_how_to_install_it(blobs, monkeypatch):
    monkeypatch.setitem(sys.modules, "umap", None)
    with pytest.raises(MissingExtraError, match=r"umap-learn: pip install 'kmosaic\[manifold\]'"):
        embed(blobs[0])
