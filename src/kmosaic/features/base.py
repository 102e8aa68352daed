"""What every feature extractor is: a scikit-learn transformer from images to rows of numbers."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
import numpy.typing as npt
from sklearn.base import BaseEstimator, ClassNamePrefixFeaturesOutMixin, TransformerMixin

from kmosaic._arguments import argument
from kmosaic._errors import InputError
from kmosaic.data.items import Batch, Image, Items, Skipped
from kmosaic.features.saving import save_features
from kmosaic.features.spec import Arrays, Spec, describe

Matrix = npt.NDArray[Any]  # float32; float64 of vectors that are


@dataclass(frozen=True)
class Extracted:
    """Rows of features for the items that could be read."""

    X: Matrix  # (n_readable, d)
    index: npt.NDArray[np.int64]  # (n_readable,) positions in the items
    skipped: tuple[Skipped, ...]  # the rest, with reasons


class ImageFeatures(
    ClassNamePrefixFeaturesOutMixin,  # type: ignore[misc]
    TransformerMixin,  # type: ignore[misc]
    BaseEstimator,  # type: ignore[misc]
    ABC,
):
    """Turn images into rows of float32 numbers (vectors in float64 stay so).

    A subclass states its settings in `__init__` (scikit-learn's rules: plain values, stored as they
    are), learns in `fit` what it has to learn (attributes that end in "_"), and computes one block
    of rows in `rows`. Items, a list of image arrays, or an array (n, h, w) or (n, h, w, 3) are all
    taken. A row depends on its image alone, not on the block that it falls into.
    """

    takes = "images"  # or "vectors": the kind of items these features are of
    together = 256  # images computed at once: their arrays fit into the processor's cache

    @property
    def max_side(self) -> int | None:
        """A shorter side beyond which a picture holds more than the features need, in pixels."""
        return None

    @property
    @abstractmethod
    def _n_features_out(self) -> int:
        """The number of columns; known once fitted (scikit-learn's name)."""

    @abstractmethod
    def fit(self, X: Any, y: Any = None) -> Self:
        """Learn what the features need from the images."""

    @abstractmethod
    def rows(self, images: Sequence[Image]) -> Matrix:
        """Features of one block of images, shape (len(images), d)."""

    def rows_of(self, batch: Batch) -> Matrix:
        """Features of one block of items, for features that go by position and not by pixels."""
        return self.rows(batch.images)

    def check_items(self, items: Items) -> None:
        """Raise InputError if these features cannot be computed for these items."""
        self.check_kind(items)

    def check_kind(self, items: Items) -> None:
        """Raise InputError if these are vectors and the features are of images, or the reverse."""
        if items.kind != self.takes:
            raise InputError(
                f"{items.source} holds {items.kind}, and {type(self).__name__} is for "
                f"{self.takes}. Use {argument('features', 'auto')}, which takes both."
            )

    def outside(self) -> dict[str, str]:
        """Digests of the files outside the settings that decide the features, by what they are."""
        return {}

    def transform(self, X: Any) -> Matrix:
        """Features of all images, shape (n, d); raises InputError if one cannot be read."""
        from kmosaic.features.extract import extract  # it is built on this class

        extracted = extract(self, X)
        if extracted.skipped:
            first = extracted.skipped[0]
            raise InputError(
                f"{len(extracted.skipped)} image(s) cannot be read, the first is {first.id!r} "
                f"({first.reason}). Remove them, or use kmosaic.features.extract, which skips them."
            )
        return extracted.X

    def to_spec(self) -> tuple[Spec, Arrays]:
        """Settings and what was learned, as JSON-able values and arrays (see `from_spec`)."""
        return describe(self)

    def save(self, folder: str | Path) -> Path:
        """Write the fitted extractor into a folder of its own and return its path.

        `kmosaic.load` gives it back. The folder holds data only. Raises scikit-learn's
        NotFittedError before fit(), InputError if the folder holds anything but a saved model, and
        OutputError if writing fails.
        """
        save_features(self, Path(folder))
        return Path(folder)
