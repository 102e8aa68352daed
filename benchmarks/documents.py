"""Documents: how well news are grouped by topic, and how long sparse rows take.

Run: python -m benchmarks.documents [--seeds 5] [--only news terms]. The news (the folder bbc where
KMOSAIC_DATA names its folder) are grouped with the defaults of `kmosaic documents`, and their
TF-IDF rows by one start of scikit-learn's KMeans. The terms are 20,000 documents of 50,000 terms,
made up (see `data.terms`), in 20 clusters: k-means as `kmosaic documents` has it and one start of
scikit-learn's, on the same CSR. Seconds are by the
clock and, as other work on the machine changes these, of all processors together; both take turns,
and the least of three counts.
"""

from __future__ import annotations

import argparse
import os
import resource
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from scipy.optimize import linear_sum_assignment
from sklearn.cluster import KMeans
from sklearn.metrics import normalized_mutual_info_score

from benchmarks import data
from kmosaic import open_documents
from kmosaic._events import silent
from kmosaic.features.text import Terms, read_documents
from kmosaic.pipeline import run_documents
from kmosaic.pipeline.directions import group_directions

_DATA = Path(os.environ.get("KMOSAIC_DATA", Path(__file__).parents[2] / "shared" / "data"))
_TURNS = 3


def timed(work: Callable[[], Any]) -> tuple[Any, float, float]:
    """What comes of the work, its seconds by the clock, and those of all processors."""
    clock, processors = time.perf_counter(), time.process_time()
    found = work()
    return found, time.perf_counter() - clock, time.process_time() - processors


def accuracy(truth: Any, labels: Any) -> float:
    """The share that is right if each cluster stands for one label of its own."""
    counts = np.zeros((truth.max() + 1, labels.max() + 1))
    np.add.at(counts, (truth, labels), 1)
    return float(counts[linear_sum_assignment(-counts)].sum() / len(truth))


def news(seeds: int) -> None:
    items = open_documents(_DATA / "bbc")
    truth = np.unique(items.labels.tolist(), return_inverse=True)[1]
    found = read_documents(items, Terms(), use_cache=False)[0]
    rows = found.terms.weigh(found.counts)
    print(f"BBC news, {rows.shape[0]:,} documents, {rows.shape[1]:,} terms, 5 clusters\n")
    print("| | seed | NMI | accuracy | seconds | of processors |\n|---|---:|---:|---:|---:|---:|")
    for seed in range(seeds):
        run, *ours = timed(lambda s=seed: run_documents(items, n_clusters=5, seed=s, cache=False))
        sklearn, *theirs = timed(lambda s=seed: KMeans(5, n_init=1, random_state=s).fit(rows))
        for who, labels, spent in (
            ("kmosaic documents, all", run.assignment.labels, ours),
            ("KMeans(n_init=1) on TF-IDF", sklearn.labels_, theirs),
        ):
            nmi = normalized_mutual_info_score(truth, labels)
            print(f"| {who} | {seed} | {nmi:.3f} | {accuracy(truth, labels):.3f} | "
                  f"{spent[0]:.2f} | {spent[1]:.2f} |", flush=True)  # fmt: skip


def terms(seeds: int) -> None:
    rows = data.MAKERS["terms"]()
    print(f"\nMade up, {rows.shape[0]:,} × {rows.shape[1]:,}, {rows.nnz:,} stored, 20 clusters\n")
    heads = ("seed", "kmosaic", "of processors", "scikit-learn", "of processors", "clock ratio")
    print(f"| {' | '.join(heads)} | ratio of processors |\n|{'---:|' * (len(heads) + 1)}")
    ratios: list[tuple[float, float]] = []
    for seed in range(seeds):

        def ours(seed: int = seed) -> Any:
            return group_directions(rows, 20, "auto", seed, silent, None)

        def theirs(seed: int = seed) -> Any:
            return KMeans(20, n_init=1, random_state=seed).fit(rows)

        turns = [(timed(ours)[1:], timed(theirs)[1:]) for _ in range(_TURNS)]
        own, other = (np.min([turn[who] for turn in turns], axis=0) for who in (0, 1))
        ratios.append(tuple(other / own))
        print(f"| {seed} | {own[0]:.2f} | {own[1]:.2f} | {other[0]:.2f} | {other[1]:.2f} | "
              f"{ratios[-1][0]:.1f} | {ratios[-1][1]:.1f} |", flush=True)  # fmt: skip
    clock, processors = (median(of) for of in zip(*ratios, strict=True))
    most = 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    dense = 4 * rows.shape[0] * rows.shape[1]
    print(
        f"\nMedians of the ratios: {clock:.1f} by the clock, {processors:.1f} of processors. The "
        f"whole process held {most / 1e6:,.0f} MB at most; dense rows are {dense / 1e6:,.0f} MB."
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--only", nargs="*", default=["news", "terms"])
    asked = parser.parse_args()
    for what in asked.only:
        {"news": news, "terms": terms}[what](asked.seeds)


if __name__ == "__main__":
    main()
