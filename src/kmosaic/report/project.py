"""The map: a sample of the rows, flattened to two dimensions."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from sklearn.decomposition import PCA

from kmosaic.features.base import Matrix
from kmosaic.labels import Assignment
from kmosaic.report.facts import Map, Picture
from kmosaic.report.thumbnails import BYTES_FOR_MAP, Decoded, fitting, sheets

_ROWS_TO_LEARN_FROM = 5_000
_TILES = ((600, 64), (2_000, 56), (10_000, 48))  # up to so many points: pixels a side
_COLUMNS = 32
_ROWS = 32


def flatten(
    X: Matrix, positions: npt.NDArray[np.int64], seed: int = 0
) -> tuple[npt.NDArray[np.float32], float]:
    """Project the rows at these positions onto the two directions of largest variance.

    Returns the points, shape (m, 2), scaled alike on both axes to fill -1..1, and the share of the
    variance that they show. The directions are learned from at most 5,000 rows.
    """
    rows = np.random.default_rng(seed).permutation(len(X))[:_ROWS_TO_LEARN_FROM]
    sample = np.asarray(X[np.sort(rows)], dtype=np.float64)
    flat = np.zeros((len(positions), 2))
    axes = min(2, *sample.shape)
    if np.ptp(sample, axis=0).max() == 0:  # all rows are the same
        return flat.astype(np.float32), 1.0
    solver = "covariance_eigh" if sample.shape[1] <= 1000 else "randomized"
    pca = PCA(axes, svd_solver=solver, random_state=seed).fit(sample)
    flat[:, :axes] = pca.transform(np.asarray(X[positions], dtype=np.float64))
    low, high = flat.min(axis=0), flat.max(axis=0)
    half = float((high - low).max()) / 2 or 1.0
    points = (flat - (low + high) / 2) / half
    return points.astype(np.float32), float(pca.explained_variance_ratio_.sum())


def tiles(
    positions: npt.NDArray[np.int64], decoded: Decoded
) -> tuple[int, int, int, tuple[Picture, ...]]:
    """Thumbnails of the points: side, columns, tiles a sheet, and the sheets."""
    images = [decoded.images.get(int(position)) for position in positions]
    sides = [max(image.shape[:2]) for image in images if image is not None]
    if not sides:
        return 0, _COLUMNS, _COLUMNS * _ROWS, ()
    largest = next(side for most, side in _TILES if len(sides) <= most)
    laid = fitting(
        lambda side: sheets(images, side, _COLUMNS, _ROWS), min(largest, max(sides)), BYTES_FOR_MAP
    )
    return laid[0].width // _COLUMNS, _COLUMNS, _COLUMNS * _ROWS, tuple(laid)


def map_of(
    X: Matrix,
    positions: npt.NDArray[np.int64],
    decoded: Decoded,
    *,
    assignment: Assignment,
    labels: npt.NDArray[np.object_] | None,
) -> Map:
    """Gather the map of the items at these positions."""
    points, explained = flatten(X, positions)
    tile, columns, per_sheet, pictures = tiles(positions, decoded)
    return Map(
        points=points,
        ids=tuple(str(assignment.ids[p]) for p in positions.tolist()),
        clusters=assignment.labels[positions],
        labels=tuple(None if labels is None else labels[p] for p in positions.tolist()),
        distances=assignment.distances[positions],
        margins=assignment.margins[positions],
        n_total=len(assignment),
        explained=explained,
        tile=tile,
        columns=columns,
        per_sheet=per_sheet,
        sheets=pictures,
    )
