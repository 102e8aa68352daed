"""Results on disk: a folder that is whole or not there."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, Protocol

from kmosaic._events import Listener, silent
from kmosaic._paths import expanded
from kmosaic._store.answers import ANSWER, write_answer
from kmosaic._store.files import write_page
from kmosaic._timing import Stopwatch
from kmosaic.data.items import Items, Skipped
from kmosaic.labels import Assignment, Names
from kmosaic.n_clusters import sentences
from kmosaic.output import (
    Sorted,
    check_out,
    sort_into_folders,
    whole_folder,
    write_assignments,
    write_skipped,
    write_terms,
)
from kmosaic.pipeline import DocumentsRun, Run
from kmosaic.report import k_page, write_documents_report, write_report
from kmosaic.report.facts import HOW_MANY

Sort = Literal["none", "copy", "hardlink", "symlink"]


class Classified(Protocol):
    """Items with their clusters: a Run, or what a model predicts."""

    @property
    def items(self) -> Items:
        """The readable ones."""

    @property
    def skipped(self) -> tuple[Skipped, ...]:
        """The others."""

    @property
    def assignment(self) -> Assignment:
        """The cluster of each item."""

    @property
    def names(self) -> Names:
        """The name of each cluster."""

    def summary(self) -> dict[str, Any]:
        """The answer as plain values."""


@dataclass(frozen=True)
class Saved:
    """What was written, or would be after a dry run."""

    out: Path
    files: tuple[str, ...]  # relative to `out`, in the order of writing; a folder as "model/"
    sorted: Sorted | None
    seconds: dict[str, float]  # per stage
    dry_run: bool

    def summary(self) -> dict[str, Any]:
        """The same as plain values, ready for JSON."""
        return {
            "out": str(self.out),
            "files": list(self.files),
            "sorted": None if self.sorted is None else self.sorted.counts,
            "dry_run": self.dry_run,
        }


@dataclass(frozen=True)
class Part:
    """One part of the result; the table of parts is what a folder of results holds."""

    name: str  # in the folder; ends in "/" where it is a folder
    stage: str  # of the time per stage
    write: Callable[[Path], Any]


def save_run(
    run: Run,
    out: str | Path,
    *,
    sort: Sort = "none",
    report: bool = True,
    parquet: bool = False,
    dry_run: bool = False,
    on_progress: Listener = silent,
) -> Saved:
    """Write a run into a folder: tables, model, report, and the images in a folder for each name.

    The folder appears only when it is whole. One that kmosaic made before is replaced, any other
    is refused. sort: "copy", "hardlink" or "symlink" puts each image into sorted/<name>/. parquet:
    write assignments.parquet too. dry_run: write nothing. Raises InputError if `out` cannot be
    used, and OutputError if writing fails.
    """
    watch, tell = Stopwatch(), on_progress

    def so_far() -> Run:
        return replace(run, seconds=run.seconds | watch.seconds)

    parts = [
        *_tables(run, parquet, run.columns),
        *_terms(run),
        *_folders(run, sort, dry_run, tell),
        Part("model/", "writing", run.model.save),
        Part("report.html", "report", lambda path: _report(so_far(), path, tell)),
        *_how_many(run),
        Part(ANSWER, "writing", lambda path: write_answer(so_far().summary(), path)),
    ]
    if not report:
        parts = [part for part in parts if part.stage != "report"]
    command = "documents" if isinstance(run, DocumentsRun) else "images"
    return _write(parts, out, run.items.source, dry_run, watch, command)


def save_classified(
    found: Classified,
    out: str | Path,
    *,
    model: str | Path | None = None,
    sort: Sort = "none",
    parquet: bool = False,
    dry_run: bool = False,
    on_progress: Listener = silent,
) -> Saved:
    """Write tables, the answer, and the images in a folder for each name; else as `save_run`.

    model: the folder of the model that classified them, which the result remembers.
    """
    parts = [
        *_tables(found, parquet),
        *_folders(found, sort, dry_run, on_progress),
        Part(ANSWER, "writing", lambda path: write_answer(found.summary(), path)),
    ]
    return _write(parts, out, found.items.source, dry_run, Stopwatch(), "predict", model)


def _report(run: Run, path: Path, tell: Listener) -> Path:
    if isinstance(run, DocumentsRun):
        return write_documents_report(run, path)
    return write_report(run, path, on_progress=tell)


def _how_many(run: Run) -> list[Part]:
    found = run.how_many
    if found is None:
        return []
    title = f"How many groups are in {Path(run.items.source).name or run.items.source}?"

    def write(path: Path) -> Path:
        explain = sentences(found.choice)
        return write_page(k_page(found.choice, found.rows, title=title, explain=explain), path)

    return [Part(HOW_MANY, "report", write)]


def _terms(run: Run) -> list[Part]:
    if not isinstance(run, DocumentsRun):
        return []
    terms, names = run.terms, run.names
    return [Part("terms.csv", "writing", lambda path: write_terms(terms, names, path))]


def _tables(
    found: Classified, parquet: bool, more: Mapping[str, Sequence[str | None]] | None = None
) -> list[Part]:
    def write(path: Path) -> None:
        truth = found.items.labels
        first = getattr(found.items, "ids_are", "path")
        write_assignments(found.assignment, found.names, path, truth=truth, first=first, more=more)

    parts = [Part("assignments.csv", "writing", write)]
    if parquet:
        parts.append(Part("assignments.parquet", "writing", write))
    if found.skipped:
        parts.append(
            Part("skipped.csv", "writing", lambda path: write_skipped(found.skipped, path))
        )
    return parts


def _folders(found: Classified, sort: Sort, dry_run: bool, tell: Listener) -> list[Part]:
    if sort == "none":
        return []

    def write(path: Path) -> Sorted:
        return sort_into_folders(
            found.items,
            found.assignment,
            found.names,
            path,
            sort,
            dry_run=dry_run,
            on_progress=tell,
        )

    return [Part("sorted/", "sorting", write)]


def _write(
    parts: list[Part],
    out: str | Path,
    source: Any,
    dry_run: bool,
    watch: Stopwatch,
    command: str,
    model: Any = None,
) -> Saved:
    out = expanded(out)
    results: dict[str, Any] = {}
    if dry_run:
        check_out(out, source)
        results = {p.name: p.write(Path(out, p.name)) for p in parts if p.stage == "sorting"}
    else:
        with whole_folder(out, source=source, command=command, model=model) as folder:
            for part in parts:
                with watch.stage(part.stage):
                    results[part.name] = part.write(folder / part.name)
    files = tuple(part.name for part in parts)
    return Saved(Path(out), files, results.get("sorted/"), watch.seconds, dry_run)
