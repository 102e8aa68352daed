"""Neighbor-graph embedding, in which groups that are not round become round.

The graph and the layout are those of UMAP (McInnes, Healy & Melville 2018), by umap-learn, from a
start of our own: the leading eigenvectors of the graph. k-means in such an embedding is what N2D
(McConville et al. 2021) found to cluster images as well as deep networks do.
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import diags
from scipy.sparse.csgraph import connected_components
from scipy.sparse.linalg import ArpackNoConvergence, eigsh

from kmosaic._arguments import argument
from kmosaic._errors import InputError
from kmosaic._events import Listener, Progress, silent
from kmosaic._optional import need
from kmosaic.features.base import Matrix
from kmosaic.features.neighbors import nearest_rows
from kmosaic.features.steady import one_thread

N_COMPONENTS = 10
N_NEIGHBORS = 15
_MIN_DIST = 0.0  # points of one group may lie on each other, which is what k-means likes
_PRECISION = 1e-4  # of the eigenvectors, which are but the start


def embed(X: Matrix, seed: int = 0, on_progress: Listener = silent) -> Matrix:
    """Embed the rows of X (n, d) in 10 dimensions by their graph of 15 nearest neighbors, (n, 10).

    The same X and seed give the same embedding, whatever the number of threads. Raises InputError
    for fewer than 16 rows or numbers that are not finite, and MissingExtraError without umap-learn.

    >>> import pytest; _ = pytest.importorskip("umap")
    >>> two_groups = np.repeat([0.0, 9.0], 20)[:, None] + np.linspace(0, 1, 40)[:, None]
    >>> embed(two_groups.astype(np.float32)).shape
    (40, 10)
    """
    rows = _check(X)
    umap = _umap()
    neighbors = nearest_rows(rows, N_NEIGHBORS, seed, on_progress)
    on_progress(Progress("embedding", 0, None, "items", "layout"))
    random = np.random.RandomState(seed)  # what umap-learn takes
    with warnings.catch_warnings(), one_thread():
        warnings.filterwarnings("ignore", module=r"umap|numba|pynndescent")
        graph, _, _ = umap.fuzzy_simplicial_set(
            rows,
            N_NEIGHBORS,
            random,
            "euclidean",
            knn_indices=neighbors.index,
            knn_dists=neighbors.distances,
        )
        start = _start(graph, random)
        embedding = _layout(umap, rows, graph, start, random)
    on_progress(Progress("embedding", len(rows), len(rows), "items"))
    return np.ascontiguousarray(embedding, dtype=np.float32)


def _check(X: Matrix) -> Matrix:
    rows = np.ascontiguousarray(X, dtype=np.float32)
    if len(rows) <= N_NEIGHBORS:
        raise InputError(
            f"A neighbor graph needs at least {N_NEIGHBORS + 1} items, and there are {len(rows)}. "
            f"Use {argument('embed', 'none')}."
        )
    if not np.isfinite(rows).all():
        raise InputError("The features hold NaN or infinity: no neighbors can be found.")
    return rows


def _umap() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it tells of packages that it could use and we do not
        need("umap", extra="manifold")
        return need("umap.umap_", extra="manifold")


def _start(graph: Any, random: np.random.RandomState) -> npt.NDArray[np.float64]:
    """Leading eigenvectors of the graph's random walk (n, 10), with a trace of noise.

    Rows in parts of the graph that hardly touch come to lie apart (Belkin & Niyogi 2003). The first
    eigenvector of a connected graph is constant, and left out.
    """
    scale = 1 / np.sqrt(np.asarray(graph.sum(axis=1)).ravel())
    walk = (diags(scale) @ graph @ diags(scale)).tocsr()
    n = graph.shape[0]
    try:
        _, vectors = eigsh(
            walk,
            N_COMPONENTS + 1,
            which="LA",
            v0=random.uniform(-1, 1, n),
            ncv=min(n, 60),
            tol=_PRECISION,
        )
    except ArpackNoConvergence as stopped:
        vectors = stopped.eigenvectors
    parts, _ = connected_components(graph)
    leading = vectors[:, ::-1][:, int(parts == 1) :][:, :N_COMPONENTS] * scale[:, None]
    start = np.zeros((n, N_COMPONENTS))
    start[:, : leading.shape[1]] = 10 * leading / (np.abs(leading).max(initial=0) or 1)
    return start + random.normal(scale=1e-4, size=start.shape)


def _layout(
    umap: Any, rows: Matrix, graph: Any, start: Any, random: np.random.RandomState
) -> npt.NDArray[Any]:
    a, b = umap.find_ab_params(1.0, _MIN_DIST)
    embedding, _ = umap.simplicial_set_embedding(
        rows,
        graph,
        N_COMPONENTS,
        initial_alpha=1.0,
        a=a,
        b=b,
        gamma=1.0,
        negative_sample_rate=5,
        n_epochs=_rounds(len(rows)),
        init=start.astype(np.float32),
        random_state=random,
        metric="euclidean",
        metric_kwds={},
        densmap=False,
        densmap_kwds={},
        output_dens=False,
        parallel=False,  # threads would race, and no two runs be the same
    )
    return np.asarray(embedding)


def _rounds(n: int) -> int:
    """Rounds of the layout: small sets need many and large sets few, as each moves every row.

    >>> _rounds(1_797), _rounds(70_000), _rounds(1_000_000)
    (500, 71, 50)
    """
    return min(500, max(50, 5_000_000 // n))
