"""Mean images of clusters, for images where an average still looks like something."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from kmosaic.data.items import Image
from kmosaic.report.choose import Shown
from kmosaic.report.facts import Picture
from kmosaic.report.thumbnails import Decoded, encode, shrink

_SIDE = 64  # pixels; larger images are averaged at this size
# How much of its members' contrast the mean keeps. Measured on clusters of aligned digits: 0.55
# (k = 1) to 0.8 (k = 100); on clusters of photographs: 0.2 to 0.43, a brown blur.
_LEAST_CONTRAST = 0.5


def mean_images(chosen: Sequence[Shown], decoded: Decoded) -> list[tuple[Picture | None, int]]:
    """The mean image of each cluster and how many of its members it averages.

    None for all where the images are not of one shape, or where the means have lost most of their
    contrast: such a blur would tell nothing. Only images that are decoded are averaged.
    """
    images = {at: shrink(image, _SIDE) for at, image in decoded.images.items()}
    if len({image.shape for image in images.values()}) != 1:
        return [(None, 0)] * len(chosen)
    stacks = [_stack(images, shown.averaged) for shown in chosen]
    filled = [stack for stack in stacks if len(stack) > 1]
    if not filled or _contrast_kept(filled) < _LEAST_CONTRAST:
        return [(None, 0)] * len(chosen)
    return [(_mean(stack), len(stack)) if len(stack) else (None, 0) for stack in stacks]


def _stack(
    images: Mapping[int, Image], positions: npt.NDArray[np.int64]
) -> npt.NDArray[np.float32]:
    found = [images[position] for position in positions.tolist() if position in images]
    return np.asarray(found, dtype=np.float32)


def _contrast_kept(stacks: Sequence[npt.NDArray[np.float32]]) -> float:
    """Contrast of the means over contrast of the images, each image counting the same."""
    of_means = sum(len(stack) * float(stack.mean(axis=0).std()) for stack in stacks)
    of_images = sum(float(image.std()) for stack in stacks for image in stack)
    return of_means / of_images if of_images else 0.0


def _mean(stack: npt.NDArray[np.float32]) -> Picture:
    return encode(np.clip(np.rint(stack.mean(axis=0)), 0, 255).astype(np.uint8))
