"""One image file in few colors, as a result."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from kmosaic.palette.color_files import hex_of
from kmosaic.palette.spaces import Colors
from kmosaic.report.compressed import Shown


@dataclass(frozen=True, eq=False)
class Shrunk:
    """One image file in few colors."""

    name: str  # without its ending
    file: str  # of the result
    before: int  # bytes
    after: int
    colors: Colors
    counts: npt.NDArray[np.int64]  # pixels of each color
    size: tuple[int, int]  # width, height
    mse: float
    delta_e: float
    notes: tuple[str, ...]
    kept: bool  # the file that was is kept, as this one is no smaller
    data: bytes = b""  # of the new file, or of the one that is kept
    path: str | None = None
    frames: int = 1
    pictures: tuple[bytes, bytes] | None = None  # before and after, for the page

    @property
    def psnr(self) -> float:
        """Peak signal-to-noise ratio in decibels."""
        return 10 * math.log10(255**2 / self.mse) if self.mse else math.inf

    def summary(self) -> dict[str, Any]:
        """The same as plain values, ready for JSON."""
        return {
            "path": self.path,
            "file": self.file,
            "bytes_before": self.before,
            "bytes_after": self.after,
            "kept": self.kept,
            "width": self.size[0],
            "height": self.size[1],
            "frames": self.frames,
            "n_colors": len(self.colors),
            "mse": self.mse,
            "psnr": self.psnr if self.mse else None,
            "delta_e": self.delta_e,
            "colors": [hex_of(color) for color in self.colors.tolist()],
            "notes": list(self.notes),
        }

    def shown(self) -> Shown:
        """What the page shows of it."""
        return Shown(
            self.name, self.before, self.after, self.size, self.mse, self.psnr, self.delta_e,
            tuple(hex_of(color) for color in self.colors.tolist()), tuple(self.counts.tolist()),
            self.notes, self.kept, self.pictures,
        )  # fmt: skip
