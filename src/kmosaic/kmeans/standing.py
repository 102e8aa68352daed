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
_BITS = 52  # of a sum; whole numbers of so many bits add up exactly


class Ground:
    """Rows among which centers are moved.

    Sums are of whole numbers, and what is drawn depends on contents alone: so neither the order of
    the rows nor the processor matters.

    >>> Ground(Data(np.array([[0.0], [1.0], [10.0]]))).total_weight
    3.0
    """

    def __init__(self, data: Data) -> None:
        self.data = data
        self._weights = data.weights

    @functools.cached_property
    def total_weight(self) -> float:
        """Weight of all rows, rounded once."""
        count: int = self.data.shape[0]
        return float(count if self._weights is None else math.fsum(self._weights))

    @functools.cached_property
    def weights(self) -> Distances:
        """Weights as whole numbers of some unit."""
        return self._whole(np.ones(self.data.shape[0]))[0]

    @functools.cached_property
    def order(self) -> npt.NDArray[np.int64]:
        """All rows in an order that contents alone decide, copies side by side."""
        return self.data.content_order()

    def sums(self, labels: Labels, values: Distances, k: int) -> Distances:
        """Σ w·value of the rows of each of k clusters.

        >>> labels, values = np.array([0, 2, 2], np.int32), np.array([1.0, 1.0, 3.0])
        >>> Ground(Data(np.zeros((3, 1)))).sums(labels, values, 3).tolist()
        [1.0, 0.0, 4.0]
        """
        whole, unit = self._whole(values)
        return _add_up(labels, whole, k) * unit

    def draw(self, values: Distances, uniforms: Distances) -> Rows:
        """Different contents, each drawn with a probability proportional to w·value."""
        masses = np.cumsum(self._whole(values)[0][self.order])
        places = np.searchsorted(masses, np.floor(uniforms * masses[-1]), side="right")
        drawn = self.order[np.minimum(places, len(masses) - 1)]
        return np.unique(contents(self.data.rows, drawn).astype(self.data.held), axis=0)

    def row(self, index: int) -> Distances:
        """The content of a row in float64."""
        content: Distances = contents(self.data.rows, np.array([index]))[0].astype(np.float64)
        return content

    def _whole(self, values: Distances) -> tuple[Distances, float]:
        """Values >= 0 times their weights as whole numbers of a unit, a power of two."""
        most = float(values.max(initial=0.0)) * self.total_weight
        unit = math.ldexp(1.0, math.frexp(most)[1] - _BITS) if most > 0 else 1.0
        weighted = values if self._weights is None else values * self._weights
        whole: Distances = np.rint(weighted / unit)
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
        """The weight of each cluster, (k,), in the unit of the ground's."""
        return _add_up(self.labels, self.ground.weights, self.k)

    def heirs(self, center: int) -> npt.NDArray[np.intp]:
        """The centers that would get much of what a center leaves: a fifth or more."""
        left = np.flatnonzero(self.labels == center)
        taken = _add_up(self.second[left], self.ground.weights[left], self.k)
        return np.flatnonzero(taken > _MUCH * taken.sum())


def _add_up(labels: Labels, whole: Distances, k: int) -> Distances:
    sums: Distances = np.bincount(labels, whole, minlength=k).astype(np.float64, copy=False)
    return sums
