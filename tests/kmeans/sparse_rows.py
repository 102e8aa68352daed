"""Sparse rows to test with, and what they have to agree with: the same rows written out."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp
from numpy.testing import assert_allclose, assert_array_equal

from kmosaic._engine import Data
from kmosaic._sparse import SparseData


def documents(seed=0, n=300, d=120, density=0.08, dtype=np.float64):
    """Rows like word counts: few values, many ties, explicit zeros, an empty row and column."""
    random = np.random.default_rng(seed)
    rows = sp.random_array((n, d), density=density, format="csr", dtype=dtype, rng=random)
    if seed % 2:
        rows.data = np.round(rows.data * 3).astype(dtype)
    rows = rows.tolil()
    rows[n // 2] = 0
    rows[:, d // 3] = 0
    return sp.csr_array(rows.tocsr())


def trajectory(data, centers, algorithm="auto"):
    labels = []
    found = data._core.fit(
        np.asarray(centers, dtype=np.float64), 300, 0.0, algorithm, None, on_labels=labels.append
    )
    return np.array(labels), found["centers"], found["inertia"]


def starts(rows, k, seed=0):
    return rows.toarray()[np.random.default_rng(seed).choice(rows.shape[0], k, replace=False)]


def assert_same_fit(rows, k, weights=None, centers=None):
    centers = starts(rows, k) if centers is None else centers
    dense = trajectory(Data(np.ascontiguousarray(rows.toarray()), weights), centers)
    for algorithm in ("auto", "lloyd"):
        sparse = trajectory(SparseData(rows, weights), centers, algorithm)
        assert_array_equal(sparse[0], dense[0])
        assert_array_equal(sparse[1], dense[1])
        assert_allclose(sparse[2], dense[2], rtol=1e-12)
