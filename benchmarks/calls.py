"""How each library is asked for the same fit.

Each is imported in a process of its own, when it is loaded. A fit gives centers and the label of
every row: where a peer's training gives centers alone, its own assignment follows inside the timed
call. Where a peer does not take a kind of rows, what its user would do is done there too: uint8 is
cast to float32.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Centers = npt.NDArray[Any]
ALL_ROWS = 1_000_000_000  # "points per centroid": no sampling
TO_THE_END = -1.0  # "early stop": faiss takes the noise of its float32 objective for convergence


@dataclass(frozen=True)
class Found:
    """What a fit gave."""

    centers: Centers
    n_iter: int
    algorithm: str = ""  # what ran, and why, where the library says so


@dataclass(frozen=True)
class Calls:
    """What a library can do; each call is timed as a whole."""

    fit: Callable[[Any, Centers, int], Found] | None = None  # rows, start, max_iter
    seed: Callable[[Any, int, int], Centers] | None = None  # rows, k, random_state


def load_kmosaic(algorithm: str) -> Callable[[int], Calls]:
    """kmosaic.KMeans with this algorithm."""

    def load(_: int) -> Calls:
        import kmosaic
        from kmosaic._sparse import contents, data_of

        def fit(rows: Any, start: Centers, max_iter: int) -> Found:
            model = kmosaic.KMeans(
                len(start), init=start, n_init=1, max_iter=max_iter, tol=0, algorithm=algorithm
            ).fit(rows)
            used = getattr(model, "algorithm_used_", ""), getattr(model, "why_", "")
            said = ": ".join(str(part) for part in used if part)
            return Found(model.cluster_centers_, model.n_iter_, said)

        def seed(rows: Any, k: int, random_state: int) -> Centers:
            chosen = data_of(rows).plus_plus(k, np.random.RandomState(random_state))
            return contents(rows, chosen)

        return Calls(fit, seed)

    return load


def load_scikit_learn(algorithm: str) -> Callable[[int], Calls]:
    """sklearn.cluster.KMeans with this algorithm."""

    def load(_: int) -> Calls:
        from sklearn.cluster import KMeans, kmeans_plusplus

        def seed(rows: Any, k: int, random_state: int) -> Centers:
            centers: Centers = kmeans_plusplus(rows, k, random_state=random_state)[0]
            return centers

        return Calls(_estimator(KMeans, algorithm), seed)

    return load


def load_intelex(threads: int) -> Calls:
    """The estimator of scikit-learn-intelex itself; scikit-learn is not patched."""
    import daal4py
    from sklearnex.cluster import KMeans

    daal4py.daalinit(threads)
    return Calls(_estimator(KMeans, "lloyd"))


def _estimator(kind: Any, algorithm: str) -> Callable[[Any, Centers, int], Found]:
    def fit(rows: Any, start: Centers, max_iter: int) -> Found:
        model = kind(
            len(start), init=start, n_init=1, max_iter=max_iter, tol=0, algorithm=algorithm
        ).fit(_floats(rows))
        return Found(model.cluster_centers_, int(model.n_iter_))

    return fit


def load_faiss(threads: int) -> Calls:
    """faiss.Kmeans on all rows."""
    import faiss

    faiss.omp_set_num_threads(threads)

    def fit(rows: Any, start: Centers, max_iter: int) -> Found:
        model = faiss.Kmeans(
            rows.shape[1],
            len(start),
            niter=max_iter,
            early_stop_threshold=TO_THE_END,
            nredo=1,
            max_points_per_centroid=ALL_ROWS,
            min_points_per_centroid=1,
        )
        model.train(rows, init_centroids=np.ascontiguousarray(start, dtype=np.float32))
        model.assign(rows)
        return Found(model.centroids, len(model.iteration_stats))

    return Calls(fit)


def load_faiss_super(threads: int) -> Calls:
    """faiss.SuperKmeans on all rows, from starting centers of its own."""
    import faiss

    faiss.omp_set_num_threads(threads)

    def fit(rows: Any, start: Centers, max_iter: int) -> Found:
        model = faiss.SuperKmeans(
            rows.shape[1],
            len(start),
            niter=max_iter,
            early_stop_threshold=TO_THE_END,
            max_points_per_centroid=ALL_ROWS,
            min_points_per_centroid=1,
        )
        model.train(rows)
        model.assign(rows)
        return Found(model.centroids, len(model.iteration_stats))

    return Calls(fit)


def load_superkmeans(threads: int) -> Calls:
    """superkmeans.SuperKMeans on all rows, from starting centers of its own."""
    import superkmeans

    def fit(rows: Any, start: Centers, max_iter: int) -> Found:
        model = superkmeans.SuperKMeans(
            len(start),
            rows.shape[1],
            hierarchical=False,
            iters=max_iter,
            sampling_fraction=1.0,
            max_points_per_cluster=ALL_ROWS,
            n_threads=threads,
            tol=0.0,
            early_termination=False,
        )
        rows = np.ascontiguousarray(rows, dtype=np.float32)
        centers = model.train(rows)
        model.assign(rows, centers)
        return Found(centers, len(model.iteration_stats))

    return Calls(fit)


def load_gemm(_: int) -> Calls:
    """The matrix product of all distances and nothing else: no library of this kind is faster."""

    def fit(rows: Any, start: Centers, max_iter: int) -> Found:
        columns = np.ascontiguousarray(start.T)
        block = max(256, 4_000_000 // len(start))
        products = np.empty((block, len(start)), dtype=rows.dtype)
        for _ in range(max_iter):
            for begin in range(0, len(rows), block):
                part = rows[begin : begin + block]
                np.matmul(part, columns, out=products[: len(part)])
        return Found(start, max_iter)

    return Calls(fit)


def _floats(rows: Any) -> Any:
    # scikit-learn alone would widen to float64, which is twice as slow: its users cast.
    return rows.astype(np.float32) if rows.dtype == np.uint8 else rows
