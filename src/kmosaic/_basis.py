"""The directions in which a sample of rows spreads most, and whether it pays to look along them.

The engine can keep a few leading coordinates of every row ("the head", cpp/kmeans/head.hpp) and
exclude most centers by these alone. What is found here is only ever used for such bounds: neither
the sample nor rounding has a say in any result.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

_SAMPLE = 4_096  # rows: enough to tell 63 directions, few enough to take about 30 ms
_ROUNDS = 2  # of subspace iteration; a third finds 0.3% more of MNIST's variance
_SPARE = 9  # directions carried along, as Halko, Martinsson & Tropp (2011) advise
_QUERIES, _CENTERS = 512, 512  # what the test of a head is made with
_FEWEST_COLUMNS, _MOST_COLUMNS = 64, 200_000  # beyond, float32 sums are too long for the bound
_TEST_OVERHEAD = 1_500_000_000  # multiplications that take as long as the test's calls do
_TOGETHER = 64  # columns of the sample that are float64 at one time


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
        cheap = (m + 1) / d + 3 * self.survivors < 0.6
        return bool(cheap and np.isfinite(self.directions).all())


def head_size(d: int) -> int:
    """How many directions to keep of d columns: with the length of the rest, a quarter of d to 64.

    >>> [head_size(d) for d in (50, 64, 128, 784)]
    [0, 15, 31, 63]
    """
    return 16 * min(d // 64, 4) - 1 if _FEWEST_COLUMNS <= d <= _MOST_COLUMNS else 0


def sample_bytes(n: int, d: int) -> int:
    """What find_basis() holds of (n, d) rows, about: the sample in float32, and some products.

    >>> sample_bytes(1_000_000, 784)
    23564288
    """
    rows, directions = min(n, _SAMPLE), head_size(d) + _SPARE
    return 4 * rows * (d + 4 * directions + 4 * _TOGETHER) + 32 * d * directions


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


def cheap_to_test(n: int, d: int, k: int, iterations: float) -> bool:
    """Whether finding and testing a basis takes no more than about a thirtieth of such a fit.

    >>> cheap_to_test(200_000, 64, k=256, iterations=40)
    True
    >>> cheap_to_test(200_000, 64, k=256, iterations=11)
    False
    """
    multiplications = (4 * _ROUNDS) * min(n, _SAMPLE) * d * (head_size(d) + _SPARE)
    return n * d * k * iterations > 30 * (_TEST_OVERHEAD + multiplications)


def find_basis(
    rows: npt.NDArray[Any], k: int, weights: npt.NDArray[np.float64] | None = None
) -> Basis:
    """The leading directions of (n, d) rows, tested with k of the rows as if they were centers.

    Takes the same rows every time: 4,096 at even distances, of those whose weight is not 0.
    Numbers that no direction can be found for give a basis that does not pay.

    >>> rows = np.random.default_rng(0).normal(size=(500, 64)) * 0.5 ** np.arange(64)
    >>> basis = find_basis(rows, k=100)
    >>> basis.directions.shape, basis.captured > 0.99, basis.pays
    ((15, 64), True, True)
    """
    with np.errstate(all="ignore"):
        sample = _centered_sample(rows, _sampled(len(rows), weights))
        m = head_size(rows.shape[1])
        directions = _leading(sample, m)
        along = sample @ directions.T.astype(np.float32)
        norms = np.einsum("ij,ij->i", sample, sample, dtype=np.float64)
        inside = np.einsum("ij,ij->i", along, along, dtype=np.float64)
        captured = float(inside.sum() / max(norms.sum(), np.finfo(np.float64).tiny))
        rest = np.sqrt(np.maximum(norms - inside, 0))
        heads = np.column_stack([along, rest]).astype(np.float32)
        return Basis(directions, captured, _survivors(sample, heads, norms, k))


def _sampled(n: int, weights: npt.NDArray[np.float64] | None) -> npt.NDArray[np.int64]:
    if weights is None:
        return np.arange(0, n, -(-n // _SAMPLE), dtype=np.int64)
    counting = np.flatnonzero(weights)
    return counting[:: max(-(-len(counting) // _SAMPLE), 1)]


def _centered_sample(
    rows: npt.NDArray[Any], which: npt.NDArray[np.int64]
) -> npt.NDArray[np.float32]:
    """These rows less their mean, in a unit in which squares fit float32.

    A few columns at a time are float64, so that little more than the result is held. Each column
    loses its first number before its mean is taken: sums of the largest numbers would overflow.
    """
    d = rows.shape[1]
    sample = np.empty((len(which), d), dtype=np.float32)
    blocks = [slice(first, first + _TOGETHER) for first in range(0, d, _TOGETHER)]
    exponents = []
    for block in blocks:
        wide = rows[which, block].astype(np.float64)
        wide -= wide[:1].copy()
        wide -= wide.mean(axis=0)
        largest = float(max(wide.max(initial=0), -wide.min(initial=0)))
        exponents.append(max(math.frexp(largest)[1], -1000) if largest > 0 else -1000)
        scale = math.ldexp(1.0, -exponents[-1])
        np.multiply(wide, scale, out=sample[:, block], casting="same_kind")
    most = max(exponents)
    for block, exponent in zip(blocks, exponents, strict=True):
        if exponent < most:
            sample[:, block] *= np.float32(math.ldexp(1.0, exponent - most))
    return sample


def _leading(sample: npt.NDArray[np.float32], m: int) -> npt.NDArray[np.float64]:
    """Randomized subspace iteration, then the best m directions inside what it found."""
    d = sample.shape[1]
    start = np.random.default_rng(0).standard_normal((min(m + _SPARE, d), d), dtype=np.float32)
    found = start.T
    for _ in range(_ROUNDS):
        found = np.linalg.qr(sample.T @ (sample @ found))[0]
    exact = np.linalg.qr(found.astype(np.float64))[0]
    along = sample @ exact.astype(np.float32)
    try:
        _, turn = np.linalg.eigh(along.T @ along.astype(np.float64))
    except np.linalg.LinAlgError:  # NaN, mostly; what serves bounds alone must not end a fit
        return np.full((m, d), np.nan)
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
    step = max(count // min(max(k, 1), _CENTERS), 2)
    centers = np.arange(0, count, step)
    others = np.setdiff1d(np.arange(count), centers)
    queries = others[:: max(len(others) // _QUERIES, 1)]
    left = 0.0
    for some in np.array_split(queries, -(-len(queries) // _TOGETHER)):  # no copy of them all
        sums = norms[some, None] + norms[None, centers]
        exact = (sums - 2 * (sample[some] @ sample[::step].T)).min(axis=1)
        bounds = sums - 2 * (heads[some] @ heads[::step].T)
        left += float((bounds <= exact[:, None]).sum())
    return left / (len(queries) * len(centers))
