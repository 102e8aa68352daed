"""What quantize() gives: the picture in few colors, and how far it is from the one it was."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import PIL.Image

from kmosaic._paths import expanded
from kmosaic._store.files import whole_file
from kmosaic.palette import difference
from kmosaic.palette.color_files import hex_of, written
from kmosaic.palette.counting import Counted
from kmosaic.palette.encoding import Frame, encode, format_of
from kmosaic.palette.spaces import Colors, seen_or_not


@dataclass(frozen=True, eq=False)
class Palette:
    """A picture in few colors.

    colors: (n, 3) RGB, or (n, 4) RGBA (not premultiplied) where the picture has transparent parts,
    uint8. indices: (h, w) uint8, the number of the color of each pixel. image: the same as a Pillow
    image of mode P. mse, psnr and delta_e tell how far it is from the original.

    >>> from kmosaic.palette import quantize
    >>> palette = quantize(np.array([[10, 12, 200, 202]], np.uint8), 2, space="rgb")
    >>> palette.hex, palette.counts.tolist(), palette.mse
    (('#0b0b0b', '#c9c9c9'), [2, 2], 1.0)
    >>> palette.image.mode, palette.indices.tolist()
    ('P', [[0, 0, 1, 1]])
    """

    image: PIL.Image.Image
    colors: Colors
    indices: npt.NDArray[np.uint8]
    space: str = "oklab"
    dither: str = "none"
    notes: tuple[str, ...] = ()  # what had to be done to the picture, in sentences
    original: Counted | None = field(default=None, repr=False)
    entries: npt.NDArray[np.uint8] | None = field(default=None, repr=False)  # of original.keys

    def __repr__(self) -> str:
        """The palette in a line."""
        height, width = self.indices.shape
        shown = " ".join(self.hex[:8]) + (" …" if len(self.colors) > 8 else "")
        return f"<Palette: {width} x {height} pixels in {len(self.colors)} colors: {shown}>"

    @property
    def hex(self) -> tuple[str, ...]:
        """The colors as CSS writes them: #rrggbb, or #rrggbbaa where they are not opaque."""
        return tuple(hex_of(color) for color in self.colors.tolist())

    @cached_property
    def counts(self) -> npt.NDArray[np.int64]:
        """How many pixels have each color, (n,)."""
        return np.bincount(self.indices.ravel(), minlength=len(self.colors))

    @cached_property
    def mse(self) -> float:
        """Mean squared error of the RGB values, 0 to 255; over black and over white if there is
        alpha.
        """
        return difference.mean_squared_error(self._pairs)

    @property
    def psnr(self) -> float:
        """Peak signal-to-noise ratio in decibels; infinite where nothing was lost."""
        return 10 * math.log10(255**2 / self.mse) if self.mse else math.inf

    @cached_property
    def delta_e(self) -> float:
        """Mean CIEDE2000 difference of the pixels; about 1 is what people just notice."""
        return difference.mean_delta_e(self._pairs)

    @cached_property
    def _pairs(self) -> difference.Pairs:
        if self.original is None:
            raise ValueError("The original is not known, so there is nothing to compare with.")
        if self.entries is not None:
            return difference.pairs_of(self.original, self.entries, self.colors)
        return difference.pairs(self.original, self.indices, self.colors)

    def seen_or_not(self) -> Palette:
        """The same with colors that are opaque or invisible, as a GIF shows it."""
        if self.colors.shape[1] == 3:
            return self
        colors = seen_or_not(self.colors)
        return replace(self, colors=colors, image=as_image(self.indices, colors))

    def to_bytes(self, format: str = "png") -> bytes:
        """The picture as a file: "png" (1, 2, 4 or 8 bits a pixel), "webp" (lossless) or "gif"."""
        return encode([Frame(self.indices, self.colors)], format)

    def save(self, path: str | Path, format: str | None = None) -> None:
        """Write the picture; the format follows from the name (.png, .webp, .gif) if not given.

        Raises InputError for another format, OutputError if the file cannot be written.
        """
        path = Path(expanded(path))
        data = self.to_bytes(format or format_of(path))
        with whole_file(path) as file:
            file.write(data)

    def export(self, kind: str = "hex") -> bytes:
        """The colors as a file: "hex", "json", "gpl" (GIMP), "act" (Photoshop) or "css"."""
        return written(self.colors, kind)

    def _repr_png_(self) -> bytes:
        return self.to_bytes("png")


def as_image(indices: npt.NDArray[np.uint8], colors: Colors) -> PIL.Image.Image:
    """A Pillow image of mode P."""
    height, width = indices.shape
    image = PIL.Image.frombytes("P", (width, height), np.ascontiguousarray(indices).tobytes())
    mode: Any = "RGB" if colors.shape[1] == 3 else "RGBA"
    image.putpalette(np.ascontiguousarray(colors).tobytes(), mode)
    return image
