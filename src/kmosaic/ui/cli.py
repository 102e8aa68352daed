"""The command line: each command parses, calls one function, and shows the answer."""

from __future__ import annotations

import signal
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from kmosaic._arguments import given_as
from kmosaic.ui import options, rows
from kmosaic.ui.anomalies import anomalies
from kmosaic.ui.bars import Bars
from kmosaic.ui.compress import compress
from kmosaic.ui.documents import Column, Encoding, IdOfRows, documents
from kmosaic.ui.door import INTERRUPTED, TERMINATED, front_door
from kmosaic.ui.grouping import Written, group
from kmosaic.ui.places import default_out
from kmosaic.ui.segment import segment

_IN_PYTHON = {"clusters": "n_clusters"}  # arguments whose name there is another one

app = typer.Typer(
    name="kmosaic",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def main() -> None:
    """Run the command line."""
    signal.signal(signal.SIGTERM, _leave)
    try:
        app(prog_name="kmosaic")  # also as python -m kmosaic
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)


def _leave(*_: object) -> None:
    sys.exit(TERMINATED)  # an exception, so that nothing half written is left behind


def _show_version(wanted: bool) -> None:
    if wanted:
        from kmosaic import __version__

        typer.echo(f"kmosaic {__version__}")
        raise typer.Exit


@app.callback()
def about(
    context: typer.Context,
    version: Annotated[
        bool,
        typer.Option("--version", help="Print the version.", callback=_show_version, is_eager=True),
    ] = False,
) -> None:
    """Group things that are alike, without labels.

    [bold]kmosaic demo[/]                        look what it does, on 1,797 digit images

    [bold]kmosaic images photos/ -k 12[/]        group your own pictures

    [bold]kmosaic images photos/ -k auto[/]      the same, if you don't know how many groups

    [bold]kmosaic documents texts/ -k auto[/]    group documents, and name what they are about

    [bold]kmosaic choose-k table.csv[/]          how many clusters there are, and why

    [bold]kmosaic anomalies table.csv[/]         which rows do not belong, and why

    [bold]kmosaic segment customers.csv[/]       who your customers are, in segments

    [bold]kmosaic compress photo.png -n 64[/]    show pictures in few colors, in small files

    [bold]kmosaic predict groups/model new/[/]   classify new ones in the same way
    """
    context.with_resource(given_as(_options(context)))


def _options(context: typer.Context) -> dict[str, str]:
    """The options of the command that runs, by the arguments of Python that they give."""
    commands: dict[str, Any] = getattr(context.command, "commands", {})
    command = commands.get(context.invoked_subcommand or "")
    given = command.params if command else []
    return {
        _IN_PYTHON.get(one.name, one.name): max(one.opts, key=len)
        for one in given
        if one.param_type_name == "option"
    }


app.command()(compress)
app.command()(documents)
app.command()(segment)


@app.command()
def images(
    source: options.Source,
    clusters: options.Clusters,
    max_k: options.MostOfAuto = 20,
    features: options.Features = "auto",
    embed: options.EmbedHow = options.Embed.auto,
    labels: options.Labels = "auto",
    names: options.NamesFile = None,
    labeled_fraction: options.LabeledFraction = None,
    seed: options.Seed = 0,
    n_init: options.Starts = "auto",
    sort: options.SortHow = options.Sort.none,
    out: options.Out = None,
    dry_run: options.DryRun = False,
    parquet: options.Parquet = False,
    no_report: options.NoReport = False,
    no_cache: options.NoCache = False,
    as_json: options.Json = False,
) -> None:
    """Group the images of SOURCE into K clusters and write a report.

    [bold]Examples[/]

    kmosaic images photos/ -k 12 --out groups --sort copy

    kmosaic images train-images-idx3-ubyte.gz -k 10 --labeled-fraction 0.01

    kmosaic images scans.zip -k 40 --features 'hog?cell=8&components=32' --json
    """
    group(
        "images",
        source,
        Written(out, sort, dry_run, parquet, no_report),
        as_json=as_json,
        n_clusters=clusters,
        max_k=max_k,
        features=features,
        embed=embed.value,
        labels=labels,
        names=names,
        labeled_fraction=labeled_fraction,
        seed=seed,
        n_init=n_init,
        cache=not no_cache,
    )


