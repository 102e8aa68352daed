"""What a fit of every k costs, beside one fit of scikit-learn: MNIST, k = 1 to 20.

Run: python -m benchmarks.choose_k.path [--repeats 3]. Interleaved; the medians of seconds, and what
they are as multiples of KMeans(20, n_init=1) of scikit-learn on the same rows. MNIST is read from
the folder that KMOSAIC_DATA names (default ../shared/data).
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from sklearn.cluster import KMeans

from benchmarks.machine import machine, versions
from benchmarks.silhouette import mnist
from kmosaic import _engine, choose_k
from kmosaic._engine import Data
from kmosaic.n_clusters.evidence import fit_every

MOST = 20


def path(X: Any) -> None:
    """All fits, and nothing that looks at them."""
    data = Data(X)
    every = tuple(range(1, MOST + 1))
    fit_every(X, data, data.content_order(), every, np.random.RandomState(0), lambda _: None)


def answer(X: Any) -> None:
    """All fits, all criteria, and the choice."""
    choose_k(X, range(1, MOST + 1), random_state=0)


def one_fit(X: Any) -> None:
    KMeans(MOST, n_init=1, random_state=0).fit(X)


WAYS: dict[str, Callable[[Any], None]] = {
    f"scikit-learn, one fit of k = {MOST}": one_fit,
    f"kmosaic, a fit of each k from 1 to {MOST}": path,
    "kmosaic, choose_k": answer,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=3)
    asked = parser.parse_args()
    print(machine(_engine.n_threads()), versions())
    X = mnist().astype(np.float32)
    seconds: dict[str, list[float]] = {name: [] for name in WAYS}
    for _ in range(asked.repeats):
        for name, way in WAYS.items():
            begin = time.perf_counter()
            way(X)
            seconds[name].append(time.perf_counter() - begin)
    base = np.median(next(iter(seconds.values())))
    for name, each in seconds.items():
        print(f"{name}: {np.median(each):.1f} s, {np.median(each) / base:.2f}")


if __name__ == "__main__":
    main()
