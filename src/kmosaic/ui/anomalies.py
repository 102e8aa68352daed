"""`kmosaic anomalies`: the rows of a table that do not belong."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from kmosaic.ui import options, rows
from kmosaic.ui.bars import Bars
from kmosaic.ui.door import front_door
from kmosaic.ui.places import default_out


def anomalies(
    file: Annotated[str, rows.table_argument("thing")],
    contamination: Annotated[
        Any,
        typer.Option(
            metavar="PART",
            parser=options.part_or_auto,
            help="The share of the rows that are anomalies, such as 0.02; auto takes those that a "
            "box plot of the scores shows.",
            rich_help_panel=options.LOOK_AT_ROWS,
        ),
    ] = "auto",
    columns: rows.Columns = None,
    id_column: rows.IdColumn = None,
    seed: rows.RowSeed = 0,
    out: options.AnomaliesOut = None,
    parquet: options.Parquet = False,
    no_report: options.NoReport = False,
    as_json: options.Json = False,
) -> None:
    """Find the rows of FILE that do not belong, and say which columns put them so.

    [bold]Examples[/]

    kmosaic anomalies payments.csv --id payment

    kmosaic anomalies payments.xlsx --contamination 0.02 --columns amount,hour

    kmosaic predict payments-anomalies/model new-payments.csv
    """
    with front_door() as console, Bars(console) as bars:
        from kmosaic.tasks import find_anomalies
        from kmosaic.ui.show_anomalies import show_anomalies

        found = find_anomalies(
            file,
            columns=columns,
            id_column=id_column,
            contamination=contamination,
            seed=seed,
            out=out or default_out(file, "anomalies", "anomalies"),
            report=not no_report,
            parquet=parquet,
            on_progress=bars,
        )
    show_anomalies(found, as_json)
