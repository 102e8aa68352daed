"""The options of the commands, with their help."""

from __future__ import annotations

import math
from collections.abc import Callable
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal

import typer


class Embed(StrEnum):
    """Where k-means runs."""

    auto = "auto"
    none = "none"
    umap = "umap"


class Criterion(StrEnum):
    """What choose-k finds on request."""

    medoid_silhouette = "medoid-silhouette"


class Sort(StrEnum):
    """How images get into folders."""

    none = "none"
    copy = "copy"
    hardlink = "hardlink"
    symlink = "symlink"


def one_of(*words: str) -> Callable[[str], Any]:
    """What reads the value of an option that is one of some words."""

    def value(text: str) -> str:
        if text in words:
            return text
        raise typer.BadParameter(f"{text!r} is none of {', '.join(words)}")

    return value


def _or_auto(kind: Callable[[str], float], most: float, what: str) -> Callable[[str], Any]:
    """What reads the value of an option: "auto", or a number above 0 and up to `most`."""

    def value(text: str) -> float | Literal["auto"]:
        if text.lower() == "auto":
            return "auto"
        with suppress(ValueError):
            if 0 < (found := kind(text)) <= most:
                return found
        raise typer.BadParameter(f"{text!r} is neither 'auto' nor {what}")

    return value


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdigit()):  # int() takes 1_000 and more
        raise ValueError
    return int(text)


whole_or_auto = _or_auto(_whole, math.inf, "a whole number above 0")
part_or_auto = _or_auto(float, 0.5, "a number above 0 and up to 0.5")


LOOK_AT_ROWS = "How to look at the rows"
LOOK, NAMES, RESULT = "How to look at the images", "Names and scores", "What to write"


def _out(by_default: str) -> Any:
    return typer.Option(
        "--out",
        "-o",
        metavar="DIR",
        help="Where the results go. Refused if it exists and kmosaic did not make it.",
        show_default=by_default,
        rich_help_panel=RESULT,
    )


def starts_option(panel: str) -> Any:
    """How many starts of k-means."""
    return typer.Option(
        "--n-init",
        metavar="N",
        parser=whole_or_auto,
        help="Starts of k-means, the best is kept; auto takes more where one is cheap.",
        rich_help_panel=panel,
    )


def seed_option(panel: str | None = None) -> Any:
    """The seed of all that is drawn."""
    return typer.Option(
        min=0, metavar="N", help="The same seed gives the same result.", rich_help_panel=panel
    )


def no_cache_option(panel: str, help_text: str) -> Any:
    """Whether what was kept is taken."""
    return typer.Option("--no-cache", help=help_text, rich_help_panel=panel)


