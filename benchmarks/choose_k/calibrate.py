"""Find the weights of the rule that chooses K (src/kmosaic/n_clusters/rule.py).

Run: python -m benchmarks.choose_k.calibrate [--sets 600] [--out build/choose_k.jsonl]. Takes about
an hour on two cores; traits that are in the file already are not found again. Prints the weights,
and how often rules calibrated on four fifths of the sets are right on the last fifth. The sets
that tests and comparisons use (`families.TESTED`) take no part.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np
from joblib import Parallel, delayed
from scipy.optimize import minimize

from benchmarks.choose_k.families import WIDE, make
from kmosaic.n_clusters.choose import choose
from kmosaic.n_clusters.rule import WEIGHTS, chosen, traits_of

TRAITS = tuple(WEIGHTS)
# What no set may teach: that shallower valleys or less stable clusters speak for a k.
SIGNS = {"between": -1, "shallowest": -1, "weakest": 1, "deepest": 1, "inside": 1, "normal": 1,
         "gap": 1, "beyond": 1, "beyond_one": -1}  # fmt: skip
PENALTY = 0.05  # of squared weights
FOLDS = 5


def traits_of_set(seed: int) -> dict[str, Any]:
    """What the rule sees of one set."""
    made = make(seed)
    most = int(np.random.RandomState(seed).choice([10, 15, 20, 20, 30]))
    while most < made.k + 3:
        most = most * 2
    most = min(most, len(made.rows) - 1)
    choice = choose(made.rows, range(1, most + 1), random_state=seed)
    return {
        "seed": seed,
        "family": made.family,
        "k": made.k,
        "well_separated": made.well_separated,
        "traits": traits_of(choice.evidence),
    }


class Calibration:
    """Sets with their traits as matrices."""

    def __init__(self, sets: list[dict[str, Any]]) -> None:
        self.sets = sets
        self.ks = [list(map(int, each["traits"])) for each in sets]
        self.X = [
            np.array([[traits[name] for name in TRAITS] for traits in each["traits"].values()])
            for each in sets
        ]
        self.right = [
            ks.index(each["k"]) if each["k"] in ks else -1
            for ks, each in zip(self.ks, sets, strict=True)
        ]

    def weights(self, which: Any) -> Any:
        """Under which the true k of these sets are most probable."""
        which = [i for i in which if self.right[i] >= 0]

        def loss(weights: Any) -> tuple[float, Any]:
            total, slope = PENALTY * (weights @ weights), 2 * PENALTY * weights
            for i in which:
                shares = _softmax(self.X[i] @ weights)
                total -= np.log(max(shares[self.right[i]], 1e-12))
                slope = slope + self.X[i].T @ shares - self.X[i][self.right[i]]
            return total, slope

        bounds = [
            (0 if SIGNS.get(name) == 1 else None, 0 if SIGNS.get(name) == -1 else None)
            for name in TRAITS
        ]
        start = np.zeros(len(TRAITS))
        return minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds).x

    def report(self) -> None:
        """How often the rule is right on sets that it was not calibrated on."""
        n = len(self.sets)
        found, sure = np.zeros(n, int), np.zeros(n)
        for fold in range(FOLDS):
            weights = self.weights([i for i in range(n) if _fold(i) != fold])
            for i in (i for i in range(n) if _fold(i) == fold):
                shares = dict(zip(self.ks[i], _softmax(self.X[i] @ weights), strict=True))
                found[i] = chosen(shares)
                sure[i] = shares[found[i]]
        k = np.array([each["k"] for each in self.sets])
        well = np.array([each["well_separated"] for each in self.sets])
        right = found == k
        print(f"{n} sets, each by weights from the other four fifths: right on {right.mean():.1%};")
        print(f"  on {well.sum()} well separated: {right[well].mean():.1%}, off by one "
              f"{(abs(found - k) == 1)[well].mean():.1%}")  # fmt: skip
        print(f"  on {(k == 1).sum()} without groups: {right[k == 1].mean():.1%}")
        high = sure >= 0.9
        print(
            f"  high confidence on {high.mean():.1%}; high and wrong {(high & ~right).mean():.1%}"
        )


def _fold(i: int) -> int:
    """Sets of many columns, one of WIDE, fall into every fold."""
    return i // WIDE % FOLDS


def _softmax(scores: Any) -> Any:
    shares = np.exp(scores - scores.max())
    return shares / shares.sum()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sets", type=int, default=600)
    parser.add_argument("--out", type=Path, default=Path("build/choose_k.jsonl"))
    asked = parser.parse_args()
    asked.out.parent.mkdir(parents=True, exist_ok=True)
    asked.out.touch()
    whole, end, _ = asked.out.read_text().rpartition("\n")
    asked.out.write_text(whole + end)  # without a last line that was cut off as it was written
    sets = {one["seed"]: one for one in map(json.loads, whole.splitlines())}
    missing = [seed for seed in range(asked.sets) if seed not in sets]
    with asked.out.open("a") as file:
        work = Parallel(n_jobs=-1, return_as="generator_unordered")
        for done in work(delayed(traits_of_set)(seed) for seed in missing):
            file.write(json.dumps(done, default=float) + "\n")
            file.flush()
    lines = asked.out.read_text().splitlines()
    calibration = Calibration(sorted(map(json.loads, lines), key=lambda one: one["seed"]))
    calibration.report()
    weights = calibration.weights(range(len(calibration.sets)))
    print("WEIGHTS = {")
    for name, weight in zip(TRAITS, weights, strict=True):
        print(f'    "{name}": {weight:.2f},')
    print("}")


if __name__ == "__main__":
    main()
