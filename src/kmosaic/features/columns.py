"""Rows of numbers as they are, for items that are no images."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self

import numpy as np

from kmosaic._errors import InputError
from kmosaic.data import as_items
from kmosaic.data.items import Image, Items
from kmosaic.features.base import ImageFeatures, Matrix


class Columns(ImageFeatures):
    """The columns of items that are vectors, as they are: float64 stays float64.

    >>> Columns().fit_transform([[0.25, -1.5], [0.5, 2.0]]).tolist()
    [[0.25, -1.5], [0.5, 2.0]]
    """

    takes = "vectors"

    def fit(self, X: Any, y: Any = None) -> Self:
        """Note how many columns there are."""
        items = as_items(X)
        self.check_kind(items)
        self.n_columns_ = len(next(iter(items.batches(1))).images[0])
        return self

    def rows(self, images: Sequence[Image]) -> Matrix:
        """The numbers of one block of vectors, shape (n, d)."""
        found = np.asarray(images)
        return found if found.dtype == np.float64 else found.astype(np.float32, copy=False)

    def check_items(self, items: Items) -> None:
        """Raise InputError if these are no vectors, or not as many columns as when fitted."""
        self.check_kind(items)
        for batch in items.batches(1):
            found = len(batch.images[0])
            if found != self.n_columns_:
                raise InputError(
                    f"{items.source} has {found} columns; these features were made for "
                    f"{self.n_columns_}."
                )
            return

    @property
    def _n_features_out(self) -> int:
        return self.n_columns_
