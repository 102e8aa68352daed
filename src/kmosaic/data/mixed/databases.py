"""Tables of SQLite and DuckDB files, opened for reading alone."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection
from contextlib import closing
from pathlib import Path
from typing import Any

from kmosaic._errors import InputError
from kmosaic._events import Listener
from kmosaic._optional import need
from kmosaic.data.mixed.queried import table_of_rows
from kmosaic.data.mixed.table import MixedTable

# The schema, '' for that which need not be said, and the name of every table and view.
_TABLES = {
    "sqlite": "SELECT '', name FROM sqlite_master WHERE type IN ('table', 'view') "
    "AND name NOT LIKE 'sqlite_%' ORDER BY name",
    "duckdb": "SELECT CASE table_schema WHEN 'main' THEN '' ELSE table_schema END, table_name "
    "FROM information_schema.tables ORDER BY 1, 2",
}


def read_database(
    kind: str, path: Path, table: str | None, as_words: Collection[str], tell: Listener
) -> MixedTable:
    """A table of a database file; the only one if none is named.

    kind: "sqlite" or "duckdb" (extra `duckdb`). Raises InputError for a file that is no database
    and a table that it does not have.
    """
    if not path.is_file():
        raise InputError(f"There is no file {str(path)!r}.")
    duckdb = need("duckdb", extra="duckdb") if kind == "duckdb" else None
    try:
        opened = (
            sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
            if duckdb is None
            else duckdb.connect(str(path), read_only=True)
        )
        with closing(opened) as connection:
            pairs = [
                tuple(filter(None, row)) for row in connection.execute(_TABLES[kind]).fetchall()
            ]
            known = {".".join(pair): ".".join(map(_quoted, pair)) for pair in pairs}
            name = _chosen(path, table, list(known))
            cursor = connection.execute(f"SELECT * FROM {known[name]}")
            names, source = [about[0] for about in cursor.description], f"{path}, table {name}"
            return table_of_rows(source, names, enumerate(_rows(cursor)), as_words, tell)
    except InputError:
        raise
    except Exception as error:  # each library has errors of its own
        raise InputError(f"{path} cannot be read as a {kind} database: {error}.") from None


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _rows(cursor: Any) -> Any:
    while part := cursor.fetchmany(10_000):
        yield from part


def _chosen(path: Path, table: str | None, known: list[str]) -> str:
    if table is None and len(known) == 1:
        return known[0]
    has = ", ".join(known) or "none"
    if table is None:
        raise InputError(f"{path} has {len(known)} tables: say which with ?table=NAME ({has}).")
    if table not in known:
        raise InputError(f"{path} has no table {table!r}; it has {has}.")
    return table
