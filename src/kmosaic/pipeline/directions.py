"""k-means of directions, dense or sparse, with a number of clusters given or chosen."""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix, issparse
from sklearn.decomposition import TruncatedSVD
from sklearn.preprocessing import normalize

from kmosaic._errors import InputError
from kmosaic._events import Listener
from kmosaic._plan import check_enough, check_max_k, count_distinct
from kmosaic.features.steady import one_thread
from kmosaic.kmeans import SphericalKMeans, sampled_start
from kmosaic.n_clusters import choose, sentences
from kmosaic.pipeline.grouping import AUTO_CLUSTERS, HowMany
from kmosaic.pipeline.steps import OnIteration, Starts

LEADING = 10  # directions in which K is chosen
_MOST_STARTS = 20
_BUDGET = 50_000_000  # multiplications of one round that all starts together may cost


def check_different_rows(n_clusters: int, X: Any, which: str) -> None:
    """Raise InputError if there are fewer different rows of X, (n, d), than clusters.

    which: what these are, to be told of the documents.
    """
    if n_clusters > 1:
        check_enough(n_clusters, count_different_rows(X, n_clusters), which, "documents")


def count_different_rows(X: Any, enough: int) -> int:
    """Count the different rows of X, (n, d), but no further than `enough`."""
    if not issparse(X):
        return count_distinct(X, enough)
    seen: set[bytes] = set()
    for begin, end in zip(X.indptr[:-1], X.indptr[1:], strict=True):
        seen.add(X.indices[begin:end].tobytes() + X.data[begin:end].tobytes())
        if len(seen) == enough:
            break
    return len(seen)


class Directions(NamedTuple):
    """Clusters of directions, and how they came about."""

    kmeans: SphericalKMeans  # fitted
    starts: int | None  # None: that of the number chosen
    why: tuple[str, ...]
    how_many: HowMany | None = None


def group_directions(
    X: Any,
    n_clusters: int | Literal["auto"],
    n_init: int | Literal["auto"],
    seed: int,
    tell: Listener,
    on_iteration: OnIteration | None,
    max_k: int = AUTO_CLUSTERS,
) -> Directions:
    """Group rows of length 1, (n, d), by their directions; max_k: the most that "auto" tries."""
    if n_clusters == "auto":
        most = count_different_rows(X, check_max_k(max_k))
        if most < 2:
            raise InputError("All documents are the same in these features: there are no groups.")
        rows = leading(X, seed)
        choice = choose(
            rows, range(1, most + 1), random_state=seed, are_features=True, on_progress=tell
        )
        start = _means(X, choice.evidence.fits[choice.k].labels, choice.k)
        watch = Starts(1, tell, on_iteration)
        kmeans = SphericalKMeans(choice.k, init=start, n_init=1, on_iteration=watch).fit(X)
        watch.end(kmeans.inertia_)
        where = f"K was chosen along the {LEADING} directions that documents share most."
        return Directions(kmeans, None, (*sentences(choice), where), HowMany(choice, rows))
    size = X.nnz if issparse(X) else X.size
    cheap = max(1, min(_MOST_STARTS, _BUDGET // max(1, size * n_clusters)))
    starts = cheap if n_init == "auto" else n_init
    if starts < 1:
        raise InputError(f"n_init must be 'auto' or 1 or more, not {n_init}.")
    watch = Starts(starts, tell, on_iteration)
    kmeans = SphericalKMeans(
        n_clusters, init=sampled_start, n_init=starts, random_state=seed, on_iteration=watch
    ).fit(X)
    watch.end(kmeans.inertia_)
    about = (f"The result is the best of {starts} starts of k-means.",) if starts > 1 else ()
    return Directions(kmeans, starts, about)


def leading(X: Any, seed: int) -> npt.NDArray[np.float64]:
    """Rows of length 1 along the directions that most rows of X, (n, d), share, (n, 10 at most).

    Topics show in the first few; the others hold what is particular to single documents, among
    which every K looks as good as any other.
    """
    count = min(LEADING, min(X.shape) - 1)
    if count < 1:
        return np.asarray(X.toarray() if issparse(X) else X, np.float64)
    with one_thread(), np.errstate(invalid="ignore"):  # shares of a variance of 0 are not used
        rows = TruncatedSVD(count, random_state=seed).fit_transform(X)
    found: npt.NDArray[np.float64] = normalize(rows)
    return found


def _means(X: Any, labels: Any, k: int) -> npt.NDArray[np.float64]:
    """The direction of each cluster, (k, d)."""
    n = X.shape[0]
    own = csr_matrix((np.ones(n), (labels, np.arange(n))), shape=(k, n))
    sums = own @ X
    found: npt.NDArray[np.float64] = normalize(sums.toarray() if issparse(sums) else sums)
    return found
