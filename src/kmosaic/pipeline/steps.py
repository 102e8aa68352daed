"""The steps of the flow that are more than one call."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from kmosaic._arguments import argument
from kmosaic._errors import InputError
from kmosaic._events import Listener, Progress
from kmosaic._optional import need
from kmosaic._plan import check_different, check_enough
from kmosaic.data.items import Items, Skipped
from kmosaic.features import Cache, cached_extract, make_extractor
from kmosaic.features.auto import FEWEST_FOR_A_GRAPH
from kmosaic.features.base import ImageFeatures, Matrix
from kmosaic.features.embed import embed
from kmosaic.kmeans import Iteration, KMeans, Prototypes, merged_start, varied_start
from kmosaic.labels import Assignment, Names, Scores, labeled_part, name_by_majority, score

Embed = Literal["auto", "none", "umap"]
OnIteration = Callable[[Iteration], Any]


@dataclass(frozen=True)
class Found:
    """The features of the items that can be read, and what was decided on the way."""

    items: Items
    skipped: tuple[Skipped, ...]
    extractor: ImageFeatures  # fitted
    X: Matrix  # (n, d)
    embed: Literal["none", "umap"]
    why: tuple[str, ...]


def features_of(
    items: Items,
    n_clusters: int,
    features: str | ImageFeatures,
    how: Embed,
    seed: int,
    cache: bool,
    on_progress: Listener,
) -> Found:
    """Choose and compute the features; make sure that there is enough to group."""
    if how == "umap":  # before the long work
        need("umap", extra="manifold")
    chosen = make_extractor(features, items, seed=seed)
    extracted, was_cached, extractor = cached_extract(
        chosen.extractor, items, use_cache=cache, on_progress=on_progress
    )
    readable = items.take(extracted.index)
    check_enough(n_clusters, len(readable), "that can be read")
    check_different(n_clusters, extracted.X)
    used = chosen.embed if how == "auto" else how
    why = [chosen.why]
    if how == "auto" and used == "umap" and len(readable) < FEWEST_FOR_A_GRAPH:
        used = "none"
        why.append(
            f"Only {len(readable):,} of them can be read: too few for a neighbor graph, which "
            f"takes {FEWEST_FOR_A_GRAPH}."
        )
    if used == "umap":
        asked = "Their neighbor graph (UMAP) is used, as asked for."
        why.append(chosen.why_embed if how == "auto" else asked)
    if was_cached:
        why.append("The features were kept from an earlier run.")
    return Found(readable, extracted.skipped, extractor, extracted.X, used, tuple(why))


def embedded(X: Matrix, seed: int, cache: bool, on_progress: Listener) -> Matrix:
    """The rows in a neighbor-graph embedding, computed or kept from an earlier run."""
    content = hashlib.sha256(np.ascontiguousarray(X).tobytes()).hexdigest()
    key = Cache.key("embedding", version("kmosaic"), version("umap-learn"), seed, X.shape, content)
    kept = Cache().get(key) if cache else None
    if kept is not None:
        on_progress(Progress("embedding", len(X), len(X), note="from the cache"))
        return kept[1]["rows"]
    rows = embed(X, seed=seed, on_progress=on_progress)
    if cache:
        Cache().put(key, {}, {"rows": rows})
    return rows


def fit_kmeans(
    X: Matrix,
    embedding: Matrix | None,
    n_clusters: int,
    starts: int,
    seed: int,
    tell: Listener,
    on_iteration: OnIteration | None,
) -> KMeans:
    """Fit k-means on the features, and go on from there in their embedding, if there is one.

    Two ways of starting find the best clusters of more kinds of data than one; a single start has
    to be the one that seldom fails. In an embedding the lowest inertia is no good judge of starts,
    as the distances between far groups mean little there: a small group that lies apart would get
    a center of its own, and two large ones share one.
    """
    watch = Starts(starts, tell, on_iteration)
    init = merged_start if starts == 1 else varied_start
    kmeans = KMeans(n_clusters, init=init, n_init=starts, random_state=seed, on_iteration=watch)
    kmeans.fit(X)
    if embedding is not None:
        means = cluster_means(embedding, kmeans.labels_, n_clusters)
        kmeans = KMeans(n_clusters, init=means, n_init=1, on_iteration=watch).fit(embedding)
    watch.end(kmeans.inertia_)
    return kmeans


def cluster_means(rows: Matrix, labels: npt.NDArray[np.int32], n_clusters: int) -> Matrix:
    """The mean row of each cluster, (n_clusters, d).

    >>> cluster_means(np.array([[0.0], [2.0], [9.0]]), np.array([1, 1, 0]), 2).tolist()
    [[9.0], [1.0]]
    """
    members = (rows[labels == cluster] for cluster in range(n_clusters))
    return np.stack([own.mean(axis=0, dtype=np.float64) for own in members]).astype(rows.dtype)


class Starts:
    """Tells iterations as progress; how many are to come is judged by the starts before."""

    def __init__(self, starts: int, tell: Listener, on_iteration: OnIteration | None) -> None:
        self._starts, self._tell, self._on_iteration = starts, tell, on_iteration
        self._done = 0

    def __call__(self, iteration: Iteration) -> None:
        """Tell of an iteration."""
        self._done += 1
        finished = iteration.run - 1
        before = self._done - iteration.number  # iterations of the starts that are finished
        total = max(self._done + 1, before * self._starts // finished) if finished else None
        start = f"start {iteration.run} of {self._starts}, " if self._starts > 1 else ""
        note = f"{start}inertia {iteration.inertia:.6g}"
        self._tell(Progress("k-means", self._done, total, "iterations", note))
        if self._on_iteration is not None:
            self._on_iteration(iteration)

    def end(self, inertia: float) -> None:
        """Tell that all starts are done."""
        note = f"inertia {inertia:.6g}"
        self._tell(Progress("k-means", self._done, self._done, "iterations", note))


def check_fraction(fraction: float | None, truth: Any) -> None:
    """Raise InputError, before the long work, if there is no such part of the labels."""
    if fraction is None:
        return
    if not _are_known(truth):
        name, labels = argument("labeled_fraction"), argument("labels")
        raise InputError(f"{name} needs known labels, and there are none: see {labels}.")
    labeled_part(truth, fraction)


def _are_known(truth: Any) -> bool:
    return truth is not None and any(label is not None for label in truth)


def name_and_score(
    assignment: Assignment, truth: Any, names: Names | None, fraction: float | None, seed: int
) -> tuple[Names, Scores | None]:
    """Names of the clusters and, where labels are known, how well the two agree."""
    if not _are_known(truth):
        return names or Names.numbered(assignment.n_clusters), None
    known = None if fraction is None else labeled_part(truth, fraction, seed)
    chosen = names or name_by_majority(assignment, truth, known)
    return chosen, score(assignment, truth, known=known, names=names)


def in_feature_space(
    X: Matrix, embedding: Matrix | None, kmeans: KMeans, seed: int
) -> tuple[npt.NDArray[Any], npt.NDArray[np.int32]]:
    """Centers and their clusters, for new images: prototypes where k-means ran elsewhere."""
    if embedding is None:
        return kmeans.cluster_centers_, np.arange(kmeans.n_clusters, dtype=np.int32)
    prototypes = Prototypes(random_state=seed).fit(X, kmeans.labels_)
    return prototypes.centers_, prototypes.owners_
