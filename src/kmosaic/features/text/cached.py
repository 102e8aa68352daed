"""Documents read once: their terms, and their rows, kept for the next run."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import version
from typing import Any

import numpy as np
from scipy.sparse import issparse

from kmosaic._errors import InputError
from kmosaic._events import Listener, Progress, silent
from kmosaic.data.documents import TextItems
from kmosaic.data.items import Skipped, ensure_readable
from kmosaic.features.cache import Cache
from kmosaic.features.spec import settings
from kmosaic.features.text.base import Documents, Rows, TextFeatures
from kmosaic.features.text.make import text_features_of_spec
from kmosaic.features.text.terms import Terms, csr_of

_EDITION = 3  # raised whenever the same settings begin to give other numbers
NO_TERM = "it shares no word with others that tells it from the rest"


def read_documents(
    items: TextItems, terms: Terms, *, use_cache: bool = True, on_progress: Listener = silent
) -> tuple[Documents, tuple[Skipped, ...], bool]:
    """Read documents, and learn and count their terms, or find these in the cache.

    Returns the documents that can be read, the others with reasons, and whether the terms were in
    the cache. Raises InputError if none can be read, or no term is left.
    """
    cache = Cache()
    parts = ("terms", _EDITION, version("kmosaic"), version("stop-words"), version("scikit-learn"))
    key = cache.key(*parts, items.content_hash(), terms.language) if use_cache else ""
    found = _kept(cache, key, terms, items) if use_cache else None
    if found is not None:
        on_progress(Progress("features", len(items), len(items), "documents", "from the cache"))
        return *found, True
    index: list[int] = []
    skipped: list[Skipped] = []
    learned = Terms(terms.language)
    counts = learned.learn(_texts(items, index, skipped, on_progress))
    documents = Documents(items.take(index), np.array(index), counts, learned)
    if use_cache:
        spec, arrays = learned.to_spec()
        reasons = [one.reason for one in skipped[len(items.refused) :]]
        whole = {"counts." + name: getattr(counts, name) for name in ("data", "indices", "indptr")}
        learned_arrays = {f"learned.{name}": array for name, array in arrays.items()}
        facts = {"spec": spec, "reasons": reasons}
        cache.put(key, facts, {**whole, **learned_arrays, "index": documents.index})
    return documents, tuple(skipped), False


def _texts(
    items: TextItems, index: list[int], skipped: list[Skipped], tell: Listener
) -> Iterator[str]:
    for batch in items.batches(on_skip=skipped.append):
        for position, text in zip(batch.index.tolist(), batch.images, strict=True):
            index.append(position)
            yield str(text)
        tell(Progress("features", index[-1] + 1, len(items), "documents", "counting words"))
    ensure_readable(items, skipped)


def _kept(
    cache: Cache, key: str, terms: Terms, items: TextItems
) -> tuple[Documents, tuple[Skipped, ...]] | None:
    found = cache.get(key)
    if found is None:
        return None
    facts, arrays = found
    try:
        learned: Any = text_features_of_spec(facts["spec"], _part(arrays, "learned."))
        index = arrays["index"].astype(np.int64)
        counts = csr_of(_part(arrays, "counts."), (len(index), len(learned.vocabulary_)))
        left_out = np.setdiff1d(np.arange(len(items)), index).tolist()
        pairs = zip(left_out, facts["reasons"], strict=True)
        skipped = items.refused + tuple(Skipped(items.ids[at], why) for at, why in pairs)
        return Documents(items.take(index), index, counts, learned), skipped
    except (KeyError, TypeError, ValueError):  # a ModelError is a ValueError
        return None


def _part(arrays: dict[str, Any], start: str) -> dict[str, Any]:
    return {
        name.removeprefix(start): array for name, array in arrays.items() if name.startswith(start)
    }


def with_terms(documents: Documents) -> tuple[Documents, tuple[Skipped, ...]]:
    """The documents that hold a term, and the others with the reason."""
    holds = np.diff(documents.counts.indptr) > 0
    if holds.all():
        return documents, ()
    if not holds.any():
        raise InputError("No document holds a word that another has too: there are no groups.")
    bad = np.flatnonzero(~holds).tolist()
    kept = np.flatnonzero(holds)
    counts = documents.counts[kept]
    fewer = Documents(documents.items.take(kept), documents.index[kept], counts, documents.terms)
    return fewer, tuple(Skipped(documents.items.ids[at], NO_TERM, True) for at in bad)


def rows_of_documents(
    extractor: TextFeatures,
    documents: Documents,
    *,
    use_cache: bool = True,
    on_progress: Listener = silent,
) -> tuple[Rows, TextFeatures]:
    """The rows of documents, computed or kept, and the fitted extractor.

    Sparse rows are weighed anew: that takes less time than to read them.
    """
    fitted = extractor.fresh()
    n = len(documents.items)
    if not use_cache or (extractor.needs_terms and extractor.get_params() == {}):
        return fitted.fit_rows(documents, on_progress), fitted
    cache = Cache()
    content = documents.items.content_hash()
    spec: Any = extractor
    key = cache.key(
        "text rows", _EDITION, version("kmosaic"), version("scikit-learn"),
        content, documents.terms.language, settings(spec), documents.index.tolist(),
    )  # fmt: skip
    found = cache.get(key)
    if found is not None and len(found[1].get("X", ())) == n:
        try:
            kept = text_features_of_spec(found[0]["spec"], _part(found[1], "learned."))
            on_progress(Progress("features", n, n, "documents", "from the cache"))
            return found[1]["X"], kept
        except (KeyError, TypeError, ValueError):
            pass
    rows = fitted.fit_rows(documents, on_progress)
    if not issparse(rows):
        plain, arrays = fitted.to_spec()
        learned = {f"learned.{name}": array for name, array in arrays.items()}
        cache.put(key, {"spec": plain}, {"X": rows, **learned})
    return rows, fitted
