"""Inertia against time: quality="best" and others, on real data.

Run: python benchmarks/quality.py [--only shapes kodak mnist] [--seeds 0 1 2] [--limit 120]. Needs
the data that KMOSAIC_DATA names (default ../shared/data). Each way is run with every seed, by
turns, in this process; inertia is told as a share of the best of ten starts of ours, time as a
share of what these took. Libraries that are not installed are left out (flspp asks for an old NumPy
and runs with a new one: pip install --no-deps flspp). --limit: seconds for a set, after which all
but ten starts and "best" are left out of it.
"""

from __future__ import annotations

import argparse
import contextlib
import gzip
import importlib
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import PIL.Image
import sklearn.cluster

import kmosaic

DATA = Path(os.environ.get("KMOSAIC_DATA", Path(__file__).parents[2] / "shared" / "data"))
STARTS = 10

Rows = npt.NDArray[Any]
Way = Callable[[Rows, int, int], Any]  # (rows, k, seed) -> centers
Sets = Iterator[tuple[str, Rows, int]]


def shapes() -> Sets:
    """Small sets: as many clusters as they have labels, and four times as many."""
    for file in sorted((DATA / "shapes").glob("*.data.gz")):
        name = file.name.split(".")[0]
        rows = np.loadtxt(file, ndmin=2)
        labels = np.loadtxt(file.with_name(f"{name}.labels0.gz"), dtype=int)
        k = max(len(set(labels[labels > 0].tolist())), 2)
        yield f"{name}, k={k}", rows, k
        yield f"{name}, k={4 * k}", rows, 4 * k


def kodak() -> Sets:
    """The colors of pictures."""
    for number in (1, 5, 11):
        image = PIL.Image.open(DATA / "kodak" / f"kodim{number:02d}.png").convert("RGB")
        rows = np.ascontiguousarray(np.asarray(image).reshape(-1, 3))
        for k in (16, 64):
            yield f"kodim{number:02d}, k={k}", rows, k


def mnist() -> Sets:
    """The digits as pixels."""
    files = [DATA / "mnist" / f"{part}-images-idx3-ubyte.gz" for part in ("train", "t10k")]
    parts = [
        np.frombuffer(gzip.decompress(file.read_bytes()), np.uint8, offset=16) for file in files
    ]
    rows = np.concatenate([part.reshape(-1, 784) for part in parts]).astype(np.float32)
    for k in (10, 100):
        yield f"mnist, k={k}", rows, k


SETS = {"shapes": shapes, "kodak": kodak, "mnist": mnist}


def ten_starts(rows: Rows, k: int, seed: int) -> Any:
    """What all else is measured by."""
    return kmosaic.KMeans(k, n_init=STARTS, random_state=seed).fit(rows).cluster_centers_


def best(rows: Rows, k: int, seed: int) -> Any:
    return kmosaic.KMeans(k, quality="best", random_state=seed).fit(rows).cluster_centers_


def one_start(rows: Rows, k: int, seed: int) -> Any:
    return kmosaic.KMeans(k, random_state=seed).fit(rows).cluster_centers_


def sklearn_ten(rows: Rows, k: int, seed: int) -> Any:
    model = sklearn.cluster.KMeans(k, n_init=STARTS, random_state=seed)
    return model.fit(_floats(rows)).cluster_centers_


def sklearn_one(rows: Rows, k: int, seed: int) -> Any:
    return sklearn.cluster.KMeans(k, random_state=seed).fit(_floats(rows)).cluster_centers_


def faiss(rows: Rows, k: int, seed: int) -> Any:
    library = importlib.import_module("faiss")
    most = -(-len(rows) // k)  # no subsampling
    settings = {"niter": 100, "nredo": STARTS, "max_points_per_centroid": most, "seed": seed + 1}
    model = library.Kmeans(rows.shape[1], k, min_points_per_centroid=1, **settings)
    model.train(np.ascontiguousarray(rows, dtype=np.float32))
    return model.centroids


def bkmeans(rows: Rows, k: int, seed: int) -> Any:
    library = importlib.import_module("bkmeans")
    model = library.BKMeans(n_clusters=k, random_state=seed)
    return model.fit(_floats(rows)).cluster_centers_


def flspp(rows: Rows, k: int, seed: int) -> Any:
    library = importlib.import_module("flspp")
    return library.FLSpp(n_clusters=k, random_state=seed).fit(_floats(rows)).cluster_centers_


WAYS: dict[str, Way] = {
    f"kmosaic, {STARTS} starts": ten_starts,
    "kmosaic, best": best,
    "kmosaic, 1 start": one_start,
    "scikit-learn, 1 start": sklearn_one,
    f"scikit-learn, {STARTS} starts": sklearn_ten,
    f"faiss, {STARTS} starts": faiss,
    "bkmeans": bkmeans,
    "flspp": flspp,
}


def _floats(rows: Rows) -> Rows:
    return rows.astype(np.float64) if rows.dtype == np.uint8 else rows


def inertia_of(centers: Any, rows: Rows) -> float:
    """The same exact sum for all: what they say themselves is rounded in many ways."""
    _, distances = kmosaic._engine.nearest(rows, np.ascontiguousarray(centers, dtype=np.float64))
    return float((distances**2).sum())


def measure(rows: Rows, k: int, seeds: list[int], limit: float) -> dict[str, tuple[float, float]]:
    """Mean share of the inertia of ten starts, and of their time, of each way that ran."""
    shares: dict[str, list[tuple[float, float]]] = {name: [] for name in WAYS}
    began = time.perf_counter()
    for seed in seeds:
        for name, way in WAYS.items():
            late = time.perf_counter() - began > limit and way not in (ten_starts, best)
            if late:
                continue
            begin = time.perf_counter()
            with contextlib.suppress(ImportError):
                centers = way(rows, k, seed)
                spent = time.perf_counter() - begin
                shares[name].append((inertia_of(centers, rows), spent))
    base = shares[next(iter(WAYS))]
    found = {}
    for name, each in shares.items():
        if each:  # held against ten starts of the same seeds: the limit cuts off the last ones
            inertia, spent = np.mean(each, axis=0) / np.mean(base[: len(each)], axis=0)
            found[name] = (float(inertia), float(spent))
    return found


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--only", nargs="+", choices=SETS, default=list(SETS))
    options.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    options.add_argument("--limit", type=float, default=120.0)
    chosen = options.parse_args()
    for part in chosen.only:
        every: dict[str, list[tuple[float, float]]] = {name: [] for name in WAYS}
        print(f"{part}: inertia and time, as shares of those of {STARTS} starts")
        for name, rows, k in SETS[part]():
            found = measure(rows, k, chosen.seeds, chosen.limit)
            for way, share in found.items():
                every[way].append(share)
            line = "  ".join(
                f"{way} {share[0]:.4f} ({share[1]:.2f})" for way, share in found.items()
            )
            print(f"  {name:24s} {line}", flush=True)
        print("  all sets: mean and worst inertia, median time")
        for way, shares in every.items():
            if shares:
                inertias, times = np.transpose(shares)
                tells = f"{inertias.mean():.4f} {inertias.max():.4f} {np.median(times):.2f}"
                print(f"    {way:26s} {tells}  ({len(shares)} sets)", flush=True)


if __name__ == "__main__":
    main()
