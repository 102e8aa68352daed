"""Tables of the result: which item went where, and which could not be read."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from kmosaic._cells import to_cell
from kmosaic._errors import InputError
from kmosaic._optional import need
from kmosaic._store.files import whole_file
from kmosaic.data.items import Skipped
from kmosaic.labels import Assignment, Names, known_labels
from kmosaic.labels.telling import Term

_OURS = ("cluster", "name", "distance", "margin", "label")


def write_assignments(
    assignment: Assignment,
    names: Names,
    path: str | Path,
    *,
    truth: Any = None,
    first: str = "path",
    more: Mapping[str, Sequence[str | None]] | None = None,
) -> Path:
    """Write a row for each item: path, cluster, name, distance, margin, and label if known.

    path: ends in .csv or .parquet (extra `parquet`). Numbers are exact: reading them back gives
    the same float64. In CSV, text that a spreadsheet would run as a formula (it begins with
    = + - @ or a tab or line end, and is no number) gets an apostrophe before it, which is left out
    where the file is read as labels; Parquet holds it as it is.
    truth: (n,) known labels; missing ones are empty cells. first: the first column's name; "id" in
    place of one that another column has. more: other columns of text, after these. Raises
    InputError, OutputError.

    >>> import tempfile
    >>> a = Assignment.of(["a.png", "=b.png"], [[0.0], [0.5]], [[0.0], [2.0]])
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = write_assignments(a, Names.numbered(2), Path(folder, "table.csv"))
    ...     print(file.read_text())
    path,cluster,name,distance,margin
    a.png,0,0,0.0,0.0
    '=b.png,0,0,0.5,0.3333333333333333
    """
    path = Path(path)
    if len(names) != assignment.n_clusters:
        raise InputError(f"There are {len(names)} names for {assignment.n_clusters} clusters.")
    columns: dict[str, Sequence[Any]] = {
        id_name(first, _OURS): [str(item) for item in assignment.ids],
        "cluster": assignment.labels.tolist(),
        "name": names.of(assignment.labels).tolist(),
        "distance": assignment.distances.tolist(),
        "margin": assignment.margins.tolist(),
    }
    if truth is not None:
        columns["label"] = known_labels(truth, len(assignment)).tolist()
    columns |= more or {}
    return write_table(columns, path)


def id_name(name: str | None, others: Sequence[str]) -> str:
    """What the column of the names of the rows is called, beside others.

    >>> id_name("customer", ["score"]), id_name("score", ["score"]), id_name(None, [])
    ('customer', 'id', 'id')
    """
    return "id" if name is None or name in others else name


def write_table(columns: Mapping[str, Sequence[Any]], path: str | Path) -> Path:
    """Write columns of one length as .csv or .parquet (extra `parquet`); InputError for others."""
    write = _WRITERS.get(Path(path).suffix.lower())
    if write is None:
        raise InputError(f"{path} must end in .csv or .parquet, which says how it is written.")
    write(columns, Path(path))
    return Path(path)


def write_skipped(skipped: Iterable[Skipped], path: str | Path) -> Path:
    """Write a CSV row for each item that could not be read: path, reason. Raises OutputError."""
    rows = list(skipped)
    columns = {"path": [row.id for row in rows], "reason": [row.reason for row in rows]}
    _write_csv(columns, Path(path))
    return Path(path)


def write_terms(terms: Sequence[Sequence[Term]], names: Names, path: str | Path) -> Path:
    """Write a CSV row for each term that tells a cluster from the others. Raises OutputError.

    Columns: cluster, name, term, weight (the first has 1), share (of the cluster's documents that
    hold it) and elsewhere (of the others).
    """
    rows = [(cluster, term) for cluster, own in enumerate(terms) for term in own]
    columns: dict[str, Sequence[Any]] = {
        "cluster": [cluster for cluster, _ in rows],
        "name": [names[cluster] for cluster, _ in rows],
        "term": [term.word for _, term in rows],
        "weight": [term.weight for _, term in rows],
        "share": [term.share for _, term in rows],
        "elsewhere": [term.elsewhere for _, term in rows],
    }
    _write_csv(columns, Path(path))
    return Path(path)


def _write_csv(columns: Mapping[str, Sequence[Any]], path: Path) -> None:
    with whole_file(path, text=True) as file:
        write = csv_writer(file)
        write([to_cell(name) for name in columns])
        for row in zip(*columns.values(), strict=True):
            write([_cell(value) for value in row])


def csv_writer(file: Any) -> Callable[[Sequence[Any]], None]:
    """What writes a row of cells into a CSV file."""
    plain = csv.writer(file, lineterminator="\n")
    # Python before 3.13 leaves a lone carriage return unquoted, which readers then refuse.
    quoted = csv.writer(file, lineterminator="\n", quoting=csv.QUOTE_NONNUMERIC)

    def write(cells: Sequence[Any]) -> None:
        returns = any(isinstance(cell, str) and "\r" in cell for cell in cells)
        (quoted if returns else plain).writerow(cells)

    return write


def _cell(value: Any) -> Any:
    if value is None:
        return ""
    return to_cell(value) if isinstance(value, str) else value


def _write_parquet(columns: Mapping[str, Sequence[Any]], path: Path) -> None:
    arrow = need("pyarrow", extra="parquet")
    parquet = need("pyarrow.parquet", extra="parquet")
    kinds = {int: arrow.int32(), float: arrow.float64()}
    found = {}
    for name, values in columns.items():
        kind = kinds.get(type(values[0]) if len(values) else str)
        texts = values if kind else [_utf8(value) for value in values]
        found[name] = arrow.array(texts, kind or arrow.string())
    table = arrow.table(found)
    with whole_file(path) as file:
        parquet.write_table(table, file)


def _utf8(text: str | None) -> str | None:
    """The text with bytes of a file name that are not UTF-8 as escapes, as in the CSV."""
    return None if text is None else text.encode("utf-8", "backslashreplace").decode()


_WRITERS = {".csv": _write_csv, ".parquet": _write_parquet}
