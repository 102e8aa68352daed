"""Images in, classified images out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

from kmosaic._events import Listener, silent
from kmosaic._paths import expanded
from kmosaic._timing import Stopwatch
from kmosaic.data import open_images
from kmosaic.pipeline import Embed, OnIteration, Run, run_images
from kmosaic.save import Sort
from kmosaic.tasks.grouping import names_and_places, saved_run


def classify_images(
    source: Any,
    n_clusters: int | Literal["auto"],
    *,
    out: str | Path | None = None,
    features: str = "auto",
    embed: Embed = "auto",
    labels: str | Path = "auto",
    names: str | Path | None = None,
    labeled_fraction: float | None = None,
    seed: int = 0,
    n_init: int | Literal["auto"] = "auto",
    max_k: int = 20,
    sort: Sort = "none",
    report: bool = True,
    parquet: bool = False,
    dry_run: bool = False,
    cache: bool = True,
    on_progress: Listener = silent,
    on_iteration: OnIteration | None = None,
) -> Run:
    """Group the images of a folder, an archive, a file of arrays, or an array.

    source: what `kmosaic.open_images` takes. labels: "auto" takes known labels from folder names
    or label files, "none" ignores them, else a CSV file `path,label`. names: a CSV file
    `cluster,name`. out: a folder for the report, the table, the model and, with sort="copy",
    "hardlink" or "symlink", the images in a folder for each name; None writes nothing. dry_run:
    only tell in `saved` what would be written. The rest: see `kmosaic.pipeline.run_images`.
    Raises InputError where something given cannot be used, and OutputError where the result
    cannot be written.

    >>> import numpy as np
    >>> images = np.zeros((6, 8, 8), np.uint8)
    >>> images[3:] = 200
    >>> images[:, 0, 0] = range(6)
    >>> run = classify_images(images, 2, features="pixels")
    >>> run.assignment.sizes.tolist()
    [3, 3]
    """
    source, out, labels, names = (expanded(path) for path in (source, out, labels, names))
    given = names_and_places(
        source, out, n_clusters, max_k=max_k, features=features, labels=labels, names=names
    )
    watch = Stopwatch()
    with watch.stage("images"):
        items = open_images(source, labels=labels, on_progress=on_progress)
    run = run_images(
        items,
        n_clusters=n_clusters,
        features=features,
        embed=embed,
        names=given,
        labeled_fraction=labeled_fraction,
        seed=seed,
        n_init=n_init,
        max_k=max_k,
        cache=cache,
        on_progress=on_progress,
        on_iteration=on_iteration,
    )
    settings = run.settings | {"labels": str(labels), "names": names and str(names)}
    run = replace(run, seconds=watch.seconds | run.seconds, settings=settings)
    return saved_run(
        run,
        out,
        sort=sort,
        report=report,
        parquet=parquet,
        dry_run=dry_run,
        on_progress=on_progress,
    )
