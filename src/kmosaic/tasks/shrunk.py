"""One image file in few colors, as a result."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from kmosaic.palette.color_files import hex_of
from kmosaic.palette.spaces import Colors
from kmosaic.report.compressed import Shown, kept_words


class Tried(NamedTuple):
    """The file in few colors, which is written unless the one that was is kept."""

    bytes: int
    n_colors: int
    mse: float
    delta_e: float

    @property
    def psnr(self) -> float:
        """Peak signal-to-noise ratio in decibels; infinite where nothing was lost."""
        return 10 * math.log10(255**2 / self.mse) if self.mse else math.inf

    def summary(self) -> dict[str, Any]:
        """The same as plain values, ready for JSON."""
        return self._asdict() | {"psnr": self.psnr if self.mse else None}


@dataclass(frozen=True, eq=False)
class Shrunk:
    """One image file in few colors.

    before, after, mse, psnr and delta_e are those of the file that was written. Where the one that
    was is kept, `tried` has those of the one in few colors, and `colors` its palette.
    """

    name: str  # without its ending
    file: str  # of the result
    before: int  # bytes
    after: int
    colors: Colors
    counts: npt.NDArray[np.int64]  # pixels of each color
    size: tuple[int, int]  # width, height
    tried: Tried
    notes: tuple[str, ...]
    kept: bool  # the file that was is kept, as this one is no smaller
    data: bytes = b""  # of the new file, or of the one that is kept
    path: str | None = None
    frames: int = 1
    pictures: tuple[bytes, bytes] | None = None  # before and after, for the page

    @property
    def mse(self) -> float:
        """Mean squared error of the RGB values, 0 to 255."""
        return 0.0 if self.kept else self.tried.mse

    @property
    def psnr(self) -> float:
        """Peak signal-to-noise ratio in decibels; infinite where nothing was lost."""
        return math.inf if self.kept else self.tried.psnr

    @property
    def delta_e(self) -> float:
        """Mean CIEDE2000 difference of the pixels; about 1 is what people just notice."""
        return 0.0 if self.kept else self.tried.delta_e

    @property
    def why_kept(self) -> str:
        """Why the file that was is kept; empty if it is not."""
        return kept_words(*self.tried) if self.kept else ""

    def written_as(self, file: str) -> Shrunk:
        """The same under the name that its file has, if it is of that kind."""
        return replace(self, file=file) if self.fits(file) else self

    def fits(self, file: str) -> bool:
        """Whether it can be written under a name: a file that is kept may be of another kind."""
        return not self.kept or _suffix(self.file) == _suffix(file)

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
            "n_colors": None if self.kept else len(self.colors),
            "mse": self.mse,
            "psnr": self.psnr if self.mse else None,
            "delta_e": self.delta_e,
            "colors": [] if self.kept else [hex_of(color) for color in self.colors.tolist()],
            "tried": self.tried.summary() if self.kept else None,
            "notes": list(self.notes),
        }

    def shown(self) -> Shown:
        """What the page shows of it."""
        return Shown(
            self.name, self.before, self.after, self.size, self.mse, self.psnr, self.delta_e,
            tuple(hex_of(color) for color in self.colors.tolist()), tuple(self.counts.tolist()),
            self.notes, self.why_kept, self.pictures, self.frames,
        )  # fmt: skip


def _suffix(file: str) -> str:
    return file.rpartition(".")[2].lower()
