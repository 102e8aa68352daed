"""All estimators, and data that tries them hard: what every promise is tested with."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np
import scipy.sparse as sp
from hypothesis import strategies as st

from kmosaic import (
    BalancedKMeans,
    BisectingKMeans,
    KMeans,
    MiniBatchKMeans,
    SphericalKMeans,
    TrimmedKMeans,
    _engine,
)

SETS = _engine.instruction_sets()
KINDS = {"dense": np.asarray, "CSR": sp.csr_array}

ESTIMATORS: dict[str, Callable[..., Any]] = {
    "KMeans": KMeans,
    "best KMeans": functools.partial(KMeans, quality="best", random_state=0),
    "TrimmedKMeans": functools.partial(TrimmedKMeans, contamination=0.15),
    "BalancedKMeans": BalancedKMeans,
    "SphericalKMeans": SphericalKMeans,
    "MiniBatchKMeans": functools.partial(MiniBatchKMeans, batch_size=50),
    "BisectingKMeans": BisectingKMeans,
}
# Those whose iterations are told, and that begin from given centers.
ITERATED = ["KMeans", "TrimmedKMeans", "BalancedKMeans", "SphericalKMeans"]


def bits(model):
    """Everything that a fit found, to the last bit."""
    found = model.cluster_centers_, model.labels_, np.float64(model.inertia_)
    steps = [tuple(step[1:5]) for step in getattr(model, "history_", ())]
    return *(part.tobytes() for part in found), str(steps), getattr(model, "n_iter_", 0)


def _values(generator, kind, n, d):
    if kind == "ties":
        return generator.integers(0, 3, size=(n, d)).astype(float)
    if kind == "duplicates":
        few = generator.normal(size=(max(n // 8, 1), d))
        return few[generator.integers(len(few), size=n)]
    if kind == "bisectors":  # rows and the middles between them
        ends = generator.integers(-4, 5, size=(n, d)).astype(float)
        return (ends + ends[generator.permutation(n)]) / 2
    if kind == "heavy tails":
        return generator.standard_cauchy(size=(n, d))
    middles = generator.normal(size=(4, d)) * 5
    return middles[generator.integers(4, size=n)] + generator.normal(size=(n, d))


OFFSETS = [0.0, 0.0, 1e3, 1e6, 1e9]
SCALES = [1.0, 1.0, 1.0, 1e-3, 1e10, 1e-30, 1e15, 1e-40]


@st.composite
def data_sets(draw, dtypes=(np.float32, np.float64), most_rows=80):
    """(X, k): rows of many kinds, far from zero, very small and very large, float32 or float64."""
    generator = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    kind = draw(st.sampled_from(["groups", "ties", "duplicates", "bisectors", "heavy tails"]))
    n, d = draw(st.integers(1, most_rows)), draw(st.sampled_from([1, 2, 3, 5, 8, 17, 40]))
    rows = (_values(generator, kind, n, d) + draw(st.sampled_from(OFFSETS))) * draw(
        st.sampled_from(SCALES)
    )
    k = draw(st.sampled_from([1, 2, 3, 5, n]))
    return np.ascontiguousarray(rows, dtype=draw(st.sampled_from(dtypes))), min(k, n)


@st.composite
def moderate(draw):
    """(X, k, generator): rows of which no number is extreme, for what sums must tell exactly."""
    seed = draw(st.integers(0, 2**32 - 1))
    generator = np.random.default_rng(seed)
    kind = draw(st.sampled_from(["groups", "ties", "duplicates", "bisectors"]))
    n, d = draw(st.integers(8, 60)), draw(st.sampled_from([1, 2, 3, 5, 17]))
    dtype = draw(st.sampled_from([np.float32, np.float64]))
    rows = np.ascontiguousarray(_values(generator, kind, n, d), dtype=dtype)
    return rows, draw(st.integers(1, 5)), generator
