"""What every feature extractor is: a scikit-learn transformer from images to rows of numbers."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.base import BaseEstimator, TransformerMixin

from kmosaic._errors import InputError
from kmosaic._events import Listener, Progress, silent
from kmosaic.data.items import Image, Items, Skipped

Matrix = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Extracted:
    """Rows of features for the items that could be read."""

    X: Matrix  # (n_readable, d)
    index: npt.NDArray[np.int64]  # (n_readable,) positions in the items
    skipped: tuple[Skipped, ...]  # the rest, with reasons


class ImageFeatures(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Turn images into rows of float32 numbers.

    A subclass states its settings in `__init__` (scikit-learn's rules: plain values, stored as they
    are), learns in `fit` what it has to learn, and computes one block of rows in `rows`. Items,
    a list of image arrays, or an array (n, h, w) or (n, h, w, 3) are all taken.
    """

    max_side: int | None = None  # pictures larger than this are more than the features need

    def fit(self, X: Any, y: Any = None) -> ImageFeatures:
        """Learn what the features need from the images (most need nothing)."""
        return self

    @abstractmethod
    def rows(self, images: Sequence[Image]) -> Matrix:
        """Features of one block of images, shape (len(images), d)."""

    def transform(self, X: Any) -> Matrix:
        """Features of all images, shape (n, d); raises InputError if one cannot be read."""
        extracted = extract(self, X)
        if extracted.skipped:
            first = extracted.skipped[0]
            raise InputError(
                f"{len(extracted.skipped)} image(s) cannot be read, the first is {first.id!r} "
                f"({first.reason}). Remove them, or use kmosaic.features.extract, which skips them."
            )
        return extracted.X


def extract(
    extractor: ImageFeatures, X: Any, *, on_progress: Listener = silent, stage: str = "features"
) -> Extracted:
    """Features of the images that can be read, in bounded batches.

    The extractor must be fitted. Blocks are computed on all cores; the result does not depend on
    how the images fall into blocks.
    """
    raise NotImplementedError