@app.command("choose-k")
def choose_k(
    source: options.AnySource,
    max_k: options.MostClusters = 20,
    columns: rows.Columns = None,
    id_column: rows.IdColumn = None,
    standardize: options.Standardize = False,
    also: options.Also = None,
    features: options.Features = "auto",
    seed: options.ChoiceSeed = 0,
    out: options.ChoiceOut = None,
    no_cache: options.NoCache = False,
    as_json: options.Json = False,
) -> None:
    """Say how many clusters SOURCE has, how sure that is, and why.

    [bold]Examples[/]

    kmosaic choose-k customers.csv --columns income,score

    kmosaic choose-k 'sqlite:///shop.db?table=customers' --id customer --out how-many

    kmosaic choose-k photos/ --max-k 40 --features 'hog?cell=4'
    """
    with front_door() as console, Bars(console) as bars:
        from kmosaic.tasks import choose_k_of
        from kmosaic.ui.show import show_choice

        chosen = choose_k_of(
            source,
            max_k=max_k,
            columns=columns,
            id_column=id_column,
            standardize=standardize,
            also=[criterion.name for criterion in also or ()],
            features=features,
            seed=seed,
            out=out,
            cache=not no_cache,
            on_progress=bars,
        )
    show_choice(chosen, as_json)


app.command()(anomalies)


@app.command()
def predict(
    model: options.Model,
    source: options.NewSource,
    features: options.NewVectors = None,
    column: Column = None,
    id_column: IdOfRows = None,
    encoding: Encoding = None,
    labels: options.Labels = "auto",
    out: options.PredictOut = None,
    sort: options.SortHow = options.Sort.none,
    dry_run: options.DryRun = False,
    parquet: options.Parquet = False,
    as_json: options.Json = False,
) -> None:
    """Classify new images, documents or rows of a table with the model of an earlier run.

    [bold]Examples[/]

    kmosaic predict groups/model new-photos/ --sort copy --out sorted-photos

    kmosaic predict news-groups/model new-articles.csv --column text

    kmosaic predict customers-segments/model new-customers.csv

    kmosaic predict payments-anomalies/model new-payments.csv --id payment
    """
    with front_door() as console, Bars(console) as bars:
        from kmosaic.tasks import predict as classify
        from kmosaic.ui.show_predicted import show_predicted

        done = classify(
            model,
            source,
            features=features,
            column=column,
            id_column=id_column,
            encoding=encoding,
            labels=labels,
            out=out or default_out(source, "predicted", "predict", model),
            sort=sort.value,
            dry_run=dry_run,
            parquet=parquet,
            on_progress=bars,
        )
    show_predicted(done, as_json)


@app.command()
def demo(
    folder: Annotated[
        Path | None,
        typer.Argument(
            metavar="[FOLDER]",
            help="With --mnist: read it from this folder of IDX files, fetch nothing.",
            show_default=False,
        ),
    ] = None,
    mnist: Annotated[
        bool, typer.Option("--mnist", help="The 70,000 images of MNIST, fetched once from OpenML.")
    ] = False,
    embed: options.EmbedHow = options.Embed.auto,
    seed: options.Seed = 0,
    out: options.DemoOut = Path("demo"),
    as_json: options.Json = False,
) -> None:
    """Group handwritten digits without a label: see what kmosaic does.

    [bold]Examples[/]

    kmosaic demo

    kmosaic demo --mnist

    kmosaic demo --mnist ~/data/mnist
    """
    if folder is not None and not mnist:
        raise typer.BadParameter("a FOLDER goes with --mnist: kmosaic demo --mnist FOLDER")
    with front_door() as console:
        if mnist and folder is None:
            console.print("Fetching MNIST from openml.org (about 15 MB, once; then kept).")
        with Bars(console) as bars:
            from kmosaic.tasks import demo as run_demo
            from kmosaic.ui.show import answer

            run = run_demo(
                out,
                mnist=mnist,
                folder=folder,
                embed=embed.value,
                seed=seed,
                on_progress=bars,
            )
    answer(run, as_json)
