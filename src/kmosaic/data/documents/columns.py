"""Tables with texts in their cells, from CSV, TSV, Parquet and JSONL files."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kmosaic._arguments import argument
from kmosaic._errors import InputError
from kmosaic._optional import need
from kmosaic.data.documents.encoding import NotTextError, decode
from kmosaic.data.tables import table_reader


@dataclass(frozen=True)
class Columns:
    """A table by its columns; what is no text is as the file has it, None where it is empty."""

    source: str
    cells: dict[str, Sequence[Any]]
    encoding: str | None = None  # that has to be told; None: nothing to tell

    def of(self, name: str) -> Sequence[Any]:
        """One column; InputError for a name that the table does not have."""
        if name not in self.cells:
            raise InputError(
                f"{self.source} has no column {name!r}; it has {', '.join(self.cells)}."
            )
        return self.cells[name]


def _text_of(path: Path, source: str, encoding: str | None) -> tuple[str, str | None]:
    try:
        found = decode(path.read_bytes(), encoding)
    except NotTextError as error:
        raise InputError(f"{source} cannot be read: {error}.") from None
    except OSError as error:
        raise InputError(f"{source} cannot be read: {error.strerror or error}.") from None
    by_looks = "" if found.is_sure else f", by its looks: {argument('encoding')} says it for sure"
    told = None if found.encoding == "utf-8" else f"{found.encoding.upper()}{by_looks}"
    return found.text, told


@contextmanager
def _long_cells() -> Iterator[None]:
    """Cells of any length: Python's own limit is 128 KB, less than a long document."""
    before = csv.field_size_limit(min(sys.maxsize, 2**31 - 1))
    try:
        yield
    finally:
        csv.field_size_limit(before)


def _read_csv(path: Path, source: str, encoding: str | None) -> Columns:
    text, told = _text_of(path, source, encoding)
    try:
        with _long_cells():
            reader = table_reader(io.StringIO(text, newline=""))
            lines = [(reader.line_num, line) for line in reader if line]
    except csv.Error as error:
        raise InputError(f"{source} cannot be read as a CSV: {error}.") from None
    if len(lines) < 2:
        raise InputError(f"{source} has no rows below the names of its columns.")
    names = lines[0][1]
    for number, line in lines[1:]:
        if len(line) != len(names):
            raise InputError(
                f"{source}, line {number}: {len(line)} cells, where the first line has "
                f"{len(names)}. Add or remove the others, or put the text in double quotes."
            )
    cells = zip(*(line for _, line in lines[1:]), strict=True)
    return Columns(source, dict(zip(_once(names, source), cells, strict=True)), told)


def _once(names: Sequence[str], source: str) -> Sequence[str]:
    for name in names:
        if names.count(name) > 1:
            raise InputError(f"{source} has two columns named {name!r}: rename one.")
    return names


def _read_jsonl(path: Path, source: str, encoding: str | None) -> Columns:
    text, told = _text_of(path, source, encoding)
    rows: list[dict[str, Any]] = []
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise InputError(f"{source}, line {number} is no JSON: {error}.") from None
        if not isinstance(row, dict):
            raise InputError(f"{source}, line {number} is no object such as {{'text': ...}}.")
        rows.append(row)
    if not rows:
        raise InputError(f"{source} is empty.")
    names = dict.fromkeys(name for row in rows for name in row)
    return Columns(source, {name: [row.get(name) for row in rows] for name in names}, told)


def _read_parquet(path: Path, source: str, _: str | None) -> Columns:
    parquet = need("pyarrow.parquet", extra="parquet")
    try:
        table = parquet.read_table(path)
    except Exception as error:  # what damaged bytes raise has no end
        raise InputError(f"{source} cannot be read as a Parquet table: {error}.") from None
    if not table.num_rows:
        raise InputError(f"{source} is empty.")
    names = _once(list(table.column_names), source)
    found = [column.to_pylist() for column in table.columns]
    return Columns(source, dict(zip(names, found, strict=True)))


def is_frame(source: Any) -> bool:
    """Tell whether a source is a table in memory.

    >>> is_frame({"text": ["a"]}), is_frame(["a"])
    (True, False)
    """
    return isinstance(source, Mapping) or (hasattr(source, "columns") and hasattr(source, "keys"))


def columns_of_frame(frame: Any) -> Columns:
    """The columns of a data frame or a dict, with None for what is missing."""
    names = _once([str(name) for name in frame], "the table")
    for name, key in zip(names, frame, strict=True):
        if isinstance(frame[key], str | bytes) or not isinstance(frame[key], Iterable):
            raise InputError(f"Column {name!r} of the table must be a list of cells, one a row.")
    cells: dict[str, Sequence[Any]] = {
        name: [None if is_missing(one) else one for one in values]
        for name, values in zip(names, (frame[key] for key in frame), strict=True)
    }
    if len({len(values) for values in cells.values()}) != 1 or not all(cells.values()):
        raise InputError("The columns of the table must be of one length, with a row at least.")
    return Columns("the table", cells)


def is_missing(one: Any) -> bool:
    """Whether a cell or a text is none, as Python, numpy and pandas write a gap."""
    return one is None or (not isinstance(one, str) and str(one) in ("nan", "NaT", "<NA>"))


READERS: dict[str, Callable[[Path, str, str | None], Columns]] = {
    ".csv": _read_csv,
    ".tsv": _read_csv,
    ".jsonl": _read_jsonl,
    ".ndjson": _read_jsonl,
    ".parquet": _read_parquet,
    ".pq": _read_parquet,
}
