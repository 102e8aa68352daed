"""Fits in which one allocation of the core fails, told as JSON; run with failing_new preloaded."""

from __future__ import annotations

import ctypes
import gc
import json
import os
import sys
import warnings
from collections import Counter

import numpy as np
import scipy.sparse as sp

from kmosaic import (
    BalancedKMeans,
    BisectingKMeans,
    KMeans,
    MiniBatchKMeans,
    SphericalKMeans,
    TrimmedKMeans,
    _core,
)

memory = ctypes.CDLL(None)  # failing_new.cpp, once it is preloaded


def rows(n, d, dtype):
    numbers = np.random.default_rng(0).normal(size=(n, d))
    return (
        (numbers * 40 + 128).clip(0, 255).astype(np.uint8)
        if dtype == "uint8"
        else numbers.astype(dtype)
    )


def cases():
    """Name → estimator and rows: small, but for one that is worth several threads."""
    common = {"max_iter": 4, "random_state": 0}
    sizes = {
        "lloyd": (300, 7, 5),
        "elkan": (300, 40, 9),
        "yinyang": (300, 40, 32),
        "kd": (300, 2, 6),
    }
    for dtype in ("float32", "float64", "uint8"):
        for algorithm, (n, d, k) in sizes.items():
            model = KMeans(k, algorithm=algorithm, **common)
            yield f"{algorithm}, {dtype}", model, rows(n, d, dtype)
    for dtype in ("float32", "float64"):
        X = rows(200, 30, dtype)
        X = sp.csr_array(np.where(X > 0.8, X, 0))
        for algorithm in ("lloyd", "elkan"):
            yield f"{algorithm}, CSR of {dtype}", KMeans(5, algorithm=algorithm, **common), X
    X = rows(150, 3, "float64")
    for kind in (TrimmedKMeans, BalancedKMeans, BisectingKMeans, SphericalKMeans):
        yield kind.__name__, kind(4, **common), X
    yield "MiniBatchKMeans", MiniBatchKMeans(4, batch_size=99, **common), X
    gaps = np.where(X > 1.2, np.nan, X)
    yield "gaps", KMeans(3, missing="ignore", **common), gaps[~np.isnan(gaps).all(axis=1)]
    yield "several threads", KMeans(20, algorithm="elkan", **common), rows(4000, 16, "float32")


def bits(model):
    return model.cluster_centers_.tobytes(), model.labels_.tobytes(), model.inertia_


def outcome(call, count):
    """What comes of a call in which the allocation of this number fails, and what is left of it."""
    alive, failures = memory.allocations_alive(), memory.allocations_failed()
    memory.fail_after(count)
    try:
        call()
        came = "no error"
    except MemoryError as error:
        came = "MemoryError"
        del error
    except BaseException as error:
        came = repr(error)
    memory.fail_after(-1)
    if memory.allocations_failed() == failures:
        came = "nothing failed"
    left = memory.allocations_alive() - alive
    return came + (f", {left} leaked" if left > 0 else "")


def tried(model, X, most):
    model.fit(X)
    before = memory.allocations()
    model.fit(X)
    total, expected = memory.allocations() - before, bits(model)
    outcomes = Counter()
    for count in np.unique(np.linspace(0, total - 1, most).astype(int)):
        came = outcome(lambda: model.fit(X), int(count))
        if came == "nothing failed":  # how many there are depends on which thread does what
            continue
        model.fit(X)
        outcomes[came + ("" if bits(model) == expected else ", then other bits")] += 1
    return outcomes


def threads_that_do_not_start():
    """In forked children, each of which has yet to start its threads."""
    outcomes = Counter()
    for count in range(6):
        child = os.fork()
        if child == 0:
            came = outcome(lambda: _core.parallel_counts(4, 64, -1), count)
            good = came.split(",")[0] in ("MemoryError", "nothing failed")  # the threads stay
            os._exit(0 if good and (_core.parallel_counts(4, 64, -1) == 1).all() else 1)
        outcomes["MemoryError" if os.waitpid(child, 0)[1] == 0 else "a child failed"] += 1
    return outcomes


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    memory.fail_after.argtypes = [ctypes.c_long]
    for counter in (memory.allocations, memory.allocations_alive, memory.allocations_failed):
        counter.restype = ctypes.c_long
    found = {"threads that do not start": threads_that_do_not_start()}  # before there are any
    gc.disable()  # so that no garbage is counted as given back
    found |= {name: tried(model, X, int(sys.argv[1])) for name, model, X in cases()}
    json.dump(found, sys.stdout)
