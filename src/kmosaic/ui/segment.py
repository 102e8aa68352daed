"""`kmosaic segment`: customers, or other rows of a table, in segments."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from kmosaic.ui import options
from kmosaic.ui.anomalies import LOOK_AT_ROWS, IdColumn, RowSeed
from kmosaic.ui.bars import Bars
from kmosaic.ui.door import front_door
from kmosaic.ui.options import RESULT, whole_or_auto
from kmosaic.ui.places import default_out


class Tails(StrEnum):
    """What becomes of skewed columns."""

    auto = "auto"
    none = "none"
    log = "log"
    quantile = "quantile"


class Mixed(StrEnum):
    """How centers are made of categories."""

    one_hot = "one-hot"
    prototypes = "prototypes"


def _names(help_text: str) -> Any:
    return typer.Option(metavar="NAMES", help=help_text, rich_help_panel=LOOK_AT_ROWS)


def listed(names: str | None) -> list[str] | None:
    """Names that are parted by commas.

    >>> listed("age, city"), listed(None)
    (['age', 'city'], None)
    """
    return None if names is None else [name.strip() for name in names.split(",") if name.strip()]


def segment(
    file: Annotated[
        str,
        typer.Argument(
            metavar="FILE",
            help="A CSV, TSV, Parquet or Excel table, sqlite:///FILE?table=NAME or "
            "duckdb:///FILE?table=NAME; a row for each customer, or other thing.",
            show_default=False,
        ),
    ],
    clusters: Annotated[
        Any,
        typer.Option(
            "--clusters",
            "-k",
            metavar="K",
            parser=whole_or_auto,
            help="How many segments; auto tries 2 to --max-k and says why it chose what it chose.",
        ),
    ] = "auto",
    max_k: Annotated[
        int, typer.Option("--max-k", min=2, metavar="K", help="The most that auto tries.")
    ] = 10,
    columns: Annotated[
        str | None, _names("The columns to look at, parted by commas. All that can be if left out.")
    ] = None,
    id_column: IdColumn = None,
    categorical: Annotated[
        str | None, _names("Columns of codes, whose numbers stand for categories.")
    ] = None,
    numeric: Annotated[
        str | None, _names("Columns of few whole numbers that are numbers all the same.")
    ] = None,
    rfm: Annotated[
        str | None,
        typer.Option(
            metavar="SPEC",
            help="customer=COLUMN,date=COLUMN,amount=COLUMN (or COLUMN*COLUMN), and "
            "order=COLUMN: FILE holds transactions, of which recency, frequency and monetary "
            "value of each customer are made first.",
            rich_help_panel=LOOK_AT_ROWS,
        ),
    ] = None,
    tails: Annotated[
        Tails,
        typer.Option(
            metavar="HOW",
            help="auto, none, log or quantile: what becomes of skewed columns; auto takes the "
            "logarithm, or ranks where that does not do.",
            rich_help_panel=LOOK_AT_ROWS,
        ),
    ] = Tails.auto,
    mixed: Annotated[
        Mixed,
        typer.Option(
            metavar="HOW",
            help="one-hot or prototypes: centers hold the share of each category, or the most "
            "frequent one (k-prototypes).",
            rich_help_panel=LOOK_AT_ROWS,
        ),
    ] = Mixed.one_hot,
    seed: RowSeed = 0,
    out: options.SegmentsOut = None,
    parquet: Annotated[
        bool,
        typer.Option(
            "--parquet",
            help="Write segments.parquet too (extra 'parquet').",
            rich_help_panel=RESULT,
        ),
    ] = False,
    no_report: options.NoReport = False,
    as_json: options.Json = False,
) -> None:
    """Find segments among the customers, or other rows, of FILE, and say what sets each apart.

    [bold]Examples[/]

    kmosaic segment customers.csv -k auto --columns Annual_Income,Spending_Score

    kmosaic segment wholesale.csv -k 5 --categorical Channel,Region

    kmosaic segment orders.xlsx --rfm customer=CustomerID,date=Date,amount=Quantity*Price

    kmosaic segment 'sqlite:///shop.db?table=customers' --json
    """
    with front_door() as console, Bars(console) as bars:
        from kmosaic.tasks import segment as find
        from kmosaic.tasks.segment_words import file_of
        from kmosaic.ui.show_segments import show_segments

        found = find(
            file,
            clusters,
            columns=listed(columns),
            id_column=id_column,
            categorical=listed(categorical) or (),
            numeric=listed(numeric) or (),
            rfm=rfm,
            tails=tails.value,
            mixed=mixed.value,
            max_k=max_k,
            seed=seed,
            out=out or default_out(file_of(file) or Path(file), "segments"),
            report=not no_report,
            parquet=parquet,
            on_progress=bars,
        )
    show_segments(found, as_json)
