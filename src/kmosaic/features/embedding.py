"""Vectors made elsewhere, one a row for each image."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self

import numpy as np

from kmosaic._errors import InputError
from kmosaic.data import as_items, open_vectors
from kmosaic.data.items import Batch, Image, Items
from kmosaic.features.base import ImageFeatures, Matrix
from kmosaic.features.outside_file import check_seal, seal

_WHAT = "The file of vectors"


_NEW = (
    "New images need vectors of their own: kmosaic predict MODEL IMAGES "
    "--features embedding:NEW.npy"
)


class Embedding(ImageFeatures):
    """Rows of a .npy or .npz file (n, d), in the order of the items they belong to.

    Images are opened nevertheless, so that an unreadable one is skipped and reported. New images
    need vectors of their own: `Embedding(new_path)`.

    path: the file. Raises InputError if it is no table of finite numbers (naming row and column) or
    has not one row for each item, and ModelError if it is no longer the file it was when fitted.
    """

    def __init__(self, path: str) -> None:
        self.path = path

    def fit(self, X: Any, y: Any = None) -> Self:
        """Open the file and hold it against the items."""
        self.n_bytes_, self.sha256_ = seal(self.path, _WHAT)
        self._opened = self.path, open_vectors(self.path).X
        self.n_columns_ = int(self._opened[1].shape[1])
        items = as_items(X)
        self.items_hash_ = ""  # of any items, until it is known whose vectors these are
        self.check_items(items)
        self.items_hash_ = items.content_hash()
        return self

    def rows(self, images: Sequence[Image]) -> Matrix:
        """Raise InputError: a vector belongs to a place in the items, not to pixels."""
        raise InputError("The rows of an embedding belong to items: use extract or transform.")

    def rows_of(self, batch: Batch) -> Matrix:
        """The vectors of one block of items."""
        return np.asarray(self._vectors()[batch.index])  # float32, or float64 as the file has it

    def check_items(self, items: Items) -> None:
        """Raise InputError if there is not one vector for each item, or these are other items."""
        count = len(self._vectors())
        if count != len(items):
            raise InputError(
                f"{self.path} has {count:,} rows, and there are {len(items):,} items in "
                f"{items.source}: it must have one row for each, in the same order. {_NEW}"
            )
        known = getattr(self, "items_hash_", "")  # a model made by an earlier kmosaic has none
        if known and known != items.content_hash():
            raise InputError(f"The vectors in {self.path} belong to other items. {_NEW}")

    def outside(self) -> dict[str, str]:
        """The digest of the file."""
        return {"vectors": seal(self.path, _WHAT)[1]}

    def _vectors(self) -> Any:
        opened = getattr(self, "_opened", None)
        if opened is None or opened[0] != self.path:
            known = getattr(self, "n_bytes_", None), getattr(self, "sha256_", None)
            check_seal(self.path, _WHAT, *known)
            opened = self._opened = self.path, open_vectors(self.path).X
        return opened[1]

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in super().__getstate__().items() if name != "_opened"}

    @property
    def max_side(self) -> int | None:
        """As small as can be: the pixels are not looked at."""
        return 1

    @property
    def _n_features_out(self) -> int:
        return self.n_columns_
