"""SphericalKMeans: rows are directions, and what is near has a small angle between."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np
from scipy.sparse import issparse

from kmosaic._engine import Data
from kmosaic._errors import TooLargeError
from kmosaic._rows import held_dtype
from kmosaic._sparse import data_of
from kmosaic._values import Distances, Iteration, Kind, Rows
from kmosaic.kmeans.kmeans import KMeans
from kmosaic.kmeans.parameters import CONSTRAINTS
from kmosaic.kmeans.starts import Start

_SHORTEST = 2.0**-400  # the squares of shorter rows lose digits, at last all of them


class SphericalKMeans(KMeans):
    """k-means of directions: rows belong to the center with the largest cosine, of length 1.

    For documents (TF-IDF, word counts) and embeddings, whose lengths mean little (Dhillon & Modha
    2001). The parameters are those of `KMeans`; the centers of an `init` array are taken as
    directions too.

    Attributes are those of `KMeans`: cluster_centers_ have length 1, inertia_ and history_ are sums
    of cosine distances, Σ w·(1 − cosine). transform() gives the cosine distance of each row to each
    center, (n, n_clusters), and score() minus their sum to the nearest.

    Rows whose length is not 1 are scaled in a copy, X itself is never changed; sparse X stays
    sparse. A row of zeros has no direction: it counts for nothing, its distances are 1, and a
    warning tells of it. Exactness is that of `KMeans` for the scaled rows.

    >>> X = np.array([[1.0, 0.1], [9.0, 0.0], [0.1, 2.0], [0.0, 0.5]])
    >>> model = SphericalKMeans(n_clusters=2, random_state=0).fit(X)
    >>> bool(model.labels_[0] == model.labels_[1] != model.labels_[2] == model.labels_[3])
    True
    >>> bool(np.allclose(np.linalg.norm(model.cluster_centers_, axis=1), 1))
    True
    """

    _parameter_constraints: ClassVar[dict[str, Any]] = {
        name: CONSTRAINTS[name] for name in CONSTRAINTS if name != "missing"
    }
    missing = "error"  # no parameter here

    def __init__(
        self,
        n_clusters: int = 8,
        *,
        init: Any = "k-means++",
        n_init: int | str = "auto",
        max_iter: int = 300,
        tol: float = 1e-4,
        verbose: int = 0,
        random_state: int | np.random.RandomState | None = None,
        copy_x: bool = True,
        algorithm: str = "auto",
        memory_limit: int | str | None = None,
        on_iteration: Callable[[Iteration], Any] | None = None,
    ) -> None:
        self.n_clusters = n_clusters
        self.init = init
        self.n_init = n_init
        self.max_iter = max_iter
        self.tol = tol
        self.verbose = verbose
        self.random_state = random_state
        self.copy_x = copy_x
        self.algorithm = algorithm
        self.memory_limit = memory_limit
        self.on_iteration = on_iteration

    def _kind(self, data: Data) -> Kind:
        return Kind(on_sphere=True)

    def _start_maker(self) -> Start:
        make_start = super()._start_maker()

        def directed(*given: Any) -> Rows:
            start = make_start(*given)
            start, _, lengths = _measurable(start)
            return on_sphere(start, lengths)

        return directed

    def _data_of(self, rows: Rows, weights: Distances | None) -> Data:
        rows, data, lengths = _measurable(rows)
        if not lengths.all():
            weights = _without_zeros(lengths, weights)
        scaled = on_sphere(rows, lengths)
        if scaled is not rows or weights is not None:
            data = data_of(scaled, weights)
        data.count_inertia_in(2.0)  # |x - c|² = 2 (1 - cosine)
        return data

    def _distances(self, data: Data) -> Distances:
        distances = data.squared_distances(self.cluster_centers_)
        distances /= 2
        distances[data.lengths() == 0] = 1
        return distances

    def _in_onnx(self) -> dict[str, Any]:
        return {"directions": True}


def on_sphere(rows: Rows, lengths: Distances) -> Rows:
    """The rows scaled to length 1; the very same object where they have that already.

    >>> on_sphere(np.array([[3.0, 4.0], [0.0, 0.0]]), np.array([5.0, 0.0])).tolist()
    [[0.6, 0.8], [0.0, 0.0]]
    """
    dtype = held_dtype(rows)
    if rows.dtype == dtype and (np.abs(lengths - 1) <= 4 * np.finfo(dtype).eps).all():
        return rows
    divisors = np.where(lengths > 0, lengths, 1.0)
    if issparse(rows):
        return _sparse_on_sphere(rows, divisors)  # type: ignore[no-any-return]
    found = np.empty(rows.shape, dtype)
    return np.divide(rows, divisors[:, None], out=found, casting="same_kind")


def _measurable(rows: Rows) -> tuple[Rows, Data, Distances]:
    """Rows of the same directions, whose lengths float64 can square, as data, and their lengths.

    Rows far from ordinary size are scaled by powers of two, which loses no bit; they alone, in a
    copy of all. Where there are none, the very same object.
    """
    try:
        data = data_of(rows)
        lengths = data.lengths()
        tamed = _tamed(rows) if lengths.min() < _SHORTEST else rows
        if tamed is rows:
            return rows, data, lengths
    except TooLargeError:
        tamed = _tamed(rows)
    data = data_of(tamed)
    return tamed, data, data.lengths()


def _tamed(rows: Any) -> Any:
    if rows.dtype != np.float64:  # squares of all others are well within it
        return rows
    peaks = _largest_sizes(rows)
    wild = (peaks > 0) & (peaks < np.inf) & ((peaks < _SHORTEST) | (peaks > 1 / _SHORTEST))
    if not wild.any():
        return rows
    exponents = np.where(wild, -np.frexp(peaks)[1], 0)
    if issparse(rows):
        each = np.repeat(exponents, np.diff(rows.indptr))
        return _with_values(rows, np.ldexp(_stored(rows), each))
    return np.ldexp(rows, exponents[:, None])


def _largest_sizes(rows: Any) -> Distances:
    """The largest |x| of each row; NaN where there is one."""
    if not issparse(rows):
        return np.maximum(rows.max(axis=1), -rows.min(axis=1))  # type: ignore[no-any-return]
    peaks = np.zeros(rows.shape[0])
    filled = np.flatnonzero(np.diff(rows.indptr))
    if len(filled):
        peaks[filled] = np.maximum.reduceat(np.abs(_stored(rows)), rows.indptr[filled])
    return peaks


def _stored(rows: Any) -> Any:
    return rows.data[: rows.indptr[-1]]  # what follows belongs to no row


def _with_values(rows: Any, values: Any) -> Any:
    columns = rows.indices[: rows.indptr[-1]]
    return type(rows)((values, columns, rows.indptr), shape=rows.shape)


def _sparse_on_sphere(rows: Any, divisors: Distances) -> Any:
    values = np.divide(_stored(rows), np.repeat(divisors, np.diff(rows.indptr)))
    return _with_values(rows, values.astype(rows.dtype))


def _depth_of_caller() -> int:
    """How far up a warning has to point to reach who called us, through fit() or predict()."""
    depth, frame = 1, sys._getframe(1)
    while frame.f_back and frame.f_globals.get("__name__", "").startswith(("kmosaic.", "sklearn.")):
        depth, frame = depth + 1, frame.f_back
    return depth


def _without_zeros(lengths: Distances, weights: Distances | None) -> Distances:
    """Weights that leave rows of zeros out."""
    zeros = np.flatnonzero(lengths == 0)
    warnings.warn(
        f"X has rows of zeros, {len(zeros)} in all, the first is row {zeros[0]}: they have no "
        "direction and count for nothing.",
        UserWarning,
        stacklevel=_depth_of_caller(),
    )
    return np.where(lengths > 0, 1.0 if weights is None else weights, 0.0)
