"""Features that were computed before are not computed again."""

from __future__ import annotations

import os
from collections.abc import Sequence
from importlib.metadata import version
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.base import clone

from kmosaic._events import Listener, Progress, silent
from kmosaic.data import as_items
from kmosaic.data.items import Items, Skipped
from kmosaic.features.base import Extracted, ImageFeatures
from kmosaic.features.cache import Cache
from kmosaic.features.extract import extract
from kmosaic.features.listening import listening
from kmosaic.features.spec import settings
from kmosaic.features.table import from_spec

_EDITION = 3  # raised whenever the same settings begin to give other numbers


def cached_extract(
    extractor: ImageFeatures,
    X: Any,
    *,
    cache_dir: str | os.PathLike[str] | None = None,
    use_cache: bool = True,
    on_progress: Listener = silent,
) -> tuple[Extracted, bool, ImageFeatures]:
    """Fit an extractor and compute its features, or find both in the cache.

    The key is the content of the items and the settings of the extractor, so that the same images
    in another place are found as well. cache_dir: None is KMOSAIC_CACHE or the user's cache folder.
    Returns the features, whether they were in the cache, and a fitted extractor; the one that was
    given is left as it is.

    >>> from kmosaic.features import Pixels
    >>> extracted, was_cached, fitted = cached_extract(
    ...     Pixels(), np.zeros((2, 8, 8), np.uint8), use_cache=False)
    >>> extracted.X.shape, was_cached
    ((2, 64), False)
    """
    items = as_items(X)
    if not use_cache:
        extracted, fitted = _computed(extractor, items, on_progress)
        return extracted, False, fitted
    cache = Cache(cache_dir)
    key = cache.key(
        "features", _EDITION, version("kmosaic"), items.content_hash(), settings(extractor)
    )
    found = _read(cache, key, items)
    if found is not None:
        on_progress(Progress("features", len(items), len(items), "images", note="from the cache"))
        return found[0], True, found[1]
    extracted, fitted = _computed(extractor, items, on_progress)
    _write(cache, key, items, extracted, fitted)
    return extracted, False, fitted


def _computed(
    extractor: ImageFeatures, items: Items, on_progress: Listener
) -> tuple[Extracted, ImageFeatures]:
    with listening(on_progress):
        fitted: ImageFeatures = clone(extractor).fit(items)
    return extract(fitted, items, on_progress=on_progress), fitted


def _write(
    cache: Cache, key: str, items: Items, extracted: Extracted, fitted: ImageFeatures
) -> None:
    spec, arrays = fitted.to_spec()
    # Names are no part of the key, as they may change; so reasons are kept by position.
    reasons = [one.reason for one in extracted.skipped[len(items.refused) :]]
    learned = {f"learned.{name}": array for name, array in arrays.items()}
    cache.put(
        key,
        {"spec": spec, "reasons": reasons},
        {"X": extracted.X, "index": extracted.index, **learned},
    )


def _read(cache: Cache, key: str, items: Items) -> tuple[Extracted, ImageFeatures] | None:
    found = cache.get(key)
    if found is None:
        return None
    facts, arrays = found
    learned = {
        name.removeprefix("learned."): array
        for name, array in arrays.items()
        if name.startswith("learned.")
    }
    try:
        index = arrays["index"].astype(np.int64)
        skipped = items.refused + _skipped(items, index, facts["reasons"])
        extracted = Extracted(arrays["X"], index, skipped)
        return extracted, from_spec(facts["spec"], learned)
    except (KeyError, TypeError, ValueError):  # a ModelError is a ValueError
        return None


def _skipped(
    items: Items, index: npt.NDArray[np.int64], reasons: Sequence[str]
) -> tuple[Skipped, ...]:
    """Those of the items that have no row, in their order, each with its reason."""
    left_out = np.setdiff1d(np.arange(len(items)), index)
    pairs = zip(left_out, reasons, strict=True)
    return tuple(Skipped(items.ids[position], reason) for position, reason in pairs)
