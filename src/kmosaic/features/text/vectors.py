"""Vectors of documents that were made elsewhere."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from kmosaic._arguments import argument
from kmosaic._errors import InputError
from kmosaic._events import Listener, silent
from kmosaic.data import open_vectors
from kmosaic.features.outside_file import check_seal, seal
from kmosaic.features.text.base import Documents, Rows, TextFeatures

_WHAT = "The file of vectors"


class TextEmbedding(TextFeatures):
    """Rows of a .npy or .npz file, one for each document of the source, in its order.

    path: the file. New documents need vectors of their own: `with_vectors`.
    """

    needs_terms = False
    of_positions = True

    def __init__(self, path: str) -> None:
        self.path = path

    def check(self, n: int) -> None:
        """Raise InputError if the file is no table of numbers with n rows."""
        found = open_vectors(self.path).X
        if len(found) != n:
            raise InputError(
                f"{self.path} has {len(found):,} rows, and there are {n:,} documents: it must have "
                "one row for each, in their order."
            )

    def fit_rows(self, documents: Documents, tell: Listener = silent) -> Rows:
        """The rows of the file."""
        self.n_bytes_, self.sha256_ = seal(self.path, _WHAT)
        rows = open_vectors(self.path).X[documents.index]
        self.n_columns_ = int(rows.shape[1])
        return np.ascontiguousarray(rows, dtype=np.float32)

    def rows_of(
        self, texts: Sequence[str], index: npt.NDArray[np.int64], tell: Listener = silent
    ) -> Rows:
        """The rows of the file at these positions; InputError where they are not its own."""
        check_seal(self.path, _WHAT, self.n_bytes_, self.sha256_)
        rows = open_vectors(self.path).X
        if len(index) and index.max() >= len(rows):
            raise InputError(
                f"{self.path} has {len(rows):,} rows, too few for these documents: new documents "
                f"need vectors of their own: {argument('features', 'embedding:NEW.npy')}"
            )
        return np.ascontiguousarray(rows[index], dtype=np.float32)

    def outside(self) -> dict[str, str]:
        """The digest of the file."""
        return {"vectors": seal(self.path, _WHAT)[1]}

    def with_vectors(self, path: str) -> TextEmbedding:
        """The same with a file of vectors of new documents; InputError if they are as wide not."""
        width = int(open_vectors(path).X.shape[1])
        if width != self.n_columns_:
            raise InputError(f"{path} has {width} columns; the model needs {self.n_columns_}.")
        n_bytes, sha256 = seal(path, _WHAT)
        new = TextEmbedding(path)
        new.n_bytes_, new.sha256_, new.n_columns_ = n_bytes, sha256, width
        return new
