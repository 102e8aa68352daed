"""k-means itself: kmosaic and scikit-learn in turn, same rows, same starting centers, same stop.

Run: python benchmarks/kmeans.py [--repeats 5]. Needs the MNIST files (KMOSAIC_DATA, default
../shared/data). Prints versions and machine; quote the ratios, these machines are shared.
"""

from __future__ import annotations

import argparse
import os
import platform
import time
from pathlib import Path

import numpy as np
import sklearn
import sklearn.cluster

import kmosaic
from kmosaic import _engine

DATA = Path(os.environ.get("KMOSAIC_DATA", Path(__file__).parents[2] / "shared" / "data"))


def mnist() -> np.ndarray:
    items = kmosaic.open_images(DATA / "mnist")
    batches = [np.stack(batch.images).reshape(len(batch.images), -1) for batch in items.batches()]
    return np.concatenate(batches).astype(np.float32)


def timed(estimator, X) -> tuple[float, object]:
    begin = time.perf_counter()
    fitted = estimator.fit(X)
    return time.perf_counter() - begin, fitted


def compare(X: np.ndarray, k: int, max_iter: int, repeats: int) -> None:
    start = X[np.random.default_rng(0).choice(len(X), k, replace=False)]
    common = {"init": start, "n_init": 1, "max_iter": max_iter, "tol": 0}
    seconds = {"kmosaic": [], "scikit-learn": []}
    for _ in range(repeats):
        for name, kind in (("kmosaic", kmosaic.KMeans), ("scikit-learn", sklearn.cluster.KMeans)):
            elapsed, fitted = timed(kind(k, **common), X)
            seconds[name].append(elapsed)
            result = f"{fitted.n_iter_} iterations, inertia {fitted.inertia_:.9g}"
            print(f"  k={k:4d} {name:12s} {elapsed:7.3f} s, {result}")
    ours, theirs = (float(np.median(seconds[name])) for name in seconds)
    pairs = np.array(seconds["scikit-learn"]) / np.array(seconds["kmosaic"])
    ratios = f"{pairs.min():.2f} {np.median(pairs):.2f} {pairs.max():.2f} (min, median, max)"
    print(f"k={k}: median {ours:.3f} s against {theirs:.3f} s; scikit-learn / kmosaic: {ratios}")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--repeats", type=int, default=5, help="pairs of fits (default 5)")
    repeats = options.parse_args().repeats
    engine = f"{_engine.instruction_sets()[0]}, {_engine.n_threads()} threads"
    print(f"kmosaic {kmosaic.__version__} ({engine}), scikit-learn {sklearn.__version__},")
    print(f"numpy {np.__version__}, Python {platform.python_version()}, {platform.machine()}")
    X = mnist()
    compare(X, 10, 300, repeats)
    compare(X, 256, 20, repeats)


if __name__ == "__main__":
    main()
