"""k-means on the features or in their embedding, with a number of clusters given or chosen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from kmosaic._arguments import argument
from kmosaic._events import Listener
from kmosaic._plan import check_different, check_max_k, choose_starts, count_distinct
from kmosaic.features.base import Matrix
from kmosaic.kmeans import KMeans
from kmosaic.n_clusters import Choice, choose, sentences
from kmosaic.pipeline.steps import OnIteration, fit_kmeans

AUTO_CLUSTERS = 20  # the most that "auto" tries


@dataclass(frozen=True, eq=False)
class HowMany:
    """The number of clusters that "auto" chose, and the rows that it was chosen for."""

    choice: Choice
    rows: Any  # (n, d)


@dataclass(frozen=True)
class Grouped:
    """Clusters, and how they came about."""

    kmeans: KMeans  # fitted
    starts: int | None  # None: those of all k that were tried
    why: tuple[str, ...]
    how_many: HowMany | None = None  # None where the number was given

    @property
    def n_clusters(self) -> int:
        """How many there are."""
        return int(self.kmeans.n_clusters)


def group(
    X: Matrix,
    embedding: Matrix | None,
    n_clusters: int | Literal["auto"],
    n_init: int | Literal["auto"],
    seed: int,
    tell: Listener,
    on_iteration: OnIteration | None,
    max_k: int = AUTO_CLUSTERS,
) -> Grouped:
    """Group the rows of X, (n, d), in their embedding where there is one.

    max_k: the most clusters that "auto" tries.
    """
    rows = X if embedding is None else embedding
    if n_clusters == "auto":
        return _of_a_number_chosen(rows, embedding is not None, max_k, seed, tell)
    starts = choose_starts(n_init, len(rows), X.shape[1], n_clusters)
    kmeans = fit_kmeans(X, embedding, n_clusters, starts, seed, tell, on_iteration)
    return Grouped(kmeans, starts, tuple(_about_starts(starts, embedding is not None)))


def _of_a_number_chosen(
    rows: Matrix, is_embedded: bool, max_k: int, seed: int, tell: Listener
) -> Grouped:
    check_different(2, rows)
    most = count_distinct(rows, check_max_k(max_k))
    choice = choose(
        rows, range(1, most + 1), random_state=seed, are_features=True, on_progress=tell
    )
    where = ["K was chosen in the neighbor graph."] if is_embedded else []
    if choice.k == 1:
        given = argument("n_clusters", 10)
        where.append(f"Give a number of clusters ({given}) to divide them all the same.")
    why = (*sentences(choice), *where)
    return Grouped(choice.model, None, why, HowMany(choice, rows))


def _about_starts(starts: int, is_embedded: bool) -> list[str]:
    best = f"the best of {starts} starts" if starts > 1 else "its one start"
    if is_embedded:
        return [f"k-means in the neighbor graph went on from {best} on the features themselves."]
    return [f"The result is {best} of k-means."] if starts > 1 else []
