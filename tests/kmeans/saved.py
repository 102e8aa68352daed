"""Estimators of every kind, and whether two are the same bit for bit."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from kmosaic.kmeans import Prototypes
from kmosaic.kmeans.table import ESTIMATORS

HOW_GIVEN = {
    "float32": lambda X: X.astype(np.float32),
    "float64": lambda X: X,
    "uint8": lambda X: np.round(np.abs(X) * 10 + 1).clip(0, 255).astype(np.uint8),
    "sparse": lambda X: csr_array(X * ((np.abs(X) > 1) | (np.arange(X.shape[1]) == 0))),
    "frame": lambda X: pd.DataFrame(X, columns=[f"größe {j}" for j in range(X.shape[1])]),
}


def rows(n=120, d=4, seed=0):
    generator = np.random.default_rng(seed)
    return generator.normal(size=(n, d)) + 4 * generator.integers(0, 3, size=(n, 1))


def make(name, **settings):
    """An estimator of the table, not fitted."""
    if ESTIMATORS[name] is Prototypes:
        return Prototypes(**{"n_prototypes": 9, **settings})
    return ESTIMATORS[name](**{"n_clusters": 4, "random_state": 0, **settings})


def fit(estimator, X):
    """Fit it to X; prototypes take every third row as one cluster."""
    if isinstance(estimator, Prototypes):
        return estimator.fit(X, np.arange(X.shape[0]) % 3)
    return estimator.fit(X)


def takes(name, how):
    """Whether an estimator takes X that is given in this way."""
    return how != "sparse" or ESTIMATORS[name] is not Prototypes


def assert_same(found, model):
    """Hold two estimators against each other: all attributes, private ones too."""
    assert type(found) is type(model)
    assert set(vars(found)) == set(vars(model))
    for name, value in vars(model).items():
        assert same(vars(found)[name], value), name


def same(a, b):
    if type(a) is not type(b):
        return False
    if isinstance(b, np.ndarray):
        if (a.dtype, a.shape) != (b.dtype, b.shape):
            return False
        return a.tolist() == b.tolist() if b.dtype == object else a.tobytes() == b.tobytes()
    if isinstance(b, list | tuple):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(b, np.random.RandomState):
        return same(list(a.get_state()), list(b.get_state()))
    return a is b if callable(b) else repr(a) == repr(b)
