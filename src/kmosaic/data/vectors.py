"""Items that are rows of numbers and have no picture."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from kmosaic._errors import InputError
from kmosaic._paths import expanded
from kmosaic.data.ahead import MOST_ITEMS
from kmosaic.data.items import Batch, Items, OnSkip
from kmosaic.data.known_labels import as_labels, checked_labels
from kmosaic.data.numpy_files import load_arrays
from kmosaic.data.picking import positions
from kmosaic.data.ranges import blocks, check_finite


@dataclass(frozen=True, eq=False)
class VectorItems(Items):
    """Rows of finite numbers, for example embeddings made elsewhere."""

    source: str
    X: npt.NDArray[Any]  # (n, d), float32 or float64; memory mapped where it comes from a .npy
    ids: Sequence[str]  # the number of each row, counted from 0
    labels: npt.NDArray[np.object_] | None = None
    notes: tuple[str, ...] = ()
    kind: Literal["images", "vectors", "documents"] = "vectors"

    def batches(
        self,
        size: int | None = None,
        *,
        on_skip: OnSkip | None = None,
        max_side: int | None = None,
    ) -> Iterator[Batch]:
        """The rows, a bounded number at a time; nothing is ever skipped."""
        most = size or MOST_ITEMS
        for first in range(0, len(self), most):
            rows = list(self.X[first : first + most])
            yield Batch(np.arange(first, first + len(rows)), rows)

    def take(self, index: npt.ArrayLike) -> VectorItems:
        """The rows at these positions, in this order."""
        picked = positions(index, len(self))
        labels = None if self.labels is None else self.labels[picked]
        return replace(self, X=self.X[picked], ids=[self.ids[one] for one in picked], labels=labels)

    def with_labels(self, labels: npt.NDArray[np.object_] | None) -> VectorItems:
        """The same rows with other known labels."""
        return replace(self, labels=checked_labels(labels, len(self)))

    def content_hash(self) -> str:
        """A hex digest of shape, type and numbers."""
        total = hashlib.blake2b(f"{self.X.shape} {self.X.dtype.str}".encode(), digest_size=32)
        for _, part in blocks(self.X):
            total.update(np.ascontiguousarray(part).view(np.uint8).data)
        return total.hexdigest()

    def write(self, position: int, folder: Path, stem: str) -> Path:
        """Raise InputError: there is no picture to write."""
        raise InputError(f"{self.source} holds vectors, which cannot be written as image files.")


def open_vectors(
    source: str | os.PathLike[str] | npt.ArrayLike, *, labels: Any = None
) -> VectorItems:
    """Rows of numbers (n, d) as items of kind "vectors": a .npy or .npz file, an array, a frame.

    float32 and float64 stay, other numbers become float32 where that is exact and float64
    elsewhere. labels: one each, or None for those of an .npz (array y, labels or target). Raises
    InputError if it is no such table, is empty, or holds NaN or infinity.

    >>> open_vectors([[0.5, 2.0], [1.0, 3.0]], labels=["a", "b"]).X.shape
    (2, 2)
    """
    if isinstance(source, str | os.PathLike):
        name = str(expanded(source))
        loaded = load_arrays(Path(name), name)
        rows, labels = loaded.rows, loaded.labels if labels is None else labels
    else:
        rows = np.asarray(source)
        name = f"the array of shape {rows.shape}"
    return vectors_of(rows, name, labels)


def vectors_of(
    rows: npt.NDArray[Any], name: str, labels: Any = None, notes: tuple[str, ...] = ()
) -> VectorItems:
    """Checked rows as items."""
    if rows.ndim != 2 or rows.dtype.kind not in "biuf":
        raise InputError(
            f"{name} must hold rows of numbers, shape (n, d); it has the shape {rows.shape} "
            f"and the type {rows.dtype}."
        )
    if 0 in rows.shape:
        raise InputError(f"{name} is empty (shape {rows.shape}).")
    if rows.dtype not in (np.float32, np.float64):
        rows = rows.astype(np.result_type(rows.dtype, np.float32))
    check_finite(rows, name)
    known = None if labels is None else as_labels(labels, len(rows))
    return VectorItems(name, rows, [str(row) for row in range(len(rows))], known, notes)
