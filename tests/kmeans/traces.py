"""Whole runs of the core, iteration by iteration, to hold one algorithm against another."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.testing import assert_allclose, assert_array_equal

from kmosaic import _core, _rows

CORES = {"float32": _core.DataFloat32, "float64": _core.DataFloat64, "uint8": _core.DataUint8}
ALGORITHMS = [*_core.algorithms(), "auto"]
SETS = [name for name in _core.instruction_sets() if name != "reference"]


@dataclass
class Trace:
    """What a run did and found; `found` is what the core returned."""

    labels: list[np.ndarray] = field(default_factory=list)  # of every iteration
    iterations: list[tuple] = field(default_factory=list)  # number, inertia, moved, shift, seconds
    found: dict = field(default_factory=dict)

    @property
    def inertias(self):
        return [inertia for _, inertia, _, _, _ in self.iterations]

    @property
    def moves(self):
        """How many rows moved and how far the centers went, to the bit."""
        return [(moved, shift) for _, _, moved, shift, _ in self.iterations]


def opened(X, *, weights=None, threads=1, simd=""):
    """The core's view of X, as KMeans would make it."""
    weights = None if weights is None else np.ascontiguousarray(weights, dtype=np.float64)
    return CORES[X.dtype.name](np.ascontiguousarray(X), weights, threads, simd)


def start_of(X, k):
    """k rows as centers, spread over X; they repeat where there are fewer."""
    rows = X[np.linspace(0, len(X) - 1, k).astype(int)]
    return np.ascontiguousarray(rows, dtype=_rows.held_dtype(X)).astype(np.float64)


def run(data, centers, algorithm, *, max_iter=40, tolerance=0.0, memory_limit=0):
    """One run of the core from `centers`, with everything that it tells."""
    trace = Trace()
    trace.found = data.fit(
        centers,
        max_iter,
        tolerance,
        algorithm,
        lambda *told: trace.iterations.append(told),
        trace.labels.append,
        memory_limit=memory_limit,
    )
    assert algorithm in ("auto", trace.found["algorithm"])
    return trace


def runnable(data, algorithm, k):
    """Whether the algorithm takes such data; the others are refused at the door."""
    return algorithm == "auto" or algorithm in data.algorithms(k)


def assert_same(trace, truth):
    """Every label of every iteration, and all else, are the same bits."""
    assert len(trace.labels) == len(truth.labels)
    for number, (ours, theirs) in enumerate(zip(trace.labels, truth.labels, strict=True), start=1):
        assert_array_equal(ours, theirs, err_msg=f"labels of iteration {number}")
    assert trace.moves == truth.moves
    assert_allclose(trace.inertias, truth.inertias, rtol=1e-10, atol=0)
    for what in ("centers", "labels"):
        assert_array_equal(trace.found[what], truth.found[what], err_msg=what)
    for what in ("inertia", "n_iter", "converged"):
        assert trace.found[what] == truth.found[what], what
