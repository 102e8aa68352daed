"""Quality of the groups on real images: every figure that the project promises, with its goal.

Run: python benchmarks/mnist_quality.py [--seeds 0 1 2 3 4] [--only features graph ...]. Needs the
MNIST and photo files (KMOSAIC_DATA, default ../shared/data) and umap-learn. Labels only score what
was found without them; where clusters are named, the 60,000 name them and the 10,000 score.
"""

from __future__ import annotations

import argparse
import os
import platform
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

import numpy as np
import sklearn
import sklearn.cluster

import kmosaic
from kmosaic.data import Items
from kmosaic.features import Pixels
from kmosaic.labels import score
from kmosaic.pipeline import Run, run_images

DATA = Path(os.environ.get("KMOSAIC_DATA", Path(__file__).parents[2] / "shared" / "data"))
TRAINING = np.arange(60_000)
UNSEEN = np.arange(60_000, 70_000)


@cache
def mnist() -> Items:
    return kmosaic.open_images(DATA / "mnist")


def show(what: str, found: float, goal: str, reached: bool, note: str = "") -> None:
    verdict = "reached" if reached else "MISSED"
    print(f"  {what:44s} {found:<12.6g} goal {goal:12s} {verdict}  {note}", flush=True)


def times(run: Run) -> str:
    return ", ".join(f"{stage} {spent:.1f} s" for stage, spent in run.seconds.items())


def inertia_on_pixels(seeds: Sequence[int]) -> None:
    """Raw pixels, k = 10, from the same starting centers to the same stop."""
    # float64: in float32 scikit-learn errs at near-ties, and stops elsewhere
    X = Pixels().fit(mnist()).transform(mnist()).astype(np.float64)
    for seed in seeds:
        start, _ = sklearn.cluster.kmeans_plusplus(X, 10, random_state=seed)
        settings = {"init": start, "n_init": 1, "tol": 0, "max_iter": 1_000}
        ours = kmosaic.KMeans(10, **settings).fit(X)
        theirs = sklearn.cluster.KMeans(10, **settings).fit(X)
        gap = abs(ours.inertia_ / theirs.inertia_ - 1)
        note = f"seed {seed}: {ours.n_iter_} and {theirs.n_iter_} iterations"
        show("pixels: inertia against scikit-learn's", gap, "<= 1e-6", gap <= 1e-6, note)


def one_to_one(embed: str, goal: float, seeds: Sequence[int]) -> None:
    """All 70,000, no labels: accuracy when every cluster stands for one digit."""
    for seed in seeds:
        run = run_images(mnist(), n_clusters=10, embed=embed, seed=seed)
        found = run.scores.accuracy_one_to_one
        note = f"seed {seed}: {times(run)}"
        show(f"one-to-one, embed={embed}", found, f">= {goal}", found >= goal, note)


def unseen(n_clusters: int, embed: str, goal: float, seeds: Sequence[int]) -> None:
    """Learned and named on the 60,000; accuracy on the 10,000."""
    for seed in seeds:
        training, test = mnist().take(TRAINING), mnist().take(UNSEEN)
        run = run_images(training, n_clusters=n_clusters, embed=embed, seed=seed)
        begin = time.perf_counter()
        assignment, _ = run.model.predict(test)
        spent = time.perf_counter() - begin
        scores = score(assignment, test.labels, named_from=(run.assignment, training.labels))
        ten = n_clusters == 10
        found = scores.accuracy_one_to_one if ten else scores.accuracy_majority
        note = f"seed {seed}: {len(run.model.centers)} centers, predict {spent:.1f} s, {times(run)}"
        show(f"unseen, k={n_clusters}, embed={embed}", found, f">= {goal}", found >= goal, note)


def photographs(seeds: Sequence[int]) -> None:
    """What `auto` does for signs must not hurt photographs."""
    photos = kmosaic.open_images(DATA / "photos")
    for seed in seeds:
        auto, pixels = (
            run_images(photos, n_clusters=10, features=name, seed=seed).scores.nmi
            for name in ("auto", "pixels")
        )
        note = f"seed {seed}"
        show("photos: NMI of auto", auto, f"> {pixels:.4f}", auto > pixels, note)


Part = Callable[[Sequence[int]], None]

PARTS: dict[str, tuple[str, Part]] = {
    "pixels": ("raw pixels against scikit-learn", lambda seeds: inertia_on_pixels(seeds[:1])),
    "features": (
        "all 70,000, k-means on the features alone, no labels",
        lambda seeds: one_to_one("none", 0.90, seeds),
    ),
    "graph": (
        "all 70,000, k-means in the neighbor graph, no labels",
        lambda seeds: one_to_one("umap", 0.975, seeds),
    ),
    "unseen": (
        "the unseen 10,000, by prototypes of the groups that the graph gave",
        lambda seeds: unseen(10, "umap", 0.975, seeds),
    ),
    "many": (
        "the unseen 10,000, by many groups of the features alone",
        lambda seeds: unseen(256, "none", 0.975, seeds),
    ),
    "photos": ("1,000 photographs", photographs),
}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2, 3, 4])
    options.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS))
    chosen = options.parse_args()
    print(f"kmosaic {kmosaic.__version__}, scikit-learn {sklearn.__version__},")
    print(f"Python {platform.python_version()}, {platform.machine()}, {os.cpu_count()} processors")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["KMOSAIC_CACHE"] = folder  # features are computed here, once a seed
        for part in chosen.only:
            title, measure = PARTS[part]
            print(f"{part}: {title}")
            measure(chosen.seeds)


if __name__ == "__main__":
    main()
