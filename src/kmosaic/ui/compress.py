"""`kmosaic compress`: image files in few colors."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from kmosaic.ui.bars import Bars
from kmosaic.ui.door import front_door
from kmosaic.ui.options import RESULT, Json, seed_option
from kmosaic.ui.places import place_of_several

Format = StrEnum("Format", ["png", "webp", "gif"])
PaletteFile = StrEnum("PaletteFile", ["hex", "json", "gpl", "act", "css"])
COLORS = "How colors are chosen"
STREAM, BY_DEFAULT = "-", "compressed"


class Space(StrEnum):
    """Where differences of colors are measured."""

    oklab = "oklab"
    lab = "lab"
    rgb = "rgb"


class Dither(StrEnum):
    """How neighbors make up for what a color cannot show."""

    none = "none"
    floyd_steinberg = "floyd-steinberg"
    ordered = "ordered"


def compress(
    images: Annotated[
        list[str],
        typer.Argument(
            metavar="IMAGE...",
            help="Image files, folders (any depth) and patterns such as '*.jpg'; - reads one from "
            "standard input and writes it to standard output.",
            show_default=False,
        ),
    ],
    n_colors: Annotated[
        int | None,
        typer.Option("--colors", "-n", metavar="N", help="Exactly so many colors, 1 to 256."),
    ] = None,
    quality: Annotated[
        float | None,
        typer.Option(
            metavar="Q",
            help="The fewest colors that look so well, 0 to 100: a mean difference (CIEDE2000) of "
            "at most (100 - Q) / 10. 90 is hardly noticeable.",
        ),
    ] = None,
    max_bytes: Annotated[
        int | None,
        typer.Option(metavar="B", help="The most colors with which each file is no larger."),
    ] = None,
    out: Annotated[
        str | None,
        typer.Option(
            "--out",
            "-o",
            metavar="PLACE",
            help="A folder for the images and the report (refused if it exists and kmosaic did "
            "not make it); a file for one image; - for standard output.",
            show_default=BY_DEFAULT,
            rich_help_panel=RESULT,
        ),
    ] = None,
    format: Annotated[
        Format | None,
        typer.Option(
            help="png (1 to 8 bits a pixel), webp (without loss) or gif.",
            show_default="png; gif for animations",
            rich_help_panel=RESULT,
        ),
    ] = None,
    space: Annotated[
        Space,
        typer.Option(
            help="oklab or lab: as people see differences; rgb: least squared error.",
            rich_help_panel=COLORS,
        ),
    ] = Space.oklab,
    dither: Annotated[
        Dither, typer.Option(help="Let neighbors mix.", rich_help_panel=COLORS)
    ] = Dither.none,
    dither_strength: Annotated[
        float, typer.Option(metavar="S", help="0 to 1.", rich_help_panel=COLORS)
    ] = 1.0,
    palette: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="These colors and no others: a .hex, .json, .gpl, .act or .css file, or an "
            "indexed PNG or GIF. All of them, or with --colors, --quality or --max-bytes as many "
            "as these say.",
            rich_help_panel=COLORS,
        ),
    ] = None,
    keep_colors: Annotated[
        list[str] | None,
        typer.Option(
            "--keep-color",
            metavar="COLOR",
            help="A color that must be among them, such as '#fff', also beside those of a "
            "--palette; may be given again.",
            rich_help_panel=COLORS,
        ),
    ] = None,
    shared_palette: Annotated[
        bool,
        typer.Option(
            "--shared-palette",
            help="The same colors for all images, or for all frames of an animation.",
            rich_help_panel=COLORS,
        ),
    ] = False,
    export_palette: Annotated[
        PaletteFile | None,
        typer.Option(help="Write the colors beside each image, too.", rich_help_panel=RESULT),
    ] = None,
    skip_if_larger: Annotated[
        bool,
        typer.Option(
            "--skip-if-larger/--no-skip-if-larger",
            help="Keep a file as it was where the new one would be no smaller.",
            rich_help_panel=RESULT,
        ),
    ] = True,
    seed: Annotated[int, seed_option(COLORS)] = 0,
    no_report: Annotated[
        bool, typer.Option("--no-report", help="Leave out report.html.", rich_help_panel=RESULT)
    ] = False,
    as_json: Json = False,
) -> None:
    """Compress images by showing them in few colors, chosen by exact k-means.

    [bold]Examples[/]

    kmosaic compress photo.png --colors 64

    kmosaic compress screenshots/ --quality 95 --out small

    kmosaic compress icon.png --max-bytes 4000 --keep-color '#fff' --out icon-small.png

    kmosaic compress - --colors 16 < in.png > out.png
    """
    if STREAM in images and len(images) > 1:
        raise typer.BadParameter("- stands for the one image on standard input")
    how: dict[str, Any] = {
        "n_colors": n_colors,
        "quality": quality,
        "max_bytes": max_bytes,
        "format": format and format.value,
        "space": space.value,
        "dither": dither.value,
        "dither_strength": dither_strength,
        "palette": palette,
        "keep_colors": keep_colors or (),
        "shared_palette": shared_palette,
        "skip_if_larger": skip_if_larger,
        "seed": seed,
    }
    with front_door() as console, Bars(console) as bars:
        from kmosaic.tasks.compression import compress as run
        from kmosaic.tasks.compression import compress_bytes
        from kmosaic.ui.show_compressed import check_stream, format_of, put, show, to_stream

        export = export_palette and export_palette.value
        if images == [STREAM]:
            out = out or STREAM
        if out == STREAM:
            check_stream(export, as_json)
        if images == [STREAM]:
            how["format"] = format_of(str(out), how["format"], export, palette)
            put(compress_bytes(sys.stdin.buffer.read(), **how), str(out), console, export, as_json)
            return
        done = run(
            images,
            out=None if out == STREAM else out or place_of_several(images, BY_DEFAULT, "compress"),
            export_palette=export,
            report=not no_report,
            on_progress=bars,
            **how,
        )
        if out == STREAM:
            to_stream(done, console)
            return
    show(done, as_json)
