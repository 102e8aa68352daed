"""k-prototypes."""

from __future__ import annotations

import numpy as np
from numpy.testing import assert_allclose, assert_array_equal

from kmosaic.kmeans.modes import k_prototypes


def slow(numbers, codes, gamma, centers, modes):
    """k-prototypes as Huang has it, in plain loops."""
    before = None
    while True:
        pairs = list(zip(centers, modes, strict=True))
        cost = np.array([
            [((x - c) ** 2).sum() + gamma * (w != m).sum() for c, m in pairs]
            for x, w in zip(numbers, codes, strict=True)
        ])  # fmt: skip
        labels = cost.argmin(axis=1)
        if before is not None and (labels == before).all():
            return labels, cost.min(axis=1).sum()
        before = labels
        for k in range(len(centers)):
            if (labels == k).any():
                centers[k] = numbers[labels == k].mean(axis=0)
                modes[k] = [np.bincount(column).argmax() for column in codes[labels == k].T]


def test_it_is_huangs_algorithm():
    rng = np.random.default_rng(3)
    truth = rng.integers(0, 3, 90)
    numbers = rng.normal(truth[:, None] * 2.0, 1, (90, 2))
    codes = np.stack([(truth + (rng.random(90) < 0.2)) % 3, rng.integers(0, 2, 90)], axis=1)
    weight = 0.7
    rows = np.concatenate(
        [numbers, weight * np.eye(3)[codes[:, 0]], weight * np.eye(2)[codes[:, 1]]], axis=1
    )
    start = rows[[0, 30, 60]]
    found = k_prototypes(rows, start, [slice(2, 5), slice(5, 7)])
    labels, inertia = slow(
        numbers, codes, 2 * weight**2, numbers[[0, 30, 60]].copy(), codes[[0, 30, 60]].copy()
    )
    assert_array_equal(found.labels, labels)
    assert_allclose(found.inertia, inertia)
    assert set(np.unique(found.centers[:, 2:])) == {0.0, weight}
