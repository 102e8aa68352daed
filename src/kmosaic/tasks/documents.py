"""Documents in, groups of documents out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

from kmosaic._events import Listener, silent
from kmosaic._paths import expanded
from kmosaic._timing import Stopwatch
from kmosaic.data.documents import open_documents
from kmosaic.pipeline import DocumentsRun, OnIteration, run_documents
from kmosaic.save import Sort
from kmosaic.tasks.grouping import names_and_places, saved_run


def classify_documents(
    source: Any,
    n_clusters: int | Literal["auto"],
    *,
    out: str | Path | None = None,
    column: str | None = None,
    id_column: str | None = None,
    features: str = "auto",
    language: str = "auto",
    encoding: str | None = None,
    labels: str | Path = "auto",
    names: str | Path | None = None,
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
) -> DocumentsRun:
    """Group the documents of a folder, an archive, a column of a table, or a list of texts.

    source, column, id_column, labels, encoding: see `kmosaic.open_documents`. features, language,
    n_clusters, n_init: see `kmosaic.pipeline.run_documents`. names: a CSV file `cluster,name`;
    None names clusters by their most telling words. out: a folder for the page, the tables, the
    model and, with sort, the documents in a folder for each name; None writes nothing. The rest:
    see `kmosaic.classify_images`. Raises InputError where something given cannot be used, and
    OutputError where the result cannot be written.

    >>> texts = ["a goal in the match", "the match was won by a goal"] * 2
    >>> texts += ["they vote for a party", "a party asks for the vote"] * 2
    >>> run = classify_documents(texts, 2)
    >>> [run.names[cluster] for cluster in run.assignment.labels[[0, 4]]]
    ['goal, match, won', 'party, vote, asks']
    """
    source, out, labels, names = (expanded(path) for path in (source, out, labels, names))
    given = names_and_places(
        source, out, n_clusters, max_k=max_k, features=features, labels=labels, names=names
    )
    watch = Stopwatch()
    with watch.stage("documents"):
        items = open_documents(
            source,
            column=column,
            id_column=id_column,
            labels=labels,
            encoding=encoding,
            on_progress=on_progress,
        )
    run = run_documents(
        items,
        n_clusters=n_clusters,
        features=features,
        language=language,
        names=given,
        seed=seed,
        n_init=n_init,
        max_k=max_k,
        cache=cache,
        on_progress=on_progress,
        on_iteration=on_iteration,
    )
    asked = {
        "column": column,
        "id_column": id_column,
        "encoding": encoding,
        "labels": labels if isinstance(labels, str) else str(labels),
        "names": names and str(names),
    }
    run = replace(run, seconds=watch.seconds | run.seconds, settings=run.settings | asked)
    return saved_run(
        run,
        out,
        sort=sort,
        report=report,
        parquet=parquet,
        dry_run=dry_run,
        on_progress=on_progress,
    )
