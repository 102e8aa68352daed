"""Data on which a shortcut is most likely to take the wrong center."""

from __future__ import annotations

import numpy as np


def blobs(n=300, d=6, k=5, seed=0, spread=3.0):
    generator = np.random.default_rng(seed)
    middles = generator.normal(size=(k, d)) * spread
    return middles[generator.integers(k, size=n)] + generator.normal(size=(n, d))


def grid(side, d):
    """A lattice: nearly every row lies on many bisectors."""
    return np.stack(np.meshgrid(*[np.arange(float(side))] * d), -1).reshape(-1, d)


def repeated(X, seed=5):
    """How often each row comes, 0 to 3 times, and the rows that often, in any order."""
    random = np.random.default_rng(seed)
    times = random.integers(0, 4, len(X))
    times[0] = 3
    return times, np.ascontiguousarray(random.permutation(np.repeat(X, times, axis=0)))


def uniform(n=300, d=3, seed=1):
    return np.random.default_rng(seed).random((n, d))


HARD = {
    "blobs": blobs(),
    "tight blobs": blobs(spread=1e4),
    "uniform": uniform(),
    "uniform in many columns": uniform(200, 70),
    "duplicates": np.repeat(blobs(40), 8, axis=0),
    "fewer different rows than clusters": np.repeat(blobs(9), 30, axis=0),
    "constant": np.ones((50, 4)),
    "grid in the plane": grid(17, 2),
    "grid in space": grid(7, 3),
    "corners of a cube": np.repeat(grid(2, 8), 2, axis=0),
    "ties everywhere": np.random.default_rng(2).integers(0, 2, size=(300, 20)).astype(float),
    "mirrored": np.vstack([blobs(150), -blobs(150)]),
    "one column": np.sort(blobs(d=1), axis=0),
    "a line of whole numbers": np.arange(256.0)[:, None],
    "offset 1e2": blobs() + 1e2,
    "offset 1e5": blobs() + 1e5,
    "offset 1e9": blobs() + 1e9,
    "wide and far": blobs() * 1e4 + 1e9,
    "one far row": np.vstack([blobs(), np.full((1, 6), 1e7)]),
    "two far clumps": np.vstack([blobs(150), blobs(150, seed=2) + 1e6]),
    "far clumps of ties": np.vstack([grid(4, 3), grid(4, 3) + 2.0**20]),
    "tiny numbers": blobs() * 1e-30,
    "subnormal numbers": blobs() * 1e-40,
    "squares below the smallest": blobs() * 1e-165,
    "large numbers": blobs() * 1e16,
    "huge numbers": blobs() * 1e17 * 1e17,
    "columns of unlike scale": blobs() * 10.0 ** np.arange(-9, 9, 3),
    "nearly equal rows": 1.0 + blobs() * 2.0**-22,
    "rings": np.exp(2j * np.pi * np.arange(300)[:, None] / 300).view(float),
}


def as_kind(X, dtype):
    """X as float32 or float64; as pixels, stretched over 0..255 (which makes many ties)."""
    if np.dtype(dtype) != np.uint8:
        return np.ascontiguousarray(X, dtype=dtype)
    low, high = X.min(), X.max()
    width = high - low
    return np.round((X - low) / (width if width > 0 else 1.0) * 255).astype(np.uint8)
