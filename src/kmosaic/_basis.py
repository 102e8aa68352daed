"""The directions in which a sample of rows spreads most, and whether it pays to look along them.

The engine can keep a few leading coordinates of every row ("the head", cpp/kmeans/head.hpp) and
exclude most centers by these alone. What is found here is only ever used for such bounds: neither
the sample nor rounding has a say in any result.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

_SAMPLE = 4_096  # rows: enough to tell 63 directions, few enough to take about 30 ms
_ROUNDS = 2  # of subspace iteration; a third finds 0.3% more of MNIST's variance
_SPARE = 9  # directions carried along, as Halko, Martinsson & Tropp (2011) advise
_QUERIES, _CENTERS = 512, 512  # what the test of a head is made with
_FEWEST_COLUMNS = 64


@dataclass(frozen=True)
class Basis:
    """Leading directions of some rows, and what they are worth."""

    directions: npt.NDArray[np.float64]  # (m, d), orthonormal
    captured: float  # share of the sample's variance that lies along them, 0 to 1
    survivors: float  # share of centers that the head's bound leaves, on the sample

    @property
    def pays(self) -> bool:
        """Whether reading the head first is worth it.

        Exact distances after the head come singly, at three times the price of many at once.
        """
        m, d = self.directions.shape
        return bool((m + 1) / d + 3 * self.survivors < 0.6)


def head_size(d: int) -> int:
    """How many directions to keep of d columns: with the length of the rest, a quarter of d to 64.

    >>> [head_size(d) for d in (50, 64, 128, 784)]
    [0, 15, 31, 63]
    """
    return 0 if d < _FEWEST_COLUMNS else 16 * min(d // 64, 4) - 1


def worth_head(n: int, d: int, k: int, iterations: float, share: float = 0.1) -> bool:
    """Whether a head could pay at all, for a fit that is expected to take so many iterations.

    share: of the n·k distances of an iteration, how many other bounds leave: about a tenth in a
    fit, all in seeding, where the number of trials stands for iterations. The head can save most
    of these. It costs a product with each of m directions for every row and, several times, for
    the sample; twice that, to be on the safe side.

    >>> worth_head(70_000, 784, k=1_000, iterations=60)
    True
    >>> worth_head(70_000, 784, k=10, iterations=40)
    False
    """
    m = head_size(d)
    cost = m * (n + (2 * _ROUNDS + 2) * min(n, _SAMPLE))
    return m > 0 and share * n * k * iterations > 2 * cost


def find_basis(rows: npt.NDArray[Any], k: int) -> Basis:
    """The leading directions of (n, d) rows, tested with k of the rows as if they were centers.

    Takes the same rows every time: 4,096 at even distances.

    >>> rows = np.random.default_rng(0).normal(size=(500, 64)) * 0.5 ** np.arange(64)
    >>> basis = find_basis(rows, k=100)
    >>> basis.directions.shape, basis.captured > 0.99, basis.pays
    ((15, 64), True, True)
    """
    sample = _centered_sample(rows)
    m = head_size(rows.shape[1])
    directions = _leading(sample, m)
    along = sample @ directions.T.astype(np.float32)
    norms = np.einsum("ij,ij->i", sample, sample, dtype=np.float64)
    inside = np.einsum("ij,ij->i", along, along, dtype=np.float64)
    captured = float(inside.sum() / max(norms.sum(), np.finfo(np.float64).tiny))
    rest = np.sqrt(np.maximum(norms - inside, 0))
    heads = np.column_stack([along, rest]).astype(np.float32)
    return Basis(directions, captured, _survivors(sample, heads, norms, k))


def _centered_sample(rows: npt.NDArray[Any]) -> npt.NDArray[np.float32]:
    step = -(-len(rows) // _SAMPLE)
    wide = rows[::step].astype(np.float64 if rows.dtype == np.float64 else np.float32)
    wide = wide - wide.mean(axis=0)
    largest = float(np.abs(wide).max(initial=0))
    if largest > 0:  # squares of very small or large numbers would leave float32
        wide = wide / largest
    narrow: npt.NDArray[np.float32] = wide.astype(np.float32, copy=False)
    return narrow


def _leading(sample: npt.NDArray[np.float32], m: int) -> npt.NDArray[np.float64]:
    """Randomized subspace iteration, then the best m directions inside what it found."""
    d = sample.shape[1]
    start = np.random.default_rng(0).standard_normal((min(m + _SPARE, d), d), dtype=np.float32)
    found = start.T
    for _ in range(_ROUNDS):
        found = np.linalg.qr(sample.T @ (sample @ found))[0]
    exact = np.linalg.qr(found.astype(np.float64))[0]
    along = sample @ exact.astype(np.float32)
    _, turn = np.linalg.eigh(along.T @ along.astype(np.float64))
    return np.ascontiguousarray((exact @ turn[:, ::-1][:, :m]).T)


def _survivors(
    sample: npt.NDArray[np.float32],
    heads: npt.NDArray[np.float32],
    norms: npt.NDArray[np.float64],
    k: int,
) -> float:
    """Share of centers whose bound does not exceed the distance of the nearest."""
    count = len(sample)
    if count < 4:
        return 1.0
    centers = np.arange(0, count, max(count // min(max(k, 1), _CENTERS), 2))
    others = np.setdiff1d(np.arange(count), centers)
    queries = others[:: max(len(others) // _QUERIES, 1)]
    sums = norms[queries, None] + norms[None, centers]
    exact = (sums - 2 * (sample[queries] @ sample[centers].T)).min(axis=1)
    bounds = sums - 2 * (heads[queries] @ heads[centers].T)
    return float((bounds <= exact[:, None]).mean())
