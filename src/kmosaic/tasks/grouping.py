"""What grouping images and grouping documents have in common, before and after."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, Literal, TypeVar

from kmosaic._errors import InputError
from kmosaic._events import Listener
from kmosaic._plan import check_max_k, check_number
from kmosaic.labels import Names, names_from_csv
from kmosaic.output import check_out
from kmosaic.pipeline import Run
from kmosaic.save import Sort, save_run
from kmosaic.tasks.reads import file_of_features, file_of_labels

AnyRun = TypeVar("AnyRun", bound=Run)


def names_and_places(
    source: Any,
    out: Any,
    n_clusters: int | Literal["auto"],
    *,
    max_k: int,
    features: Any,
    labels: Any,
    names: Any,
) -> Names | None:
    """The names that were given, once it is known that out overwrites nothing that is read."""
    check_number(n_clusters)
    check_max_k(max_k)
    if out is not None:
        check_out(
            out,
            source,
            labels=file_of_labels(labels),
            names=names,
            features=file_of_features(features),
        )
    if names is None:
        return None
    if n_clusters == "auto":
        raise InputError("Names need a known number of clusters: give it in place of auto.")
    return names_from_csv(names, int(n_clusters))


def saved_run(
    run: AnyRun,
    out: str | Path | None,
    *,
    sort: Sort,
    report: bool,
    parquet: bool,
    dry_run: bool,
    on_progress: Listener,
) -> AnyRun:
    """The run, saved where there is a place for it."""
    if out is None:
        return run
    saved = save_run(
        run,
        out,
        sort=sort,
        report=report,
        parquet=parquet,
        dry_run=dry_run,
        on_progress=on_progress,
    )
    return replace(run, saved=saved, seconds=run.seconds | saved.seconds)
