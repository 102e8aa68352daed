"""The silhouette of all rows against scikit-learn's, interleaved: the ratio of the least times.

Run: python -m benchmarks.silhouette [--repeats 3] [--part 10000] [--only mnist-uint8 ...] [--whole]

scikit-learn sees the first `part` rows of each set, where both are timed; --whole times ours on all
rows too, beside what scikit-learn would take: (all rows / part)² times as long. MNIST is read from
the folder that KMOSAIC_DATA names (default ../shared/data).
"""

from __future__ import annotations

import argparse
import gzip
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import sklearn.metrics

from benchmarks.machine import machine, versions
from kmosaic import KMeans, _engine, metrics

DATA = Path(os.environ.get("KMOSAIC_DATA", Path(__file__).parents[2] / "shared" / "data"))


def mnist() -> npt.NDArray[Any]:
    parts = [
        np.frombuffer(gzip.decompress((DATA / "mnist" / name).read_bytes()), np.uint8, offset=16)
        for name in ("train-images-idx3-ubyte.gz", "t10k-images-idx3-ubyte.gz")
    ]
    return np.concatenate(parts).reshape(-1, 784)


def noisy_mnist() -> npt.NDArray[Any]:
    """Numbers with digits behind the point, as features have."""
    X = mnist()
    return X.astype(np.float32) + np.random.default_rng(0).random(X.shape, np.float32)


def blobs(n: int, d: int) -> npt.NDArray[Any]:
    random = np.random.default_rng(0)
    return random.normal(size=(10, d))[random.integers(0, 10, n)] + random.normal(size=(n, d)) / 3


SETS: dict[str, Callable[[], npt.NDArray[Any]]] = {
    "mnist-uint8": mnist,
    "mnist-float32": lambda: mnist().astype(np.float32),
    "mnist-noisy-float32": noisy_mnist,
    "blobs-200k-2": lambda: blobs(200_000, 2),
    "blobs-200k-16": lambda: blobs(200_000, 16),
}


def seconds(work: Callable[[], Any]) -> tuple[float, Any]:
    begin = time.perf_counter()
    found = work()
    return time.perf_counter() - begin, found


def compare(name: str, part: int, repeats: int, whole: bool) -> None:
    X = SETS[name]()
    labels = KMeans(10, n_init=1, max_iter=20, random_state=0).fit(X).labels_
    few, of_few = X[:part], labels[:part]
    ours: list[float] = []
    theirs: list[float] = []
    gap = 0.0
    for _ in range(repeats):
        spent, found = seconds(lambda: metrics.silhouette_samples(few, of_few))
        ours.append(spent)
        spent, expected = seconds(lambda: sklearn.metrics.silhouette_samples(few, of_few))
        theirs.append(spent)
        gap = max(gap, float(np.abs(found - expected).max()))
    print(
        f"{name:19s} {len(few):>7,} rows: ours {min(ours):.3f} s, scikit-learn {min(theirs):.3f}, "
        f"{min(theirs) / min(ours):.2f}x, largest difference {gap:.1e}",
        flush=True,
    )
    if whole:
        spent, _ = seconds(lambda: metrics.silhouette_samples(X, labels))
        likely = min(theirs) * (len(X) / len(few)) ** 2
        print(
            f"{name:20s} {len(X):>7,} rows: ours {spent:.1f} s, scikit-learn about {likely:,.0f} s",
            flush=True,
        )


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--repeats", type=int, default=3)
    options.add_argument("--part", type=int, default=10_000)
    options.add_argument("--only", nargs="+", choices=SETS, default=list(SETS))
    options.add_argument("--whole", action="store_true")
    chosen = options.parse_args()
    used = {name: versions()[name] for name in ("kmosaic", "numpy", "scikit-learn")}
    print(machine(_engine.n_threads()))
    print(used)
    for name in chosen.only:
        compare(name, chosen.part, chosen.repeats, chosen.whole)


if __name__ == "__main__":
    main()
