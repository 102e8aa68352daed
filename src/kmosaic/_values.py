"""What the engine is asked for and answers: plain frozen values."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

Rows = npt.NDArray[Any]  # (n, d) float32, float64 or uint8
Distances = npt.NDArray[np.float64]
Labels = npt.NDArray[np.int32]


# Named tuples, since a whole fit may take less than making a few frozen dataclasses.
class Iteration(NamedTuple):
    """What one iteration of k-means did."""

    run: int  # which start, from 1
    number: int  # which iteration of that start, from 1
    inertia: float  # Σ w·|x − c|² to the centers the iteration began with
    moved: int  # rows whose label changed
    center_shift: float  # Euclidean length of the move of all centers together
    seconds: float


class Certificate(NamedTuple):
    """What stands behind the claim that labels are exact (docs/exactness.md has the proofs)."""

    screened: int  # rows looked at, all iterations together
    decided: int  # of these, how many float64 had to decide
    largest_bound: float  # largest error bound relied on, in scaled squared units
    extra_bytes: int  # most memory that the algorithm held beyond rows, labels and sums


class Fit(NamedTuple):
    """What one run of k-means found."""

    centers: Rows  # (k, d), dtype of the rows
    labels: Labels  # (n,)
    inertia: float  # Σ w·|x − c|², in the square of the data's unit
    n_iter: int
    clusters_used: int  # that have a row
    converged: bool
    history: tuple[Iteration, ...]
    algorithm: str  # what ran
    why: str
    certificate: Certificate
    aside: npt.NDArray[np.int64] = np.empty(0, np.int64)  # rows that are set aside, ascending


class Kind(NamedTuple):
    """What makes a fit another kind of k-means; as it stands, the plain kind."""

    on_sphere: bool = False  # centers of length 1, for rows and first centers of length 1
    aside: float = 0.0  # share of the rows, by weight, that is left out of the means, 0 to below 1
    least: int = 0  # rows of each cluster
    most: int = 0  # 0: any number


class Summary(NamedTuple):
    """What the rows come to that are nearest to each of some centers."""

    labels: Labels  # (n,)
    weights: Distances  # (k,) their weight together
    means: Distances  # (k, d) their means; the center itself where there are none
    inertias: Distances  # (k,) Σ w·|x − c|² to the center
    inertia: float  # of all together, as fit() gives it


PLAIN = Kind()
