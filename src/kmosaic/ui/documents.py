"""kmosaic documents: its options, and what it does."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from kmosaic.ui import options
from kmosaic.ui.grouping import Written, group

READ, LOOK = "How to read the documents", "How to look at the documents"

Texts = Annotated[
    Path,
    typer.Argument(
        metavar="SOURCE",
        help="A folder of text files or HTML (any depth), a zip or tar of such, or a CSV, TSV, "
        "Parquet or JSONL table.",
        readable=False,
        show_default=False,
    ),
]
Column = Annotated[
    str | None,
    typer.Option(
        "--column",
        metavar="NAME",
        help="Of a table: the column with the texts. The only one of long text if left out.",
        rich_help_panel=READ,
    ),
]
IdOfRows = Annotated[
    str | None,
    typer.Option(
        "--id",
        metavar="NAME",
        help="Of a table: the column that names the rows. Else their numbers do.",
        rich_help_panel=READ,
    ),
]
Encoding = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        help="Of files that are neither UTF-8 nor marked as UTF-16, such as cp1252. Found out, and "
        "told, if left out.",
        rich_help_panel=READ,
    ),
]
TextLabels = Annotated[
    str,
    typer.Option(
        "--labels",
        metavar="FROM",
        help="Known labels: auto (folder names), none, a CSV path,label, or a column of the table. "
        "They score the clusters and are never used to find them.",
        rich_help_panel=options.NAMES,
    ),
]
TextFeatures = Annotated[
    str,
    typer.Option(
        "--features",
        metavar="WHAT",
        help="lsa, 'lsa?components=50', tfidf, embedding:FILE.npy (a row for each document), "
        "model:PATH (a sentence-embedding model on this machine), or auto: lsa, and tfidf for "
        "more than 10,000 documents.",
        rich_help_panel=LOOK,
    ),
]
Language = Annotated[
    str,
    typer.Option(
        metavar="CODES",
        help="Whose stop words are left out: auto finds the languages; none; or codes such as "
        "en,de.",
        rich_help_panel=LOOK,
    ),
]
Starts = Annotated[Any, options.starts_option(LOOK)]
Seed = Annotated[int, options.seed_option(LOOK)]
NoCache = Annotated[bool, options.no_cache_option(LOOK, "Count the words afresh.")]


def documents(
    source: Texts,
    clusters: options.Clusters,
    max_k: options.MostOfAuto = 20,
    column: Column = None,
    id_column: IdOfRows = None,
    encoding: Encoding = None,
    features: TextFeatures = "auto",
    language: Language = "auto",
    labels: TextLabels = "auto",
    names: options.NamesFile = None,
    seed: Seed = 0,
    n_init: Starts = "auto",
    sort: options.SortHow = options.Sort.none,
    out: options.Out = None,
    dry_run: options.DryRun = False,
    parquet: options.Parquet = False,
    no_report: options.NoReport = False,
    no_cache: NoCache = False,
    as_json: options.Json = False,
) -> None:
    """Group the documents of SOURCE into K clusters and say what each is about.

    [bold]Examples[/]

    kmosaic documents articles/ -k 8 --sort symlink

    kmosaic documents reviews.csv -k auto --column text --id review

    kmosaic documents mails.zip -k 12 --language de,en --json
    """
    group(
        "documents",
        source,
        Written(out, sort, dry_run, parquet, no_report),
        as_json=as_json,
        n_clusters=clusters,
        max_k=max_k,
        column=column,
        id_column=id_column,
        features=features,
        language=language,
        encoding=encoding,
        labels=labels,
        names=names,
        seed=seed,
        n_init=n_init,
        cache=not no_cache,
    )