Source = Annotated[
    Path,
    typer.Argument(
        metavar="SOURCE",
        help="A folder of images (any depth), a zip or tar, IDX files, or .npy/.npz arrays.",
        readable=False,  # bad input is told by the readers, in words and with exit code 1
        show_default=False,
    ),
]
NewSource = Annotated[
    str,
    typer.Argument(
        metavar="SOURCE",
        help="New images, documents or rows, as the command takes them that made the model.",
        show_default=False,
    ),
]
Model = Annotated[
    Path,
    typer.Argument(
        metavar="MODEL",
        help="The folder model/ of an earlier run.",
        readable=False,
        show_default=False,
    ),
]
Clusters = Annotated[
    Any,
    typer.Option(
        "--clusters",
        "-k",
        metavar="K",
        parser=whole_or_auto,
        help="How many groups; auto tries 1 to 20 (--max-k) and says why it chose what it chose.",
        show_default=False,
    ),
]
AnySource = Annotated[
    str,
    typer.Argument(
        metavar="SOURCE",
        help="A folder of images, a zip or tar, IDX files, .npy/.npz arrays; a CSV, TSV, Parquet "
        "or Excel table, sqlite:///FILE?table=NAME or duckdb:///FILE?table=NAME.",
        show_default=False,
    ),
]
MostClusters = Annotated[
    int, typer.Option("--max-k", min=2, metavar="K", help="Try 1 to so many clusters.")
]
MostOfAuto = Annotated[
    int, typer.Option("--max-k", min=2, metavar="K", help="With -k auto: try 1 to so many groups.")
]
Standardize = Annotated[
    bool,
    typer.Option(
        "--standardize",
        help="Of a table: divide every column by its standard deviation first, so that each counts "
        "alike.",
        rich_help_panel=LOOK_AT_ROWS,
    ),
]
Also = Annotated[
    list[Criterion] | None,
    typer.Option(
        "--also",
        help="A criterion that is found on request: the silhouette by medoids, of all rows.",
    ),
]
ChoiceOut = Annotated[
    Path | None,
    typer.Option(
        "--out",
        "-o",
        metavar="DIR",
        help="Write a page, the criteria, the cluster of every row and the answer there. Refused "
        "if it exists and kmosaic did not make it.",
        rich_help_panel=RESULT,
    ),
]
Features = Annotated[
    str,
    typer.Option(
        metavar="WHAT",
        help="pixels, hog, color, patches, embedding:FILE.npy, onnx:MODEL.onnx, or auto: looks at "
        "the images and says what it chose. Settings follow a question mark, see the examples.",
        rich_help_panel=LOOK,
    ),
]
NewVectors = Annotated[
    str | None,
    typer.Option(
        "--features",
        metavar="WHAT",
        help="embedding:NEW.npy, for a model made from vectors: those of the new items.",
    ),
]
EmbedHow = Annotated[
    Embed,
    typer.Option(
        metavar="HOW",
        help="auto, none, or umap: group in a neighbor-graph embedding; slower, finds groups that "
        "are not round (extra 'manifold').",
        rich_help_panel=LOOK,
    ),
]
Starts = Annotated[Any, starts_option(LOOK)]
Seed = Annotated[int, seed_option(LOOK)]
ChoiceSeed = Annotated[int, seed_option()]
NoCache = Annotated[bool, no_cache_option(LOOK, "Compute the features afresh.")]
Labels = Annotated[
    str,
    typer.Option(
        metavar="FROM",
        help="Known labels: auto (folder names, label files), none, or a CSV path,label. They name "
        "and score the clusters and are never used to find them.",
        rich_help_panel=NAMES,
    ),
]
NamesFile = Annotated[
    Path | None,
    typer.Option(
        "--names",
        metavar="FILE",
        readable=False,
        help="Names of the clusters, a CSV cluster,name.",
        rich_help_panel=NAMES,
    ),
]
LabeledFraction = Annotated[
    float | None,
    typer.Option(
        metavar="PART",
        help="Take names from this part of the labels (0.01: one in a hundred), score on the rest.",
        rich_help_panel=NAMES,
    ),
]
Out = Annotated[Path | None, _out("SOURCE-groups")]
PredictOut = Annotated[Path | None, _out("SOURCE-predicted")]
SegmentsOut = Annotated[Path | None, _out("FILE-segments")]
AnomaliesOut = Annotated[Path | None, _out("FILE-anomalies")]
DemoOut = Annotated[
    Path,
    typer.Option("--out", "-o", metavar="DIR", help="Where the results go."),
]
SortHow = Annotated[
    Sort,
    typer.Option(
        metavar="HOW",
        help="none, copy, hardlink or symlink: put the items into sorted/NAME/ as well. Nothing "
        "is ever moved.",
        rich_help_panel=RESULT,
    ),
]
DryRun = Annotated[
    bool,
    typer.Option(
        "--dry-run", help="Do all but write, and say what would be.", rich_help_panel=RESULT
    ),
]
NoReport = Annotated[
    bool, typer.Option("--no-report", help="Leave out report.html.", rich_help_panel=RESULT)
]
Parquet = Annotated[
    bool,
    typer.Option(
        "--parquet",
        help="Write the table of the result as Parquet, too (extra 'parquet').",
        rich_help_panel=RESULT,
    ),
]
Json = Annotated[
    bool,
    typer.Option("--json", help="Print one JSON object and nothing else.", rich_help_panel=RESULT),
]
