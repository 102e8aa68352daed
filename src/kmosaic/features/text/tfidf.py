"""Documents by their weighed terms, sparse, and by the latent meaning of these, dense."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.decomposition import TruncatedSVD
from sklearn.preprocessing import normalize

from kmosaic._errors import InputError
from kmosaic._events import Listener, Progress, silent
from kmosaic.features.steady import one_thread
from kmosaic.features.text.base import Documents, Rows, TextFeatures


class TFIDF(TextFeatures):
    """Terms weighed by TF-IDF: sparse rows of length 1, never written out."""

    def fit_rows(self, documents: Documents, tell: Listener = silent) -> Rows:
        """The terms were learned with the counts: weigh them."""
        self.terms_ = documents.terms
        return self.terms_.weigh(documents.counts)

    def rows_of(
        self, texts: Sequence[str], index: npt.NDArray[np.int64], tell: Listener = silent
    ) -> Rows:
        """Weighed terms of new documents."""
        return self.terms_.weigh(self.terms_.count(texts))


class LSA(TextFeatures):
    """Weighed terms along the directions that most documents share (Deerwester et al. 1990).

    n_components: at most so many; fewer where there are fewer documents or terms. Rows have
    length 1. random_state: of scikit-learn's TruncatedSVD.
    """

    def __init__(self, n_components: int = 100, random_state: int = 0) -> None:
        self.n_components = n_components
        self.random_state = random_state

    def fit_rows(self, documents: Documents, tell: Listener = silent) -> Rows:
        """Learn the directions."""
        self.check(len(documents.items))
        self.terms_ = documents.terms
        weighed = self.terms_.weigh(documents.counts)
        count = min(self.n_components, *weighed.shape)
        tell(Progress("features", 0, None, "components", "latent semantic analysis"))
        if min(weighed.shape) < 2:  # one document or one term
            self.components_ = np.ones((weighed.shape[1], 1), np.float32)
        else:
            svd = TruncatedSVD(count, random_state=self.random_state)
            # Sums in another order would give other clusters; shares of a variance of 0 go unused.
            with one_thread(), np.errstate(invalid="ignore"):
                svd.fit(weighed)
            self.components_ = np.ascontiguousarray(svd.components_.T.astype(np.float32))
        tell(Progress("features", count, count, "components"))
        return self._rows(weighed)

    def rows_of(
        self, texts: Sequence[str], index: npt.NDArray[np.int64], tell: Listener = silent
    ) -> Rows:
        """New documents along the same directions."""
        return self._rows(self.terms_.weigh(self.terms_.count(texts)))

    def check(self, n: int) -> None:
        """Raise InputError for a number of components that is none."""
        if self.n_components < 1:
            raise InputError(f"n_components must be 1 or more, not {self.n_components}.")

    def _rows(self, weighed: Any) -> Rows:
        return np.ascontiguousarray(normalize(weighed @ self.components_), dtype=np.float32)
