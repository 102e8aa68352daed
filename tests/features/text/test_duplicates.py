"""Near-duplicates are those that comparing all with all finds."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import scipy.sparse
from scipy.sparse.csgraph import connected_components
from sklearn.preprocessing import normalize

from kmosaic.features.text import duplicates as module
from kmosaic.features.text import near_duplicates


def documents(seed: int) -> Any:
    """Random rows, many of them changed copies of others."""
    random = np.random.default_rng(seed)
    base = scipy.sparse.random(60, 300, 0.05, format="lil", random_state=random)
    for row in range(30, 60):
        base[row] = base[row % 12]
        base[row, random.integers(0, 300)] = random.random() * (row % 4) / 3
    return normalize(base.tocsr()).astype(np.float32)


def by_comparing_all(X: Any, threshold: float) -> set[tuple[int, ...]]:
    near = (X.astype(np.float64) @ X.T.astype(np.float64)).toarray() >= threshold - 1e-5
    labels = connected_components(near, directed=False)[1]
    groups = [tuple(np.flatnonzero(labels == one).tolist()) for one in np.unique(labels)]
    return {group for group in groups if len(group) > 1}


@pytest.mark.parametrize("threshold", [0.6, 0.8, 0.95, 0.999])
@pytest.mark.parametrize("seed", range(5))
def test_groups_are_those_of_all_pairs(seed: int, threshold: float) -> None:
    X = documents(seed)
    assert set(near_duplicates(X, threshold).groups) == by_comparing_all(X, threshold)


def test_parts_of_any_size_give_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    X = documents(0)
    expected = near_duplicates(X, 0.8)
    monkeypatch.setattr(module, "_CANDIDATES", 7)
    assert near_duplicates(X, 0.8) == expected


def test_empty_rows_are_like_no_other() -> None:
    X = scipy.sparse.csr_matrix((4, 5), dtype=np.float32)
    assert near_duplicates(X).groups == ()
    assert near_duplicates(X[:0]).count == 0


def test_the_first_of_a_group_stands_for_it() -> None:
    found = near_duplicates(scipy.sparse.csr_matrix(np.eye(3)[[0, 1, 0, 0]]))
    assert found.first_of(4) == [None, None, 0, 0]
    assert found.count == 2
