"""A start from a sample."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import scipy.sparse

import kmosaic
from kmosaic.kmeans import SphericalKMeans, sampled, sampled_start


def test_few_rows_are_all_looked_at(monkeypatch) -> None:  # type: ignore[no-untyped-def]
    X = np.random.default_rng(0).random((300, 5))
    whole = sampled_start(X, 3, np.random.RandomState(0))
    assert all((center == X).all(axis=1).any() for center in whole)
    monkeypatch.setattr(sampled, "_FEWEST", 30)
    monkeypatch.setattr(sampled, "_PER_CLUSTER", 10)
    some = sampled_start(scipy.sparse.csr_matrix(X), 3, np.random.RandomState(0))
    assert some.shape == (3, 5)
    assert len(np.unique(some, axis=0)) == 3


def test_a_model_that_began_so_can_be_saved(tmp_path: Path) -> None:
    X = np.random.default_rng(0).random((40, 5))
    model = SphericalKMeans(3, init=sampled_start, random_state=0).fit(X)
    again = kmosaic.load(model.save(tmp_path / "model"))
    assert again.init is sampled_start
    np.testing.assert_array_equal(again.labels_, model.labels_)
