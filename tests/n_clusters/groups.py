"""Rows with a known number of groups."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from kmosaic._engine import Data
from kmosaic.n_clusters.evidence import Evidence, gather

Rows = npt.NDArray[np.float64]


def blobs(k: int, size: int = 40, d: int = 2, apart: float = 10.0, seed: int = 0) -> Rows:
    """k round groups of one size along a diagonal, `apart` standard deviations from each other."""
    rng = np.random.default_rng(seed)
    step = apart / d**0.5
    return np.concatenate([rng.normal(step * group, 1.0, (size, d)) for group in range(k)])


def noise(n: int = 300, d: int = 2, seed: int = 0) -> Rows:
    """Rows drawn evenly from a cube: no groups."""
    return np.random.default_rng(seed).random((n, d))


def evidence_of(rows: Rows, ks: tuple[int, ...], seed: int = 0) -> Evidence:
    """All that is looked at, of these rows."""
    data = Data(rows)
    numbers = np.random.RandomState(seed)
    return gather(rows, data, ks, data.content_order(), numbers, lambda _: None, by_medoids=True)
