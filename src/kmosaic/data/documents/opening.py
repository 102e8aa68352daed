"""One door for every source of documents."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from kmosaic._errors import InputError
from kmosaic._events import Listener, Progress, silent
from kmosaic._paths import expanded
from kmosaic.data.documents.archives import read_tar, read_zip
from kmosaic.data.documents.columns import columns_of_frame, is_frame, is_missing
from kmosaic.data.documents.encoding import check_encoding
from kmosaic.data.documents.files import read_folder
from kmosaic.data.documents.items import EMPTY, Memory, TextItems
from kmosaic.data.documents.table import is_table, read_table, texts_of
from kmosaic.data.items import Skipped
from kmosaic.data.known_labels import as_labels
from kmosaic.data.label_csv import labeled_by_csv
from kmosaic.data.tars import is_tar
from kmosaic.data.zips import is_zip

_KINDS = "a folder, zip or tar of text files, or a CSV, TSV, Parquet or JSONL table"


def open_documents(
    source: Any,
    *,
    column: str | None = None,
    id_column: str | None = None,
    labels: Any = "auto",
    encoding: str | None = None,
    on_progress: Listener = silent,
) -> TextItems:
    """Documents from a folder, zip or tar of text files, a column of a table, or memory.

    source: a folder tree, a .zip or a .tar, compressed or not (files that are no text are skipped,
    with the reason; HTML is read without its tags), a .csv, .tsv, .parquet or .jsonl file, a data
    frame or dict of columns, or texts in memory. column: of a table, the one with the texts;
    None takes the only one of long text. id_column: of a table, the one that names the rows.
    labels: "auto" takes the names of parent folders, "none" takes none; a path is a CSV of
    `path,label`; of a table, the name of a column; of texts in memory, one each. encoding: of
    what is neither UTF-8 nor marked as UTF-16; None finds out, and `notes` says so. Raises
    InputError for a source that is not there, cannot be read or holds no text.

    >>> items = open_documents(["first text", "second text"], labels=["a", "b"])
    >>> items.ids, items.text(1)
    (['0', '1'], 'second text')
    """
    check_encoding(encoding)
    _check_one("column", column)
    _check_one("id_column", id_column)
    source, labels = expanded(source), expanded(labels)
    if is_frame(source):
        return texts_of(
            columns_of_frame(source),
            column=column,
            id_column=id_column,
            label_column=_label_column(labels),
        )
    if not isinstance(source, str | os.PathLike):
        _no_columns(column, id_column, "texts in memory")
        items = _of_memory(source)
        return items if _is_auto(labels) else _labeled_in_memory(items, labels)
    path, name = Path(source), str(source)
    if not path.exists():
        raise InputError(f"There is no file or folder {name!r}.")
    if path.is_file() and is_table(path):
        items = _of_table(path, name, column, id_column, labels, encoding)
        on_progress(Progress("documents", len(items), len(items), "documents"))
        return items
    _no_columns(column, id_column, name)
    if path.is_dir():
        items = read_folder(path, name, encoding, on_progress)
    elif is_zip(path):
        items = read_zip(path, name, encoding, on_progress)
    elif is_tar(path):
        items = read_tar(path, name, encoding, on_progress)
    else:
        raise InputError(f"{name} is none of what can be read: {_KINDS}.")
    return _labeled(items, labels, path)


def _check_one(what: str, name: Any) -> None:
    if name is not None and not isinstance(name, str):
        raise InputError(f"{what} must be the name of one column, not {name!r}.")


def _is_auto(labels: Any) -> bool:
    return labels is None or (isinstance(labels, str) and labels in ("auto", "none"))


def _labeled_in_memory(items: TextItems, labels: Any) -> TextItems:
    if not isinstance(items.store, Memory):
        return items.with_labels(as_labels(labels, len(items)))
    known = as_labels(labels, len(items.store.texts))  # one for each that was given, empty or not
    return items.with_labels(known[[int(name) for name in items.names]])


def _no_columns(column: str | None, id_column: str | None, source: str) -> None:
    if column is not None or id_column is not None:
        raise InputError(f"Columns are of tables, and {source} is none (CSV, Parquet or JSONL).")


def _of_table(
    path: Path,
    source: str,
    column: str | None,
    id_column: str | None,
    labels: Any,
    encoding: str | None,
) -> TextItems:
    return read_table(
        path,
        source,
        column=column,
        id_column=id_column,
        label_column=_label_column(labels),
        encoding=encoding,
    )


def _label_column(labels: Any) -> str | None:
    if not (labels is None or isinstance(labels, str | os.PathLike)):
        raise InputError("Labels of a table are the name of a column, 'auto' or 'none'.")
    return None if _is_auto(labels) else str(labels)


def _labeled(items: TextItems, labels: Any, root: Path) -> TextItems:
    if isinstance(labels, str) and labels == "auto":
        return items
    if _is_auto(labels):
        return items.with_labels(None)
    if not isinstance(labels, str | os.PathLike):
        return items.with_labels(as_labels(labels, len(items)))
    known, note = labeled_by_csv(items, Path(labels), root)
    return replace(items.with_labels(known), notes=(*items.notes, note))


def _of_memory(source: Any) -> TextItems:
    if isinstance(source, TextItems):
        return source
    if isinstance(source, bytes) or not isinstance(source, Iterable):
        raise InputError(f"Give {_KINDS}, or a list of texts, not {type(source).__name__}.")
    texts = ["" if is_missing(one) else one for one in source]
    for place, one in enumerate(texts):
        if not isinstance(one, str):
            raise InputError(f"Document {place} is {type(one).__name__}, not a text.")
    if not any(text.strip() for text in texts):
        raise InputError("There is no text: give a list of texts that are not empty.")
    refused = tuple(Skipped(str(at), EMPTY) for at, text in enumerate(texts) if not text.strip())
    kept = [at for at, text in enumerate(texts) if text.strip()]
    return TextItems(
        f"a list of {len(texts):,} texts",
        Memory(texts),
        [str(at) for at in kept],
        [str(at) for at in kept],
        refused=refused,
    )
