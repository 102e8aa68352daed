"""A sample of the rows for the map and the silhouettes, as the page's script takes it."""

from __future__ import annotations

import base64
import json
from typing import Any

import numpy as np
import numpy.typing as npt
from markupsafe import Markup
from scipy.sparse import issparse
from sklearn.metrics import silhouette_samples
from sklearn.metrics.pairwise import euclidean_distances

from kmosaic._sparse import data_of
from kmosaic._values import Distances
from kmosaic.features.steady import one_thread
from kmosaic.kmeans import KMeans
from kmosaic.kmeans.checks import check_rows
from kmosaic.n_clusters import Choice
from kmosaic.n_clusters.reference import principal_axes
from kmosaic.n_clusters.sample import draw, take

MOST_POINTS = 1_500
_SEED = 0


def map_of(choice: Choice, X: Any) -> Markup:
    """The sample as JSON: places on the first two principal components, labels and silhouettes.

    Labels are one byte a row for each K, or two where there are more than 256 clusters; silhouettes
    (in hundredths, plus 100) are one. Both are in base64. centers: places of the K centers.
    """
    rows = check_rows(KMeans(), X, reset=True, sparse=True)
    order = data_of(rows).content_order()
    chosen = draw(order, MOST_POINTS, np.random.RandomState(_SEED))
    some = take(rows, chosen)
    axes = principal_axes(some)
    places = np.zeros((len(chosen), 2))
    places[:, : min(axes.shape[1], 2)] = axes[:, :2]
    spread = float(np.abs(places).max()) or 1.0
    shares = np.var(axes, axis=0) / max(float(np.var(axes, axis=0).sum()), 1e-300)
    with one_thread():
        apart = euclidean_distances(axes)
        middles = _centers(some, axes[:, :2], choice) / spread
    np.fill_diagonal(apart, 0)
    ks = sorted(choice.evidence.fits)
    is_wide = ks[-1] > 256
    ends = np.cumsum(ks)[:-1]
    found = {
        "x": np.round(places[:, 0] / spread, 4).tolist(),
        "y": np.round(places[:, 1] / spread, 4).tolist(),
        "shares": [round(float(share), 4) for share in shares[:2]],
        "ks": ks,
        "chosen": choice.k,
        "n": int(rows.shape[0]),
        "wide": is_wide,
        "labels": {k: _base64(choice.evidence.fits[k].labels[chosen], is_wide) for k in ks},
        "centers": {
            k: np.round(of_k, 4).tolist()
            for k, of_k in zip(ks, np.split(middles, ends), strict=True)
        },
        "silhouettes": {
            k: _base64(100 + np.round(100 * _silhouettes(apart, fit.labels[chosen])))
            for k, fit in choice.evidence.fits.items()
            if k > 1
        },
    }
    text = json.dumps(found, separators=(",", ":"), allow_nan=False)
    return Markup(text.replace("<", "\\u003c"))  # what stands in a script must not end it


def _silhouettes(apart: npt.NDArray[np.float64], labels: npt.NDArray[np.int32]) -> Any:
    count = len(np.unique(labels))
    if not 1 < count < len(labels):
        return np.zeros(len(labels))
    return silhouette_samples(apart, labels, metric="precomputed")


def _centers(some: Any, axes: npt.NDArray[np.float64], choice: Choice) -> Distances:
    """Where the centers of every K, one K after the other, stand on two axes of some rows.

    An axis is a = Y v for the rows Y about their mean m, so that v = Y'a / a'a, and a center c is
    at (c - m) v: the rows themselves are not needed along v, and sparse ones stay so.
    """
    fits = choice.evidence.fits
    centers = np.concatenate([fits[k].centers for k in sorted(fits)]).astype(np.float64)
    mean = np.asarray(some.mean(axis=0, dtype=np.float64)).ravel()
    # A column's a sums to zero, so that X'a is Y'a; dense rows lose less with their mean taken off.
    known = some if issparse(some) else np.asarray(some, dtype=np.float64) - mean
    lengths = np.square(axes).sum(axis=0)
    steps = np.asarray(known.T @ axes) / np.where(lengths > 0, lengths, 1.0)
    places = np.zeros((len(centers), 2))
    places[:, : axes.shape[1]] = (centers - mean) @ steps
    return places


def _base64(values: npt.NDArray[Any], is_wide: bool = False) -> str:
    return base64.b64encode(values.astype("<u2" if is_wide else "u1").tobytes()).decode()
