"""The page of compressed images: before and after side by side, and the palette of each."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from markupsafe import Markup

from kmosaic._percent import percent
from kmosaic._store import files
from kmosaic.data.items import Skipped
from kmosaic.report.compressed_again import again
from kmosaic.report.painting import environment, inline, policy

PAGE = "report.html"
_STYLES = ("base", "answer", "tables", "compressed")
_SCRIPTS = ("copy", "compressed")
_BYTES_OF_PICTURES = 24 << 20  # with more, a page is slow to open: the rest are numbers only
_MOST_SKIPPED = 200


@dataclass(frozen=True)
class Shown:
    """One image on the page."""

    name: str
    before: int  # bytes
    after: int
    size: tuple[int, int]
    mse: float
    psnr: float
    delta_e: float
    colors: tuple[str, ...]  # as CSS writes them
    counts: tuple[int, ...]  # pixels of each
    notes: tuple[str, ...]
    kept: str  # why it is as it was; empty if it is not
    pictures: tuple[bytes, bytes] | None  # WebP and PNG
    frames: int = 1

    @property
    def shares(self) -> list[tuple[str, float, str]]:
        """Color, share of the pixels and words, the most frequent first."""
        pixels = sum(self.counts)
        both = sorted(zip(self.counts, self.colors, strict=True), reverse=True)
        return [
            (color, count / pixels, f"{color}: {count:,} pixels ({count / pixels:.1%})")
            for count, color in both
        ]


def write_page(
    path: Path,
    images: Sequence[Shown],
    settings: Mapping[str, Any],
    sources: Sequence[str],
    skipped: Sequence[Skipped] = (),
) -> None:
    """Write the page of these images. Raises OutputError."""
    files.write_page(page(images, settings, sources, skipped), path)


def page(
    images: Sequence[Shown],
    settings: Mapping[str, Any],
    sources: Sequence[str],
    skipped: Sequence[Skipped] = (),
) -> str:
    """The page as HTML that loads nothing. skipped: files that could not be read."""
    style = inline("style", _STYLES, "css") + _swatches(images)
    early, script = inline("script", ("theme",), "js"), inline("script", _SCRIPTS, "js")
    before, after = sum(one.before for one in images), sum(one.after for one in images)
    left = _BYTES_OF_PICTURES
    entries = []
    for number, image in enumerate(images):
        uris = None
        if image.pictures is not None and sum(map(len, image.pictures)) <= left:
            left -= sum(map(len, image.pictures))
            uris = tuple(
                f"data:image/{kind};base64,{base64.b64encode(data).decode()}"
                for kind, data in zip(("webp", "png"), image.pictures, strict=True)
            )
        entries.append((number, image, uris))
    return (
        environment()
        .get_template("compressed.html.j2")
        .render(
            entries=entries,
            answer=headline(before, after),
            total=(before, after),
            n_kept=sum(bool(one.kept) for one in images),
            size=size,
            change=change,
            facts=again(settings, sources),
            skipped=skipped[:_MOST_SKIPPED],
            n_skipped=len(skipped),
            style=Markup(style),
            early=Markup(early),
            script=Markup(script),
            policy=policy(style, (early, script)),
        )
    )


def headline(before: int, after: int) -> str:
    """The answer in a few words.

    >>> headline(1000, 250), headline(1000, 1000)
    ('75% smaller', 'Not smaller')
    """
    return "Not smaller" if before == after else change(before, after)


def change(before: int, after: int) -> str:
    """How much smaller or larger files became.

    >>> change(1000, 1), change(1000, 1000), change(1000, 1400)
    ('>99% smaller', 'as large', '40% larger')
    """
    if before == after:
        return "as large"
    share = percent(abs(after - before) / before)
    return f"{share} {'smaller' if after < before else 'larger'}"


def kept_words(n_bytes: int, n_colors: int, mse: float, delta_e: float) -> str:
    """Why a file is kept: what the one in few colors would be.

    >>> kept_words(6100, 16, 110.2, 3.9)
    'kept as it was, because 16 colors (ΔE 3.90) would take 6.1 kB'
    """
    colors = f"{n_colors} color{'' if n_colors == 1 else 's'}"
    loss = f"ΔE {delta_e:.2f}" if mse else "without loss"
    return f"kept as it was, because {colors} ({loss}) would take {size(n_bytes)}"


def size(count: int) -> str:
    """Bytes for people.

    >>> size(999), size(12_345), size(3_456_789)
    ('999 bytes', '12.3 kB', '3.46 MB')
    """
    if count < 1000:
        return f"{count} bytes"
    return f"{count / 1e3:.3g} kB" if count < 999_500 else f"{count / 1e6:.3g} MB"


def _swatches(images: Sequence[Shown]) -> str:
    """A rule for each color: the page's policy allows no style elsewhere."""
    colors = dict.fromkeys(c for image in images if not image.kept for c in image.colors)
    return "".join(f".c{color[1:]} {{ --c: {color}; }}\n" for color in colors)
