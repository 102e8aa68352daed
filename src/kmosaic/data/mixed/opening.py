"""The one door for tables of numbers and words."""

from __future__ import annotations

import os
from collections.abc import Collection
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from kmosaic._errors import InputError
from kmosaic._events import Listener, silent
from kmosaic._paths import expanded
from kmosaic.data.mixed.arrays import is_array, read_array
from kmosaic.data.mixed.csv_file import read_csv
from kmosaic.data.mixed.databases import read_database
from kmosaic.data.mixed.files import read_excel, read_parquet
from kmosaic.data.mixed.queried import table_of_frame
from kmosaic.data.mixed.table import MixedTable

TABLE_KINDS = (
    "a CSV, TSV, Parquet or Excel file (sheet: FILE.xlsx?sheet=NAME), "
    "sqlite:///FILE?table=NAME or duckdb:///FILE?table=NAME, or a .npy or .npz array"
)
_BY_ENDING = {
    ".csv": "csv", ".tsv": "csv", ".txt": "csv", ".parquet": "parquet", ".pq": "parquet",
    ".xlsx": "excel", ".xlsm": "excel", ".db": "sqlite", ".sqlite": "sqlite", ".sqlite3": "sqlite",
    ".duckdb": "duckdb", ".npy": "array", ".npz": "array",
}  # fmt: skip


def open_table(
    source: Any, *, as_words: Collection[str] = (), on_progress: Listener = silent
) -> MixedTable:
    """Read a table of numbers and words.

    source: a CSV, TSV, Parquet, Excel, .npy or .npz file, "sqlite:///FILE?table=NAME",
    "duckdb:///FILE?table=NAME", a data frame, a dict of columns, or an array (n, d), whose columns
    are called "column 0" and so on. as_words: columns whose numbers are codes. Raises InputError
    for what is none of these or cannot be read, MissingExtraError where a package is missing that
    reads it.

    >>> table = open_table({"age": [31, 42], "city": ["Rome", "Oslo"]})
    >>> table.n, table["city"].levels
    (2, ('Rome', 'Oslo'))
    """
    if not isinstance(source, str | os.PathLike):
        if is_array(source):
            return read_array(source, as_words)
        return table_of_frame("the table", source, as_words)
    kind, path, asked = place_of(source)
    if kind in ("sqlite", "duckdb"):
        return read_database(kind, path, asked.get("table"), as_words, on_progress)
    _check_no_folder(path)
    if not path.is_file():
        raise InputError(f"There is no file {str(path)!r}.")
    if kind == "array":
        return read_array(source, as_words)
    if kind == "csv":
        return read_csv(path, as_words, on_progress)
    if kind == "parquet":
        return read_parquet(path, as_words, on_progress)
    return read_excel(path, asked.get("sheet"), as_words, on_progress)


def is_table(source: str | os.PathLike[str]) -> bool:
    """Tell whether a source is a table of named columns, by its name; whether it exists or not.

    >>> is_table("t.csv"), is_table("sqlite:///t.db?table=t"), is_table("photos"), is_table("a.npy")
    (True, True, False, False)
    """
    text = os.fspath(source)
    if ":///" in text:
        return True
    path = Path(expanded(text if Path(expanded(text)).exists() else text.partition("?")[0]))
    return _BY_ENDING.get(path.suffix.lower(), "array") != "array" and not path.is_dir()


def file_of(source: Any) -> Path | None:
    """The file that a table is read from; None for one in memory, InputError for a folder.

    >>> file_of("sqlite:///shop.db?table=orders"), file_of({"a": [1]})
    (PosixPath('shop.db'), None)
    """
    if not isinstance(source, str | os.PathLike):
        return None
    path = place_of(source)[1]
    _check_no_folder(path)
    return path


def _check_no_folder(path: Path) -> None:
    if path.is_dir():
        raise InputError(f"{path} is a folder: give {TABLE_KINDS}.")


def place_of(source: str | os.PathLike[str]) -> tuple[str, Path, dict[str, str]]:
    """What kind of table a source is, its file, and what is asked of it.

    >>> place_of("sqlite:///shop.db?table=orders")
    ('sqlite', PosixPath('shop.db'), {'table': 'orders'})
    """
    text = os.fspath(source)
    scheme, has_scheme, rest = text.partition(":///")
    if has_scheme and scheme not in ("sqlite", "duckdb"):
        raise InputError(f"{text} is no table: give {TABLE_KINDS}.")
    if has_scheme:
        file, _, query = rest.partition("?")
        return scheme, Path(expanded(file)), _asked(text, query, "table")
    whole = Path(expanded(text))
    if "?" in whole.name and not whole.exists():
        file, _, query = text.partition("?")
        path = Path(expanded(file))
        kind = _BY_ENDING.get(path.suffix.lower(), "")
        return kind, path, _asked(text, query, "sheet" if kind == "excel" else "table")
    kind = _BY_ENDING.get(whole.suffix.lower(), "")
    if not kind and not whole.is_dir() and whole.exists():
        raise InputError(f"{whole} is no table: give {TABLE_KINDS}.")
    return kind or "csv", whole, {}


def _asked(source: str, query: str, name: str) -> dict[str, str]:
    found = parse_qs(query, keep_blank_values=True)
    if set(found) - {name}:
        raise InputError(f"{source}: after the ? stands {name}=NAME and nothing else.")
    return {key: values[-1] for key, values in found.items()}
