"""What every extractor of documents is: from documents to rows, dense or sparse."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np
import numpy.typing as npt
from sklearn.base import BaseEstimator

from kmosaic._events import Listener, silent
from kmosaic.data.documents import TextItems
from kmosaic.features.spec import Arrays, Spec, describe
from kmosaic.features.text.terms import Terms

Rows = Any  # (n, d): CSR or an array, float32


@dataclass(frozen=True)
class Documents:
    """Documents that can be read, with the terms that stand in them."""

    items: TextItems
    index: npt.NDArray[np.int64]  # (n,) their positions in the items that were opened
    counts: Any  # (n, terms) CSR of int32
    terms: Terms  # fitted


class TextFeatures(BaseEstimator, ABC):  # type: ignore[misc]
    """Turn documents into rows of float32 numbers.

    A subclass states its settings in `__init__`, learns in `fit_rows` what it has to learn
    (attributes that end in "_"), and gives the rows of new documents in `rows_of`.
    """

    needs_terms: ClassVar[bool] = True  # a document without a known term has no row
    of_positions: ClassVar[bool] = False  # rows belong to places, not to texts

    @abstractmethod
    def fit_rows(self, documents: Documents, tell: Listener = silent) -> Rows:
        """Learn from documents, and give their rows, (n, d)."""

    @abstractmethod
    def rows_of(
        self, texts: Sequence[str], index: npt.NDArray[np.int64], tell: Listener = silent
    ) -> Rows:
        """Rows of new documents, (n, d); index: their positions in the source."""

    def check(self, n: int) -> None:
        """Raise an error, before long work, if this cannot be computed for n documents."""

    def outside(self) -> dict[str, str]:
        """Digests of the files outside the settings that decide the rows, by what they are."""
        return {}

    def to_spec(self) -> tuple[Spec, Arrays]:
        """Settings and what was learned, as JSON-able values and arrays."""
        return describe(self)

    def fresh(self) -> Self:
        """A copy with the same settings that has learned nothing."""
        return type(self)(**self.get_params(deep=False))
