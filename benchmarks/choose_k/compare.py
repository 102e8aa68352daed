"""How often the number of clusters is right: ours beside others, each as its users call it.

Run: python -m benchmarks.choose_k.compare [--sets 100]. Generated sets with seeds that the rule was
not calibrated on, and the compact ones of the shared real shapes (KMOSAIC_DATA). Others that are
not installed (pip install yellowbrick kneed gap-stat pyclustering) are named and left out. All try
K from 2 to 20, ours from 1.
"""

from __future__ import annotations

import argparse
import gzip
import os
import time
import warnings
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.cluster import KMeans
from sklearn.metrics import silhouette_score

from benchmarks.choose_k.families import TESTED, Made, make
from benchmarks.machine import machine
from kmosaic import _engine, choose_k

DATA = Path(os.environ.get("KMOSAIC_DATA", Path(__file__).parents[3] / "shared" / "data"))
COMPACT = (
    "a1", "aggregation", "engytime", "g2mg_8_30", "h2mg_16_40", "hepta", "iris", "mk2", "r15",
    "s1", "s2", "tetra", "unbalance", "wine", "x1", "x2",
)  # fmt: skip
KS = range(2, 21)
Answer = tuple[int | None, bool]  # K, and whether it is sure


def ours(X: Any) -> Answer:
    answer = choose_k(X, range(1, 21), random_state=0)
    return answer.k, answer.confidence == "high"


def yellowbrick(X: Any) -> Answer:
    import matplotlib as mpl

    mpl.use("Agg")
    from yellowbrick.cluster import KElbowVisualizer

    # force_model: yellowbrick 1.5 takes no estimator of a newer scikit-learn for one without it
    elbow = KElbowVisualizer(KMeans(random_state=0), k=(2, 21), timings=False, force_model=True)
    elbow.fit(X)
    mpl.pyplot.close("all")
    return elbow.elbow_value_, True


def kneed(X: Any) -> Answer:
    from kneed import KneeLocator

    inertia = [KMeans(k, random_state=0).fit(X).inertia_ for k in KS]
    return KneeLocator(KS, inertia, curve="convex", direction="decreasing").knee, True


def silhouette(X: Any) -> Answer:
    scores = {k: silhouette_score(X, KMeans(k, random_state=0).fit_predict(X)) for k in KS}
    return max(scores, key=scores.__getitem__), True


def gap(X: Any) -> Answer:
    from gap_statistic import OptimalK

    return int(OptimalK(parallel_backend="None")(X, cluster_array=np.arange(1, 21))), True


def x_means(X: Any) -> Answer:
    if not hasattr(np, "warnings"):  # pyclustering 0.10 asks for it; gone since NumPy 1.24
        np.warnings = warnings  # type: ignore[attr-defined]
    from pyclustering.cluster.center_initializer import kmeans_plusplus_initializer
    from pyclustering.cluster.xmeans import xmeans

    start = kmeans_plusplus_initializer(X, 2, random_state=0).initialize()
    found = xmeans(X, start, 20, random_state=0)
    found.process()
    return len(found.get_clusters()), True


WAYS: dict[str, tuple[str, Callable[[Any], Answer]]] = {
    "kmosaic": ("kmosaic", ours),
    "yellowbrick's elbow": ("yellowbrick", yellowbrick),
    "kneed": ("kneed", kneed),
    "silhouette (scikit-learn)": ("sklearn", silhouette),
    "gap statistic (gap-stat)": ("gap_statistic", gap),
    "X-means (pyclustering)": ("pyclustering", x_means),
}


def shapes() -> Iterator[tuple[str, Any, int]]:
    for name in COMPACT:
        path = DATA / "shapes" / f"{name}.data.gz"
        if path.is_file():
            with gzip.open(path, "rt") as file:
                X = np.loadtxt(file)
            with gzip.open(path.with_name(f"{name}.labels0.gz"), "rt") as file:
                labels = np.loadtxt(file).astype(int)
            yield name, X, len(set(labels[labels > 0].tolist()))


def generated(count: int) -> Iterator[tuple[str, Made]]:
    """Sets whose K is in the range that all try."""
    seed = TESTED
    while count:
        made = make(seed)
        if made.k <= 18 and len(made.rows) > 40:
            count -= 1
            yield f"seed {seed} ({made.family})", made
        seed += 1


def ask(way: Callable[[Any], Answer], X: Any) -> tuple[int | None, bool, float]:
    began = time.perf_counter()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            k, sure = way(X)
        except Exception:  # a way that fails has no answer
            k, sure = None, False
    return k, sure, time.perf_counter() - began


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sets", type=int, default=100)
    asked = parser.parse_args()
    print(machine(_engine.n_threads()))
    there = {name: way for name, (package, way) in WAYS.items() if find_spec(package)}
    print("not installed:", ", ".join(set(WAYS) - set(there)) or "none")
    tables = {"well separated": [], "one group": [], "all generated": [], "shapes": []}  # type: ignore[var-annotated]
    for label, made in generated(asked.sets):
        found = {name: ask(way, made.rows) for name, way in there.items()}
        tables["all generated"].append((made.k, found))
        if made.well_separated:
            tables["well separated"].append((made.k, found))
        if made.k == 1:
            tables["one group"].append((made.k, found))
        print(f"{label}: {made.k}", {name: k for name, (k, _, _) in found.items()}, flush=True)
    for label, X, k in shapes():
        found = {name: ask(way, X) for name, way in there.items()}
        tables["shapes"].append((k, found))
        print(f"{label}: {k}", {name: each[0] for name, each in found.items()}, flush=True)
    for title, lines in tables.items():
        show(title, lines, list(there))


def show(title: str, lines: list[Any], names: list[str]) -> None:
    print(f"\n{title}: {len(lines)} sets")
    for name in names if lines else ():
        found = [(k, each[name]) for k, each in lines]
        right = np.mean([k == got for k, (got, _, _) in found])
        near = np.mean([got is not None and abs(got - k) == 1 for k, (got, _, _) in found])
        wrong = np.mean([sure and got != k for k, (got, sure, _) in found])
        spent = np.median([seconds for _, (_, _, seconds) in found])
        shares = f"right {right:6.1%}  off by one {near:6.1%}  sure and wrong {wrong:6.1%}"
        print(f"  {name:28s} {shares}  median {spent:.2f} s")


if __name__ == "__main__":
    main()
