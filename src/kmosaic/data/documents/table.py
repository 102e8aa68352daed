"""Documents that are the cells of a column, in a CSV, TSV, Parquet or JSONL file."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from kmosaic._errors import InputError
from kmosaic._optional import need
from kmosaic.data.documents.encoding import NotTextError, decode
from kmosaic.data.documents.items import EMPTY, Memory, TextItems
from kmosaic.data.items import Skipped
from kmosaic.data.known_labels import as_labels
from kmosaic.data.tables import table_reader

_LONG = 5  # words, of the median cell: fewer are names, codes and categories
_LOOKED_AT = 1000  # rows


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


def is_table(path: Path) -> bool:
    """Tell whether a file is a table, by its name."""
    return path.suffix.lower() in _READERS


def read_table(
    path: Path,
    source: str,
    *,
    column: str | None,
    id_column: str | None,
    label_column: str | None,
    encoding: str | None,
) -> TextItems:
    """The cells of a column as documents; ids are row numbers from 1, or those of a column.

    column: None takes the only one of long text. Raises InputError for a file that is no table,
    and for columns that are not there or not to be told apart.
    """
    table = _READERS[path.suffix.lower()](path, source, encoding)
    name = text_column(table, {id_column, label_column}) if column is None else column
    cells = table.of(name)
    wrong = next((cell for cell in cells if not (cell is None or isinstance(cell, str))), None)
    if wrong is not None:
        raise InputError(f"{source}: column {name!r} holds {wrong!r}, which is no text.")
    ids = _ids(table, id_column, len(cells))
    labels = None if label_column is None else as_labels(table.of(label_column), len(cells))
    texts = ["" if cell is None else cell for cell in cells]
    kept = [position for position, text in enumerate(texts) if text.strip()]
    if not kept:
        raise InputError(f"{source}: column {name!r} is empty. Choose another with --column.")
    notes = [f"The documents are the cells of column {name!r}."]
    if table.encoding is not None:
        notes.append(f"{path.name} was read as {table.encoding.upper()}.")
    return TextItems(
        source,
        Memory([texts[position] for position in kept]),
        [str(place) for place in range(len(kept))],
        [ids[position] for position in kept],
        None if labels is None else labels[kept],
        tuple(notes),
        tuple(Skipped(ids[at], EMPTY) for at, text in enumerate(texts) if not text.strip()),
    )


def text_column(table: Columns, others: set[str | None]) -> str:
    """The only column of long text; InputError if there is none or more than one.

    >>> text_column(Columns("t", {"id": ["a"], "body": ["it is a long text"]}), set())
    'body'
    """
    words = {
        name: _words(cells)
        for name, cells in table.cells.items()
        if name not in others and any(isinstance(cell, str) for cell in cells[:_LOOKED_AT])
    }
    long = [name for name, count in words.items() if count >= _LONG]
    if len(long) == 1:
        return long[0]
    if not long and len(words) == 1:
        return next(iter(words))
    if long:
        raise InputError(
            f"{table.source} has {len(long)} columns of text: {', '.join(long)}. Choose one with "
            f"--column, for example --column {long[0]!r}."
        )
    raise InputError(
        f"{table.source} has no column of text that stands out; it has "
        f"{', '.join(table.cells)}. Choose one with --column."
    )


def _words(cells: Sequence[Any]) -> float:
    counts = [len(cell.split()) for cell in cells[:_LOOKED_AT] if isinstance(cell, str) and cell]
    return median(counts) if counts else 0


def _ids(table: Columns, id_column: str | None, n: int) -> list[str]:
    if id_column is None:
        return [str(row + 1) for row in range(n)]
    found = ["" if cell is None else str(cell) for cell in table.of(id_column)]
    seen: set[str] = set()
    for row, one in enumerate(found):
        if not one or one in seen:
            what = f"names two rows {one!r}" if one else f"is empty in row {row + 1}"
            raise InputError(f"{table.source}: column {id_column!r} {what}: ids must differ.")
        seen.add(one)
    return found


def _text_of(path: Path, source: str, encoding: str | None) -> tuple[str, str | None]:
    try:
        found = decode(path.read_bytes(), encoding)
    except NotTextError as error:
        raise InputError(f"{source} cannot be read: {error}.") from None
    except OSError as error:
        raise InputError(f"{source} cannot be read: {error.strerror or error}.") from None
    by_looks = "" if found.is_sure else ", by its looks: --encoding says it for sure"
    told = None if found.encoding == "utf-8" else f"{found.encoding}{by_looks}"
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


_READERS: dict[str, Callable[[Path, str, str | None], Columns]] = {
    ".csv": _read_csv,
    ".tsv": _read_csv,
    ".jsonl": _read_jsonl,
    ".ndjson": _read_jsonl,
    ".parquet": _read_parquet,
    ".pq": _read_parquet,
}
