"""Rows of some of the items, for what is learned from rows."""

from __future__ import annotations

from typing import Any

from kmosaic.data import as_items
from kmosaic.features.base import ImageFeatures, Matrix
from kmosaic.features.extract import extract_at
from kmosaic.features.listening import listener
from kmosaic.features.look import draw

_MOST_NUMBERS = 1 << 26  # 256 MiB of float32


def sampled_rows(extractor: ImageFeatures, X: Any, count: int, seed: int) -> Matrix:
    """Features of at most `count` of the items, fewer where the rows are very long, by a seed."""
    items = as_items(X)
    count = min(count, max(1000, _MOST_NUMBERS // max(1, extractor._n_features_out)))
    chosen = draw(len(items), count, seed)
    return extract_at(extractor, items, chosen, on_progress=listener(), stage="learning features").X
