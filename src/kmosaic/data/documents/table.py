"""Documents that are the cells of a column, in a CSV, TSV, Parquet or JSONL file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any

from kmosaic._arguments import argument
from kmosaic._errors import InputError
from kmosaic.data.documents.columns import READERS, Columns
from kmosaic.data.documents.items import EMPTY, Memory, TextItems
from kmosaic.data.items import Skipped
from kmosaic.data.known_labels import as_labels

_LONG = 5  # words, of the median cell: fewer are names, codes and categories
_LOOKED_AT = 1000  # rows


def is_table(path: Path) -> bool:
    """Tell whether a file is a table, by its name."""
    return path.suffix.lower() in READERS


def read_table(
    path: Path,
    source: str,
    *,
    column: str | None,
    id_column: str | None,
    label_column: str | None,
    encoding: str | None,
) -> TextItems:
    """The cells of a column as documents; ids are row numbers from 0, or those of a column.

    column: None takes the only one of long text. Raises InputError for a file that is no table,
    and for columns that are not there or not to be told apart.
    """
    if path.is_file() and not path.stat().st_size:
        raise InputError(f"{source} is empty.")
    table = READERS[path.suffix.lower()](path, source, encoding)
    return texts_of(table, column=column, id_column=id_column, label_column=label_column)


def texts_of(
    table: Columns, *, column: str | None, id_column: str | None, label_column: str | None
) -> TextItems:
    """The cells of a column as documents, as `read_table` has them."""
    source = table.source
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
        raise InputError(
            f"{source}: column {name!r} is empty. Choose another ({argument('column')})."
        )
    notes = [f"The documents are the cells of column {name!r}."]
    if table.encoding is not None:
        notes.append(f"{Path(source).name} was read as {table.encoding}.")
    return TextItems(
        source,
        Memory([texts[position] for position in kept]),
        [str(place) for place in range(len(kept))],
        [ids[position] for position in kept],
        None if labels is None else labels[kept],
        tuple(notes),
        tuple(Skipped(ids[at], EMPTY) for at, text in enumerate(texts) if not text.strip()),
        id_column=id_column,
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
            f"{table.source} has {len(long)} columns of text: {', '.join(long)}. Choose one, for "
            f"example {argument('column', max(long, key=words.__getitem__))}."
        )
    raise InputError(
        f"{table.source} has no column of text that stands out; it has "
        f"{', '.join(table.cells)}. Choose one with {argument('column')}."
    )


def _words(cells: Sequence[Any]) -> float:
    counts = [len(cell.split()) for cell in cells[:_LOOKED_AT] if isinstance(cell, str) and cell]
    return median(counts) if counts else 0


def _ids(table: Columns, id_column: str | None, n: int) -> list[str]:
    if id_column is None:
        return [str(row) for row in range(n)]
    found = ["" if cell is None else str(cell) for cell in table.of(id_column)]
    seen: set[str] = set()
    for row, one in enumerate(found):
        if not one or one in seen:
            what = f"names two rows {one!r}" if one else f"is empty in row {row}"
            raise InputError(f"{table.source}: column {id_column!r} {what}: ids must differ.")
        seen.add(one)
    return found
