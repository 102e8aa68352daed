"""How well centers stand among rows: what each cluster costs, and what each center saves."""

from __future__ import annotations

import functools
import math

import numpy as np
import numpy.typing as npt

from kmosaic._engine import Data
from kmosaic._sparse import contents
from kmosaic._values import Distances, Labels, Rows

_MUCH = 0.2  # of what a center leaves
_WEIGHT_BITS = 20  # of the largest weight
_HALF = 16  # bits of half of a value in a sum
_DRAWN = 24  # bits of a value in a draw
_EXACT = 53  # bits that a sum of float64 holds
_TOGETHER = 4096  # rows that are written out at once
_SMALLEST = 2.0**-1074


class Ground:
    """Rows among which centers are moved.

    Sums are of whole numbers, and what is drawn depends on contents alone: so neither the order of
    the rows nor the processor matters, and a weight is so many copies.
    """

    def __init__(self, data: Data) -> None:
        self.data = data

    @functools.cached_property
    def weights(self) -> Distances:
        """Weights as whole numbers of some unit, at most 2^20, and less of more than 2^17 rows.

        Whole ones up to that stay as they are; what is less than half of the unit counts as none.

        >>> Ground(Data(np.zeros((3, 1)), np.array([0.0, 2.0, 6.0]))).weights.tolist()
        [0.0, 1.0, 3.0]
        """
        given = self.data.weights
        if given is None:
            return np.ones(self.data.shape[0])
        bits = min(_WEIGHT_BITS, _EXACT - _HALF - len(given).bit_length())
        unit = math.ldexp(1.0, math.frexp(float(given.max()))[1] - bits)
        whole = np.rint(given / unit).astype(np.int64)
        all_bits = int(np.bitwise_or.reduce(whole))
        return (whole // (all_bits & -all_bits)).astype(np.float64)

    @functools.cached_property
    def order(self) -> npt.NDArray[np.int64]:
        """All rows in an order that contents alone decide, copies side by side."""
        return self.data.content_order()

    def sums(self, labels: Labels, values: Distances, k: int) -> Distances:
        """Σ weight·value of the rows of each of k clusters, each to 2^-32 of the largest value.

        >>> labels, values = np.array([0, 2, 2], np.int32), np.array([1.0, 1.0, 3.0])
        >>> Ground(Data(np.zeros((3, 1)))).sums(labels, values, 3).tolist()
        [1.0, 0.0, 4.0]
        """
        whole, unit = self._whole(values, 2 * _HALF)
        high = np.floor(whole / 2**_HALF)  # the sum of either half is exact
        halves = (high * 2**_HALF, whole - high * 2**_HALF)
        high_sum, low_sum = (add_up(labels, half * self.weights, k) for half in halves)
        return (high_sum + low_sum) * unit

    def draw(self, values: Distances, uniforms: Distances) -> Rows:
        """Different contents, each drawn with a probability proportional to weight·value."""
        whole, _ = self._whole(values, _DRAWN)
        masses = np.cumsum((whole * self.weights)[self.order].astype(np.int64))
        places = np.searchsorted(masses, uniforms * float(masses[-1]), side="right")
        drawn = self.order[np.minimum(places, len(masses) - 1)]
        return np.unique(contents(self.data.rows, drawn).astype(self.data.held), axis=0)

    def row(self, index: int) -> Distances:
        """The content of a row in float64."""
        content: Distances = contents(self.data.rows, np.array([index]))[0].astype(np.float64)
        return content

    def are_copies(
        self, some: npt.NDArray[np.int64], others: npt.NDArray[np.int64]
    ) -> npt.NDArray[np.bool_]:
        """Whether each row has the content of its counterpart."""
        found = np.empty(len(some), dtype=bool)
        for first in range(0, len(some), _TOGETHER):
            part = slice(first, first + _TOGETHER)
            contents_of = (contents(self.data.rows, which[part]) for which in (some, others))
            found[part] = np.equal(*contents_of).all(axis=1)
        return found

    def _whole(self, values: Distances, bits: int) -> tuple[Distances, float]:
        """Values >= 0 as whole numbers of a unit, a power of two, that follows from the largest."""
        most = float(values.max(initial=0.0, where=self.weights > 0))
        unit = max(math.ldexp(1.0, math.frexp(most)[1] - bits), _SMALLEST)
        whole: Distances = np.rint(np.minimum(values, most) / unit)
        return whole, unit


class Standing:
    """The two nearest of k >= 2 centers of every row, and what follows for each center."""

    def __init__(self, ground: Ground, centers: Rows) -> None:
        self.ground = ground
        self.centers = centers
        self.k = len(centers)
        found = ground.data.nearest_two(centers)
        self.labels, self.squared, self.second, self.second_squared = found

    @functools.cached_property
    def errors(self) -> Distances:
        """Σ w·|x − c|² of each cluster, (k,)."""
        return self.ground.sums(self.labels, self.squared, self.k)

    @functools.cached_property
    def utilities(self) -> Distances:
        """By how much inertia would rise without each center, were the others to stay, (k,)."""
        return self.ground.sums(self.labels, self.second_squared - self.squared, self.k)

    @functools.cached_property
    def weights(self) -> Distances:
        """The weight of each cluster, (k,), in the unit of the ground."""
        return add_up(self.labels, self.ground.weights, self.k)

    def heirs(self, center: int) -> npt.NDArray[np.intp]:
        """The centers that would get much of what a center leaves: a fifth or more."""
        left = np.flatnonzero(self.labels == center)
        taken = add_up(self.second[left], self.ground.weights[left], self.k)
        return np.flatnonzero(taken > _MUCH * taken.sum())


def add_up(labels: Labels, whole: Distances, k: int) -> Distances:
    """The sum of the whole numbers of each of k clusters.

    >>> add_up(np.array([0, 2, 2], np.int32), np.array([1.0, 2.0, 3.0]), 3).tolist()
    [1.0, 0.0, 5.0]
    """
    sums: Distances = np.bincount(labels, whole, minlength=k).astype(np.float64, copy=False)
    return sums
