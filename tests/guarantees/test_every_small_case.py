"""Every set of up to 7 points on a small grid, for every k up to 3: all of it, not a sample.

The grid's steps are multiples of all numbers up to 7, so every mean is a whole number, every
distance as well, and the reference needs no rounding.
"""

import itertools

import numpy as np
import pytest

from kmosaic import KMeans, _engine

STEP = 420
GRIDS = {
    "a line": [(x * STEP,) for x in range(5)],
    "a plane": [(x * STEP, y * STEP) for x in range(3) for y in range(2)],
}


def squared(a, b):
    return sum((x - y) ** 2 for x, y in zip(a, b, strict=True))


def reference(points, centers):
    """Lloyd's algorithm, and the rule for clusters without points; in whole numbers."""
    labels = None
    while True:
        before = labels
        labels = [min(range(len(centers)), key=lambda c: squared(p, centers[c])) for p in points]
        if labels == before:
            return labels, centers
        taken = set()
        for empty in [c for c in range(len(centers)) if c not in labels]:
            while True:
                left = [i for i in range(len(points)) if i not in taken]
                away = [i for i in left if squared(points[i], centers[labels[i]]) > 0]
                if not away:
                    break
                far = min(away, key=lambda i: (-squared(points[i], centers[labels[i]]), points[i]))
                group = [i for i in left if points[i] == points[far] and labels[i] == labels[far]]
                taken.update(group)
                if len(group) == labels.count(labels[far]):  # all that the other cluster has
                    continue
                for i in group:
                    labels[i] = empty
                break
        centers = [
            tuple(sum(column) // len(column) for column in zip(*members, strict=True))
            if (members := [p for p, label in zip(points, labels, strict=True) if label == c])
            else centers[c]
            for c in range(len(centers))
        ]


@pytest.mark.filterwarnings("ignore:Number of distinct clusters")
@pytest.mark.parametrize("simd", ["", _engine.instruction_sets()[-1]])
@pytest.mark.parametrize("grid", GRIDS)
@pytest.mark.parametrize("n", range(1, 8))
def test_every_small_case_is_that_of_the_reference(grid, n, simd, monkeypatch):
    monkeypatch.setenv("KMOSAIC_SIMD", simd)
    for points in itertools.combinations_with_replacement(GRIDS[grid], n):
        X = np.array(points, dtype=float)
        for k in range(1, min(n, 3) + 1):
            model = KMeans(k, init=X[:k], n_init=1, tol=0).fit(X)
            labels, centers = reference(list(points), list(points[:k]))
            assert model.labels_.tolist() == labels, (points, k)
            assert model.cluster_centers_.tolist() == [list(map(float, c)) for c in centers]
            inertia = sum(squared(p, centers[c]) for p, c in zip(points, labels, strict=True))
            assert model.inertia_ == inertia
