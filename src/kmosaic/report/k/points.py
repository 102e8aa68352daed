"""A sample of the rows for the map and the silhouettes, as the page's script takes it."""

from __future__ import annotations

import base64
import json
from typing import Any

import numpy as np
import numpy.typing as npt
from markupsafe import Markup
from sklearn.metrics import silhouette_samples
from sklearn.metrics.pairwise import euclidean_distances

from kmosaic._sparse import data_of
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

    Labels and silhouettes (in hundredths, plus 100) are a byte a row for each K, in base64.
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
    np.fill_diagonal(apart, 0)
    ks = sorted(k for k in choice.evidence.fits if k < 256)
    found = {
        "x": np.round(places[:, 0] / spread, 4).tolist(),
        "y": np.round(places[:, 1] / spread, 4).tolist(),
        "shares": [round(float(share), 4) for share in shares[:2]],
        "ks": ks,
        "chosen": choice.k,
        "n": int(rows.shape[0]),
        "labels": {k: _bytes(choice.evidence.fits[k].labels[chosen]) for k in ks},
        "silhouettes": {
            k: _bytes(100 + np.round(100 * _silhouettes(apart, fit.labels[chosen])))
            for k, fit in choice.evidence.fits.items()
            if 1 < k < 256
        },
    }
    text = json.dumps(found, separators=(",", ":"), allow_nan=False)
    return Markup(text.replace("<", "\\u003c"))  # what stands in a script must not end it


def _silhouettes(apart: npt.NDArray[np.float64], labels: npt.NDArray[np.int32]) -> Any:
    count = len(np.unique(labels))
    if not 1 < count < len(labels):
        return np.zeros(len(labels))
    return silhouette_samples(apart, labels, metric="precomputed")


def _bytes(values: npt.NDArray[Any]) -> str:
    return base64.b64encode(values.astype(np.uint8).tobytes()).decode()
