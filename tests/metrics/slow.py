"""Rows, clusters and the silhouette by its definition, for tests."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp

KINDS = ["float32", "float64", "uint8", "whole", "CSR of float32", "CSR of float64"]
BOUND = 2.0**-16  # what is promised of any rows
USUAL = 1e-7  # of rows that are rounded; of others
EXACT = 1e-12


def slow(X, labels):
    """The definition, from differences in float64."""
    X = (X.toarray() if sp.issparse(X) else X).astype(np.float64)
    found = np.zeros(len(X))
    for i, x in enumerate(X):
        distances = np.sqrt(((X - x) ** 2).sum(axis=1))
        own = labels == labels[i]
        if own.sum() > 1:
            a = distances[own].sum() / (own.sum() - 1)
            b = min(distances[labels == c].mean() for c in np.unique(labels) if c != labels[i])
            found[i] = (b - a) / max(a, b) if max(a, b) > 0 else 0
    return found


def blobs(n, d, k, seed=0, spread=0.3):
    random = np.random.default_rng(seed)
    labels = random.integers(0, k, n)
    return random.normal(size=(k, d))[labels] + spread * random.normal(size=(n, d)), labels


def as_kind(X, kind):
    if kind == "uint8":
        return np.clip(X * 40 + 100, 0, 255).astype(np.uint8)
    if kind == "whole":
        return np.rint(X * 50).astype(np.float32)
    if kind.startswith("CSR"):
        X = np.where(np.abs(X) < 0.7, 0, X)
        return sp.csr_array(X.astype(kind.removeprefix("CSR of ")))
    return X.astype(kind)
