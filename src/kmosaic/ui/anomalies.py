"""`kmosaic anomalies`: the rows of a table that do not belong."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from kmosaic.ui.bars import Bars
from kmosaic.ui.door import front_door
from kmosaic.ui.options import RESULT, Json, NoReport
from kmosaic.ui.places import default_out

LOOK_AT_ROWS = "How to look at the rows"


def part_or_auto(text: str) -> float | Literal["auto"]:
    """Read the value of --contamination.

    >>> part_or_auto("auto"), part_or_auto("0.02")
    ('auto', 0.02)
    """
    if text == "auto":
        return "auto"
    try:
        part = float(text)
    except ValueError:
        part = 0.0
    if 0 < part <= 0.5:
        return part
    raise typer.BadParameter(f"{text!r} is neither 'auto' nor a number above 0 and up to 0.5")


Table = Annotated[
    Path,
    typer.Argument(
        metavar="FILE",
        help="A CSV, TSV or Parquet table, or a .npy/.npz array; a row for each thing.",
        readable=False,
        show_default=False,
    ),
]
Contamination = Annotated[
    Any,
    typer.Option(
        metavar="PART",
        parser=part_or_auto,
        help="The share of the rows that are anomalies, such as 0.02; auto takes those that a box "
        "plot of the scores shows.",
        rich_help_panel=LOOK_AT_ROWS,
    ),
]
IdColumn = Annotated[
    str | None,
    typer.Option(
        "--id",
        metavar="NAME",
        help="The column that names the rows; it is not looked at.",
        rich_help_panel=LOOK_AT_ROWS,
    ),
]
KnownOrdinary = Annotated[
    Path | None,
    typer.Option(
        "--model",
        metavar="MODEL",
        readable=False,
        help="The folder model/ of an earlier result: it judges these rows as it judged those.",
        rich_help_panel=LOOK_AT_ROWS,
    ),
]
RowColumns = Annotated[
    str | None,
    typer.Option(
        "--columns",
        metavar="NAMES",
        help="The columns to look at, parted by commas. All that hold numbers if left out.",
        rich_help_panel=LOOK_AT_ROWS,
    ),
]
RowSeed = Annotated[
    int,
    typer.Option(
        min=0,
        metavar="N",
        help="The same seed gives the same result.",
        rich_help_panel=LOOK_AT_ROWS,
    ),
]
Out = Annotated[
    Path | None,
    typer.Option(
        "--out",
        "-o",
        metavar="DIR",
        help="Where the results go. Refused if it exists and kmosaic did not make it.",
        show_default="FILE-anomalies, or FILE-judged with --model",
        rich_help_panel=RESULT,
    ),
]


def anomalies(
    file: Table,
    contamination: Contamination = "auto",
    columns: RowColumns = None,
    id_column: IdColumn = None,
    model: KnownOrdinary = None,
    seed: RowSeed = 0,
    out: Out = None,
    no_report: NoReport = False,
    as_json: Json = False,
) -> None:
    """Find the rows of FILE that do not belong, and say which columns put them so.

    [bold]Examples[/]

    kmosaic anomalies payments.csv --id payment

    kmosaic anomalies payments.csv --contamination 0.02 --columns amount,hour

    kmosaic anomalies new-payments.csv --model payments-anomalies/model --json
    """
    with front_door() as console, Bars(console) as bars:
        from kmosaic.tasks import find_anomalies
        from kmosaic.ui.show_anomalies import show_anomalies

        found = find_anomalies(
            file,
            columns=None if columns is None else [name.strip() for name in columns.split(",")],
            id_column=id_column,
            contamination=contamination,
            model=model,
            seed=seed,
            out=out or default_out(file, "anomalies" if model is None else "judged"),
            report=not no_report,
            on_progress=bars,
        )
    show_anomalies(found, as_json)
