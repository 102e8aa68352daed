"""What kind of images these are: written signs, or pictures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.ndimage import distance_transform_edt

from kmosaic.data.items import Image
from kmosaic.features.canvas import is_gray
from kmosaic.features.glyphs import on_paper

_SIDE = 28  # signs are judged at this size, so that the limits below are shares of it
_MOST_SIDE = 200  # a larger image is a page or a picture, not one sign
_GROUND = 0.1  # of the strongest ink: this close to the ground counts as empty
_PAPER_LIKE = 8  # levels by which the channels of a gray scan may differ

# Measured (medians): MNIST empty 0.83, stroke 4; 8x8 digits 0.51 and 8.5; letters drawn from fonts,
# with noise, 0.87 and 2.8. Gray photographs 0.22 and 6.3; filled disks 0.62 and 18.
_LEAST_EMPTY = 0.4
_WIDEST_STROKE = 0.42 * _SIDE
_LEAST_CONTRAST = 50  # levels of 255


@dataclass(frozen=True)
class Look:
    """What was seen in a sample of the images; medians over them."""

    side: int  # pixels, the longer side
    gray: float  # share of the images that have no color
    empty: float  # share of the pixels that are ground
    stroke: float  # width of the widest stroke, in pixels of an image of 28 x 28
    contrast: float  # of the strongest ink with the ground, 0 to 255

    @property
    def are_signs(self) -> bool:
        """Small, gray, mostly empty, drawn with strokes: letters, digits, symbols."""
        return (
            self.side <= _MOST_SIDE
            and self.gray >= 0.95
            and self.empty >= _LEAST_EMPTY
            and self.stroke <= _WIDEST_STROKE
            and self.contrast >= _LEAST_CONTRAST
        )


def judge(images: Sequence[Image]) -> Look:
    """Look at some images.

    >>> sign = np.zeros((28, 28), np.uint8)
    >>> sign[4:24, 13:16] = 255
    >>> judge([sign]).are_signs
    True
    """
    papers = [on_paper(image, (_SIDE, _SIDE)) for image in images]
    return Look(
        side=int(np.median([max(image.shape[:2]) for image in images])),
        gray=float(np.mean([is_gray(image, _PAPER_LIKE) for image in images])),
        empty=float(np.median([_emptiness(paper) for paper in papers])),
        stroke=float(np.median([_stroke(paper) for paper in papers])),
        contrast=float(np.median([int(paper.max()) for paper in papers])),
    )


def _emptiness(paper: Image) -> float:
    return float((paper <= _GROUND * max(1, int(paper.max()))).mean())


def _stroke(paper: Image) -> float:
    written = np.pad(paper > paper.max() / 2, 1)  # the rim of the paper ends a stroke
    return 2 * float(distance_transform_edt(written).max())
