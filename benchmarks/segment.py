"""Which weight of categories, and which centers, find known groups in mixed tables.

Tables are drawn with 3 to 6 groups in 2 to 6 columns of numbers and 1 to 5 of categories; each
column tells of the groups or is chance; in one kind no category tells, so that a way that heeds
them much loses. `python -m benchmarks.segment` prints the mean adjusted
Rand index of each way over all tables; the number of groups is given, or chosen with --auto.
"""

from __future__ import annotations

import argparse

import numpy as np
from sklearn.metrics import adjusted_rand_score

from kmosaic import KMeans
from kmosaic._events import silent
from kmosaic.data.mixed import MixedTable, open_table
from kmosaic.features.mixed import TableFeatures, roles_of
from kmosaic.kmeans.modes import k_prototypes
from kmosaic.output.segment_model import nearest
from kmosaic.pipeline.segment_count import choose_count

WEIGHTS = (0.35, 0.5, 0.7, 1.0, 1.4)  # two rows of different categories: weight * sqrt(2)


def drawn(
    rng: np.random.Generator, telling: tuple[float, float], n: int
) -> tuple[MixedTable, np.ndarray, int]:
    """A table, the group of each row, and how many groups there are."""
    k = int(rng.integers(3, 7))
    truth = rng.choice(k, n, p=rng.dirichlet(np.full(k, 8.0)))
    columns: dict[str, np.ndarray] = {}
    for j in range(int(rng.integers(2, 7))):
        centers = rng.normal(0, 2.2, k) * (rng.random() < telling[0])
        columns[f"number{j}"] = rng.normal(centers[truth], 1)
    for j in range(int(rng.integers(1, 6))):
        levels = int(rng.integers(2, 7))
        tells = rng.random() < telling[1]
        parts = rng.dirichlet(np.full(levels, 0.6 if tells else 3.0), k if tells else 1)
        ends = parts.cumsum(axis=1)[truth if tells else np.zeros(n, int)]
        codes = (rng.random(n)[:, None] > ends).sum(axis=1).clip(0, levels - 1)
        columns[f"category{j}"] = np.array([f"c{code}" for code in range(levels)])[codes]
    return open_table(columns), truth, k


def scores(table: MixedTable, truth: np.ndarray, k: int) -> dict[str, float]:
    """Adjusted Rand index of every way."""
    roles = roles_of(table, columns=table.names)
    found = {}
    for weight in WEIGHTS:
        features = TableFeatures.of(table, roles, weight=weight)
        rows = features.transform(table)
        kmeans = KMeans(k, n_init=10, random_state=0).fit(rows)
        found[f"one-hot {weight:4}"] = adjusted_rand_score(truth, kmeans.labels_)
        blocks = [
            block
            for feature, block in zip(features.features, features.blocks, strict=True)
            if feature.kind == "category"
        ]
        modes = k_prototypes(rows, kmeans.cluster_centers_, blocks)
        found[f"prototypes {weight:4}"] = adjusted_rand_score(truth, modes.labels)
    return found


def scores_of_auto(table: MixedTable, truth: np.ndarray, k: int) -> dict[str, float]:
    """The same where the number of segments is chosen, with the share of right numbers."""
    roles = roles_of(table, columns=table.names)
    found = {}
    for weight in (0.35, 0.5, 0.7, 1.0):
        rows = TableFeatures.of(table, roles, weight=weight).transform(table)
        chosen = choose_count(rows, 8, 0, silent)
        labels, _ = nearest(rows, chosen.centers)
        found[f"auto {weight:4}"] = adjusted_rand_score(truth, labels)
        found[f"auto {weight:4}, right k"] = float(chosen.k == k)
    return found


def main() -> None:
    """Print the mean score of each way: where all columns tell, most, few, and numbers alone."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tables", type=int, default=60, help="tables of each kind")
    parser.add_argument("--rows", type=int, default=600)
    parser.add_argument("--auto", action="store_true", help="choose the number of segments, too")
    asked = parser.parse_args()
    look = scores_of_auto if asked.auto else scores
    kinds = ((1.0, 1.0), (0.7, 0.7), (0.4, 0.4), (1.0, 0.0))
    means: dict[str, list[float]] = {}
    for telling in kinds:
        rng = np.random.default_rng(7)
        every = [look(*drawn(rng, telling, asked.rows)) for _ in range(asked.tables)]
        for name in every[0]:
            means.setdefault(name, []).append(float(np.mean([one[name] for one in every])))
    heads = "  ".join(f"{numbers:4.0%}/{categories:4.0%}" for numbers, categories in kinds)
    print(f"numbers/categories that tell: {heads}      mean")
    for name, values in means.items():
        numbers = "".join(f"{value:11.3f}" for value in values)
        print(f"{name:28}{numbers}{np.mean(values):11.3f}")


if __name__ == "__main__":
    main()
