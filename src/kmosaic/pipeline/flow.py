"""The whole flow."""

from __future__ import annotations

from importlib.metadata import version
from typing import Literal

from kmosaic._events import Listener, silent
from kmosaic._plan import check_enough
from kmosaic._timing import Stopwatch
from kmosaic.data.items import Items
from kmosaic.features.base import ImageFeatures
from kmosaic.labels import Assignment, Names
from kmosaic.output import Model
from kmosaic.pipeline.grouping import group
from kmosaic.pipeline.run import Run
from kmosaic.pipeline.steps import (
    Embed,
    OnIteration,
    check_fraction,
    embedded,
    features_of,
    in_feature_space,
    name_and_score,
)


def run_images(
    items: Items,
    *,
    n_clusters: int | Literal["auto"],
    features: str | ImageFeatures = "auto",
    embed: Embed = "auto",
    names: Names | None = None,
    labeled_fraction: float | None = None,
    seed: int = 0,
    n_init: int | Literal["auto"] = "auto",
    max_k: int = 20,
    cache: bool = True,
    on_progress: Listener = silent,
    on_iteration: OnIteration | None = None,
) -> Run:
    """Group images: features, k-means, assignment, names and scores.

    items: from `open_images`. n_clusters: how many groups; "auto" tries 1 to max_k and says in
    `why` what it chose, and why. features: a name from `kmosaic.features.EXTRACTORS`,
    "embedding:FILE.npy", "onnx:MODEL.onnx", an extractor, or "auto".
    embed: "umap" runs k-means in a neighbor-graph embedding of the features (extra `manifold`).
    names: of the clusters; None names them from known labels, else by number. labeled_fraction:
    take names from this part of the labels only, and score on the rest. n_init: starts of k-means,
    the best is kept; "auto" takes more where one is cheap. seed: for everything random. cache: keep
    features for the next run. Raises InputError where something given cannot be used.

    >>> import numpy as np
    >>> from kmosaic.data import as_items
    >>> dark, bright = np.zeros((3, 8, 8), np.uint8), np.full((2, 8, 8), 200, np.uint8)
    >>> noise = np.random.default_rng(0).integers(0, 9, (5, 8, 8), np.uint8)
    >>> items = as_items(np.concatenate([dark, bright]) + noise)
    >>> run = run_images(items, n_clusters=2, features="pixels", cache=False)
    >>> sorted(run.assignment.sizes.tolist())
    [2, 3]
    """
    fewest = 1 if n_clusters == "auto" else n_clusters
    check_enough(fewest, len(items), f"in {items.source}")
    check_fraction(labeled_fraction, items.labels)
    watch = Stopwatch()
    with watch.stage("features"):
        found = features_of(items, fewest, features, embed, seed, cache, on_progress)
    embedding = None
    if found.embed == "umap":
        with watch.stage("embedding"):
            embedding = embedded(found.X, seed, cache, on_progress)
    rows = found.X if embedding is None else embedding
    with watch.stage("k-means"):
        grouped = group(
            found.X, embedding, n_clusters, n_init, seed, on_progress, on_iteration, max_k
        )
    kmeans = grouped.kmeans
    with watch.stage("names"):
        assignment = Assignment.of(found.items.ids, rows, kmeans.cluster_centers_)
        names, scores = name_and_score(
            assignment, found.items.labels, names, labeled_fraction, seed
        )
    settings = {
        "n_clusters": n_clusters,
        "max_k": max_k if n_clusters == "auto" else None,
        "features": features if isinstance(features, str) else repr(features),
        "embed": found.embed,
        "labeled_fraction": labeled_fraction,
        "seed": seed,
        "n_init": grouped.starts,
        "kmosaic": version("kmosaic"),
    }
    with watch.stage("model"):
        centers, owners = in_feature_space(found.X, embedding, kmeans, seed)
        model = Model(found.extractor, centers, owners, grouped.n_clusters, names, settings)
    return Run(
        items=found.items,
        skipped=found.skipped,
        extractor=found.extractor,
        features=found.X,
        embedding=embedding,
        kmeans=kmeans,
        model=model,
        assignment=assignment,
        names=names,
        scores=scores,
        why=(*items.notes, *found.why, *grouped.why),
        seconds=watch.seconds,
        settings=settings,
        how_many=grouped.how_many,
    )
