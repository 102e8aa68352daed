"""The options of the commands on tables, which mean the same in all of them."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from kmosaic.ui.options import LOOK_AT_ROWS, seed_option

KINDS = (
    "A CSV, TSV, Parquet or Excel table, a .npy or .npz array, sqlite:///FILE?table=NAME or "
    "duckdb:///FILE?table=NAME; a row for each"
)


def listed(given: list[str] | None) -> list[str] | None:
    """Names that are parted by commas, or given one by one.

    >>> listed(["age, city", "income"])
    ['age', 'city', 'income']
    """
    if not given:
        return None
    names = [name.strip() for name in ",".join(given).split(",") if name.strip()]
    if not names:
        raise typer.BadParameter("it names no column: leave it out, or give names")
    return names


def names_option(help_text: str) -> Any:
    """An option that takes names of columns."""
    return typer.Option(
        metavar="NAMES", callback=listed, help=help_text, rich_help_panel=LOOK_AT_ROWS
    )


def table_argument(a_row_for_each: str) -> Any:
    """The table that a command reads."""
    return typer.Argument(metavar="FILE", help=f"{KINDS} {a_row_for_each}.", show_default=False)


Columns = Annotated[
    list[str] | None,
    names_option(
        "Of a table: the columns to look at, parted by commas. All that can be if left out, but "
        "those that name the rows."
    ),
]
IdColumn = Annotated[
    str | None,
    typer.Option(
        "--id",
        metavar="NAME",
        help="Of a table: the column that names the rows and is not looked at. Found out if left "
        "out.",
        rich_help_panel=LOOK_AT_ROWS,
    ),
]
RowSeed = Annotated[int, seed_option(LOOK_AT_ROWS)]
