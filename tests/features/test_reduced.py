"""Principal components of features."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose
from sklearn.decomposition import PCA

from kmosaic._errors import InputError
from kmosaic.features import Columns, Pixels, Reduced
from kmosaic.features import reduced as module


def wave(n: int, d: int, offset: float = 0.0) -> np.ndarray:
    """Rows with a few strong directions and a little noise."""
    random = np.random.default_rng(3)
    strong = random.normal(size=(n, 4)) * [8, 4, 2, 1]
    return strong @ random.normal(size=(4, d)) + 0.01 * random.normal(size=(n, d)) + offset


@pytest.mark.parametrize(("n", "d"), [(300, 20), (20, 300)])
@pytest.mark.parametrize("whiten", [False, True])
def test_rows_are_those_of_scikit_learns_pca(n, d, whiten):
    X = wave(n, d)
    ours = Reduced(Columns(), 3, whiten=whiten).fit_transform(X)
    truth = PCA(3, whiten=whiten, svd_solver="full").fit_transform(X)
    assert_allclose(ours, truth, atol=2e-4 * np.abs(truth).max())


def test_a_large_offset_costs_little():
    near = Reduced(Columns(), 3).fit_transform(wave(200, 10))
    far = Reduced(Columns(), 3).fit_transform(wave(200, 10, offset=1000.0))
    assert_allclose(near, far, atol=1e-3 * np.abs(near).max())


def test_wide_features_are_close_to_exact(monkeypatch):
    exact = Reduced(Columns(), 3).fit_transform(wave(200, 100))
    monkeypatch.setattr(module, "_LARGEST_EXACT", 50)
    assert_allclose(
        Reduced(Columns(), 3).fit_transform(wave(200, 100)), exact, rtol=1e-2, atol=0.05
    )


def test_there_are_no_more_components_than_rows_or_columns(photos):
    assert Reduced(Pixels(), 99).fit_transform(photos[:5]).shape == (5, 5)
    assert Reduced(Pixels(2, "gray"), 99).fit_transform(photos).shape == (len(photos), 4)


def test_a_direction_without_variance_is_not_blown_up():
    X = np.hstack([wave(50, 2), np.ones((50, 3))])
    assert np.abs(Reduced(Columns(), 5, whiten=1.0).fit_transform(X)).max() < 10


def test_it_learns_from_a_bounded_number_of_rows(monkeypatch):
    monkeypatch.setattr(module, "_LEARN_FROM", 30)
    seeds = [Reduced(Columns(), 2, random_state=seed).fit(wave(200, 5)).mean_ for seed in (0, 1, 1)]
    assert np.abs(seeds[0] - seeds[1]).max() > 0
    assert_allclose(seeds[1], seeds[2], rtol=0)


def test_fewer_than_one_component_is_refused(photos):
    with pytest.raises(InputError, match="n_components must be 1 or more"):
        Reduced(Pixels(), 0).fit(photos)


def test_halfway_whitening_takes_the_root_of_the_scales():
    X = np.random.default_rng(0).normal(size=(200, 4)).astype(np.float32) * [8, 4, 2, 1]
    plain, half, full = (
        Reduced(Columns(), 3, whiten=power).fit_transform(X).std(axis=0) for power in (0, 0.5, 1)
    )
    np.testing.assert_allclose(half, np.sqrt(plain * full), rtol=1e-4)


def test_whitening_beyond_its_range_is_an_error():
    with pytest.raises(InputError, match="whiten must be between 0 and 1"):
        Reduced(Columns(), 3, whiten=2).fit(np.eye(4, dtype=np.float32))
