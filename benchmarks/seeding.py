"""Finding starting centers, beside one iteration of plain Lloyd: ours, and scikit-learn's.

Run: python -m benchmarks.seeding [--rounds 3] [--only uniform] [--quality] [--threads 2]. Every
round takes each way once, in turn; told are minima. --quality also fits from ten seeds and tells
the inertia that is left. MNIST is read where KMOSAIC_DATA names its folder.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from statistics import mean

import numpy as np
import sklearn.cluster
from threadpoolctl import threadpool_limits

import kmosaic
from kmosaic._engine import Data
from kmosaic._values import Rows
from kmosaic.features import Pixels
from kmosaic.kmeans.starts import BY_DISTANCE, STARTS

_DATA = Path(os.environ.get("KMOSAIC_DATA", Path(__file__).parents[2] / "shared" / "data"))
_ITERATIONS = 5


def uniform(n: int, d: int, _k: int) -> Rows:
    return np.random.default_rng(0).random((n, d), dtype=np.float32)


def blobs(n: int, d: int, k: int, spread: float = 1.0) -> Rows:
    random = np.random.default_rng(0)
    centers = random.normal(size=(k, d)) * spread
    return (centers[random.integers(k, size=n)] + random.normal(size=(n, d))).astype(np.float32)


def far_blobs(n: int, d: int, k: int) -> Rows:
    return blobs(n, d, k, 4.0)


def mnist(n: int, _d: int, _k: int) -> Rows:
    items = kmosaic.open_images(_DATA / "mnist")
    pixels = Pixels().fit(items).transform(items)
    return np.ascontiguousarray(pixels[:: max(len(pixels) // n, 1)][:n], dtype=np.float32)


# name -> rows, and (n, d, k) for the times and for the quality
WORKLOADS: dict[str, tuple[Callable[[int, int, int], Rows], list[tuple[int, int, int]]]] = {
    "uniform": (uniform, [(100_000, 128, 1_000), (20_000, 16, 100)]),
    "blobs": (blobs, [(100_000, 128, 1_000), (20_000, 16, 100)]),
    "far blobs": (far_blobs, [(100_000, 128, 1_000), (20_000, 16, 100)]),
    "mnist": (mnist, [(70_000, 784, 1_000), (10_000, 784, 100)]),
}


def seconds(run: Callable[[], object], clock: Callable[[], float]) -> float:
    begin = clock()
    run()
    return clock() - begin


def iteration(rows: Rows, centers: Rows, clock: Callable[[], float]) -> float:
    """Seconds of one iteration of plain Lloyd, the mean of a few."""
    data = Data(rows)
    ends = [clock()]
    settings = {"max_iter": _ITERATIONS, "algorithm": "lloyd"}
    data.fit(centers, on_iteration=lambda _: ends.append(clock()), **settings)
    return mean(after - before for before, after in pairwise(ends))


def start(name: str, rows: Rows, k: int) -> Callable[[], object]:
    data = Data(rows)
    return lambda: STARTS[name](data, rows, k, np.random.RandomState(0), 0)


def times(
    rows: Rows, k: int, rounds: int, peer: bool, clock: Callable[[], float]
) -> dict[str, float]:
    """Least seconds of each way to start, and of an iteration."""
    found: dict[str, list[float]] = {}
    for _ in range(rounds):
        ways = {name: start(name, rows, k) for name in sorted(BY_DISTANCE)}
        if peer:
            ways["scikit-learn"] = lambda: sklearn.cluster.kmeans_plusplus(rows, k, random_state=0)
        for name, run in ways.items():
            found.setdefault(name, []).append(seconds(run, clock))
        found.setdefault("iteration", []).append(iteration(rows, rows[:k], clock))
    return {name: min(all_of_them) for name, all_of_them in found.items()}


def quality(rows: Rows, k: int, seeds: int) -> dict[str, list[float]]:
    """Inertia of the starts, after Lloyd, and the iterations, means over the seeds."""
    told = {}
    for name in sorted(STARTS):
        fits = []
        for seed in range(seeds):
            settings = {"init": name, "n_init": 1, "tol": 0, "random_state": seed}
            model = kmosaic.KMeans(k, **settings).fit(rows)
            fits.append([model.history_[0].inertia, model.inertia_, float(model.n_iter_)])
        told[name] = np.mean(fits, axis=0).tolist()
    return told


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", nargs="+", default=list(WORKLOADS), choices=list(WORKLOADS))
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument(
        "--cpu", action="store_true", help="time of the processor, where others use it too"
    )
    parser.add_argument("--no-peer", action="store_true", help="leave scikit-learn out")
    parser.add_argument("--quality", action="store_true", help="inertia from ten seeds, no times")
    chosen = parser.parse_args()
    os.environ["KMOSAIC_NUM_THREADS"] = str(chosen.threads)
    for name in chosen.only:
        make, sizes = WORKLOADS[name]
        n, d, k = sizes[chosen.quality]
        rows = make(n, d, k)
        by = "processor" if chosen.cpu else "wall clock"
        print(
            f"{name} {rows.shape[0]} x {rows.shape[1]}, k = {k}, {chosen.threads} threads, {by}",
            flush=True,
        )
        if chosen.quality:
            found = quality(rows, k, 10)
            greedy = found["k-means++"]
            for way, (first, last, count) in found.items():
                print(
                    f"  {way:16s} inertia {first:.6g} at the start, {last:.6g} after {count:.0f} "
                    f"iterations ({100 * (last / greedy[1] - 1):+.2f}%)",
                    flush=True,
                )
            continue
        with threadpool_limits(chosen.threads):
            clock = time.process_time if chosen.cpu else time.perf_counter
            taken = times(rows, k, chosen.rounds, not chosen.no_peer, clock)
        for way, took in taken.items():
            print(f"  {way:16s} {took:8.3f} s  {took / taken['iteration']:6.2f} iterations")


if __name__ == "__main__":
    main()
