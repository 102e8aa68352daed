"""Anomalies in real tables with default settings: how well AnomalyDetector ranks and flags them.

Run: python -m benchmarks.anomalies [--seeds 5] [--only cardio wine]. The tables (.npz with X and y,
1 for anomalies) are read from the folder anomalies/ where KMOSAIC_DATA names its folder. Beside it,
on standardized columns as their users call them: KMeans with the distance to the nearest center,
IsolationForest, and PyOD's CBLOF where it is installed. Told are means over the seeds. Time is of
all processors together, which other work on the machine hardly changes.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import mean
from typing import Any

import numpy as np
import numpy.typing as npt
import sklearn.cluster
from sklearn.ensemble import IsolationForest
from sklearn.metrics import average_precision_score, f1_score, roc_auc_score
from sklearn.preprocessing import StandardScaler

from kmosaic import AnomalyDetector

_DATA = Path(os.environ.get("KMOSAIC_DATA", Path(__file__).parents[2] / "shared" / "data"))

Scores = npt.NDArray[np.float64]
Judge = Callable[[Any, int], tuple[Scores, npt.NDArray[np.bool_]]]


def ours(X: Any, seed: int) -> tuple[Scores, npt.NDArray[np.bool_]]:
    detector = AnomalyDetector(random_state=seed).fit(X)
    scores = -detector.score_samples(X)
    return scores, scores > -detector.offset_


def distance(X: Any, seed: int) -> tuple[Scores, npt.NDArray[np.bool_]]:
    scaled = StandardScaler().fit_transform(X)
    model = sklearn.cluster.KMeans(8, random_state=seed).fit(scaled)
    scores = model.transform(scaled).min(axis=1)
    return scores, scores > np.quantile(scores, 0.9)  # as PyOD does by default


def forest(X: Any, seed: int) -> tuple[Scores, npt.NDArray[np.bool_]]:
    scaled = StandardScaler().fit_transform(X)
    model = IsolationForest(random_state=seed).fit(scaled)
    scores = -model.score_samples(scaled)
    return scores, scores > -model.offset_


def cblof(X: Any, seed: int) -> tuple[Scores, npt.NDArray[np.bool_]]:
    from pyod.models.cblof import CBLOF

    model = CBLOF(random_state=seed).fit(StandardScaler().fit_transform(X))
    return model.decision_scores_, model.labels_ == 1


JUDGES: dict[str, Judge] = {
    "AnomalyDetector": ours,
    "KMeans + distance": distance,
    "CBLOF": cblof,
    "IsolationForest": forest,
}


def tables(only: list[str]) -> Iterator[tuple[str, Any, Any]]:
    for path in sorted((_DATA / "anomalies").glob("*.npz")):
        if only and path.stem not in only:
            continue
        with np.load(path) as data:
            X, y = data["X"], data["y"]
        yield path.stem, np.ascontiguousarray(X, dtype=np.float64), y.ravel()


def measure(judge: Judge, X: Any, y: Any, seeds: int) -> tuple[float, ...]:
    """ROC AUC, average precision, share flagged, F1 of that, processor seconds: means."""
    found = []
    for seed in range(seeds):
        begin = time.process_time()
        scores, flagged = judge(X, seed)
        spent = time.process_time() - begin
        auc, precision = roc_auc_score(y, scores), average_precision_score(y, scores)
        found.append((auc, precision, flagged.mean(), f1_score(y, flagged), spent))
    return tuple(map(mean, zip(*found, strict=True)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--only", nargs="*", default=[])
    asked = parser.parse_args()
    print("| table | detector | ROC AUC | average precision | flagged | F1 | processor seconds |")
    print("|---|---|---:|---:|---:|---:|---:|")
    all_of: dict[str, list[tuple[float, ...]]] = {}
    for name, X, y in tables(asked.only):
        told = f"{name}, {len(X):,} × {X.shape[1]}, {y.mean():.1%}"
        for who, judge in JUDGES.items():
            try:
                found = measure(judge, X, y, asked.seeds)
            except ImportError:
                continue
            all_of.setdefault(who, []).append(found)
            print(line(told, who, found), flush=True)
    for who, found in all_of.items():
        print(line("**mean**", who, tuple(map(mean, zip(*found, strict=True)))))


def line(table: str, who: str, found: tuple[float, ...]) -> str:
    auc, precision, flagged, f1, seconds = found
    return (
        f"| {table} | {who} | {auc:.3f} | {precision:.3f} | {flagged:.1%} | {f1:.2f} | "
        f"{seconds:.2f} |"
    )


if __name__ == "__main__":
    main()
