"""Which K, for a source of images or a table in a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy.typing as npt
from sklearn.preprocessing import StandardScaler

from kmosaic._arguments import argument
from kmosaic._errors import InputError
from kmosaic._events import Listener, silent
from kmosaic._paths import expanded
from kmosaic._plan import check_max_k, count_distinct
from kmosaic._store.answers import ANSWER, made, write_answer
from kmosaic._store.files import whole_file
from kmosaic._timing import Stopwatch
from kmosaic.data import open_images
from kmosaic.data.mixed.arrays import is_array
from kmosaic.data.mixed.opening import TABLE_KINDS, file_of, is_table
from kmosaic.data.number_table import read_numbers
from kmosaic.labels import Assignment, Names
from kmosaic.n_clusters import choose
from kmosaic.output import check_out, whole_folder, write_assignments
from kmosaic.pipeline.steps import features_of
from kmosaic.tasks.k_answer import Answer, answer_of
from kmosaic.tasks.reads import file_of_features

FILES = ("report.html", "criteria.csv", "assignments.csv", ANSWER)


@dataclass(frozen=True)
class Chosen:
    """The answer for a source, and where it was written."""

    answer: Answer
    source: str
    ids: tuple[str, ...]  # of the rows
    why: tuple[str, ...]  # what the rows are
    seconds: dict[str, float]  # time per stage
    out: Path | None = None

    def summary(self) -> dict[str, Any]:
        """The answer as plain values, ready for JSON."""
        return {
            "source": self.source,
            "n": len(self.ids),
            **self.answer.summary(),
            "why": list(self.why),
            **made(self.seconds, self.out, () if self.out is None else FILES),
        }


@dataclass(frozen=True)
class _Rows:
    X: npt.NDArray[Any]
    ids: tuple[str, ...]
    why: tuple[str, ...]
    names: tuple[str, ...] | None = None  # of the columns
    ids_are: str = "row"  # what the ids are


def choose_k_of(
    source: str | Path,
    *,
    max_k: int = 20,
    out: str | Path | None = None,
    columns: Sequence[str] | None = None,
    id_column: str | None = None,
    standardize: bool = False,
    also: Sequence[str] = (),
    features: str = "auto",
    seed: int = 0,
    cache: bool = True,
    on_progress: Listener = silent,
) -> Chosen:
    """Choose the number of clusters of the images, or of the rows of a table, in a source.

    source: what `kmosaic.open_images` takes, or the table in a CSV, TSV, Parquet or Excel file,
    "sqlite:///FILE?table=NAME" or "duckdb:///FILE?table=NAME"; a .npy or .npz array is a table
    where one of columns, id_column and standardize is given. max_k: 1 to so many clusters are
    tried, fewer where there are fewer different rows. out: a folder for the page, the criteria, the
    cluster of every row and the answer; None writes nothing. columns: of a table, those to look at;
    None for all that hold numbers but those that name the rows. id_column: of a table, names the
    rows; for None the first that does so by its cells. standardize: of a table, divide every column
    by its standard deviation first. also: see `kmosaic.choose_k`. features: of images, see
    `kmosaic.classify_images`. Raises InputError where something given cannot be used, OutputError
    where the result cannot be written.
    """
    out = None if out is None else Path(expanded(out))
    asked = columns is not None or id_column is not None or standardize
    is_rows = is_table(source) or (asked and is_array(source))
    path = file_of(source) if is_rows else Path(expanded(source))
    check_max_k(max_k)
    if is_rows and features != "auto":
        raise InputError(
            f"{argument('features', features)} is of images, and {source} is a table: leave it "
            f"out. {argument('columns')} says which columns to look at."
        )
    if out is not None:
        check_out(out, path, features=file_of_features(features))
    watch = Stopwatch()
    with watch.stage("rows"):
        if is_rows:
            rows = _of_table(source, columns, id_column, standardize, on_progress)
        elif asked:
            what = "Standardizing is for" if standardize else "Columns are of"
            raise InputError(f"{what} tables, and {source} is none: give {TABLE_KINDS}.")
        else:
            rows = _of_images(path, features, seed, cache, on_progress)
    with watch.stage("choosing K"):
        most = count_distinct(rows.X, max_k)
        choice = choose(
            rows.X,
            range(1, most + 1),
            random_state=seed,
            names=rows.names,
            also=also,
            are_features=not is_rows,
            on_progress=on_progress,
        )
    answer = answer_of(choice, rows.X, f"How many clusters are in {Path(path or source).name}?")
    few = f"K was tried up to {most}, since no more rows differ."
    why = rows.why if most == max_k else (*rows.why, few)
    found = Chosen(answer, str(source), rows.ids, why, watch.seconds)
    if out is None:
        return found
    with watch.stage("writing"):
        found = replace(found, out=out)
        _write(found, rows, out, path)
    return replace(found, seconds=watch.seconds)


def _of_table(
    source: str | Path,
    columns: Sequence[str] | None,
    id_column: str | None,
    standardize: bool,
    tell: Listener,
) -> _Rows:
    table = read_numbers(source, columns, id_column=id_column, on_progress=tell)
    why, rows = table.told(), table.rows
    if standardize:
        rows = StandardScaler().fit_transform(rows)
        why.insert(1, "Every column was divided by its standard deviation.")
    ids = table.ids or tuple(map(str, range(len(rows))))
    return _Rows(rows, ids, tuple(why), table.columns, table.id_column or "row")


def _of_images(path: Any, features: str, seed: int, cache: bool, tell: Listener) -> _Rows:
    items = open_images(path, labels="none", on_progress=tell)
    found = features_of(items, 1, features, "none", seed, cache, tell)
    ids_are = "row" if items.kind == "vectors" else "path"
    return _Rows(found.X, tuple(found.items.ids), (*items.notes, *found.why), ids_are=ids_are)


def _write(found: Chosen, rows: _Rows, out: Path, source: Path | None) -> None:
    answer = found.answer
    assignment = Assignment.of(found.ids, rows.X, answer.model.cluster_centers_)
    names = Names.numbered(answer.k)
    with whole_folder(out, source=source, command="choose-k") as folder:
        answer.to_html(folder / "report.html")
        with whole_file(folder / "criteria.csv", text=True) as file:
            file.write(answer.table.to_csv())
        write_assignments(assignment, names, folder / "assignments.csv", first=rows.ids_are)
        write_answer(found.summary(), folder / ANSWER)
