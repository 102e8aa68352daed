"""`kmosaic segment`: customers, or other rows of a table, in segments."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from kmosaic.ui import options, rows
from kmosaic.ui.bars import Bars
from kmosaic.ui.door import front_door
from kmosaic.ui.options import one_of, whole_or_auto
from kmosaic.ui.places import default_out


def segment(
    file: Annotated[
        str,
        rows.table_argument("customer, or other thing"),
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
    columns: rows.Columns = None,
    id_column: rows.IdColumn = None,
    categorical: Annotated[
        list[str] | None, rows.names_option("Columns of codes, whose numbers stand for categories.")
    ] = None,
    numeric: Annotated[
        list[str] | None,
        rows.names_option("Columns of few whole numbers that are numbers all the same."),
    ] = None,
    rfm: Annotated[
        str | None,
        typer.Option(
            metavar="SPEC",
            help="customer=COLUMN,date=COLUMN,amount=COLUMN (or COLUMN*COLUMN), and "
            "order=COLUMN: FILE holds transactions, of which recency, frequency and monetary "
            "value of each customer are made first.",
            rich_help_panel=options.LOOK_AT_ROWS,
        ),
    ] = None,
    tails: Annotated[
        Any,
        typer.Option(
            metavar="HOW",
            parser=one_of("auto", "none", "log", "quantile"),
            help="auto, none, log or quantile: what becomes of skewed columns; auto takes the "
            "logarithm, or ranks where that does not do.",
            rich_help_panel=options.LOOK_AT_ROWS,
        ),
    ] = "auto",
    mixed: Annotated[
        Any,
        typer.Option(
            metavar="HOW",
            parser=one_of("one-hot", "prototypes"),
            help="one-hot or prototypes: centers hold the share of each category, or the most "
            "frequent one (k-prototypes).",
            rich_help_panel=options.LOOK_AT_ROWS,
        ),
    ] = "one-hot",
    seed: rows.RowSeed = 0,
    out: options.SegmentsOut = None,
    parquet: options.Parquet = False,
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
        from kmosaic.ui.show_segments import show_segments

        found = find(
            file,
            clusters,
            columns=columns,
            id_column=id_column,
            categorical=categorical or (),
            numeric=numeric or (),
            rfm=rfm,
            tails=tails,
            mixed=mixed,
            max_k=max_k,
            seed=seed,
            out=out or default_out(file, "segments", "segment"),
            report=not no_report,
            parquet=parquet,
            on_progress=bars,
        )
    show_segments(found, as_json)
