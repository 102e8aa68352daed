"""Features of all items, block by block."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.utils.validation import check_is_fitted

from kmosaic._engine import n_threads
from kmosaic._events import Listener, Progress, silent
from kmosaic.data import as_items
from kmosaic.data.items import Batch, Items, Skipped
from kmosaic.features.base import Extracted, ImageFeatures, Matrix
from kmosaic.features.look import none_readable
from kmosaic.features.room import check_fits
from kmosaic.features.steady import one_thread


def extract(
    extractor: ImageFeatures, X: Any, *, on_progress: Listener = silent, stage: str = "features"
) -> Extracted:
    """Features of the images that can be read, in bounded batches.

    The extractor must be fitted. Blocks are computed on all cores; the result does not depend on
    how the images fall into blocks. Raises InputError if no image can be read, or if the rows would
    not fit into this machine's memory.

    >>> from kmosaic.features import Pixels
    >>> images = np.zeros((5, 8, 8), np.uint8)
    >>> extract(Pixels().fit(images), images).X.shape
    (5, 64)
    """
    items = as_items(X)
    return extract_at(extractor, items, np.arange(len(items)), on_progress=on_progress, stage=stage)


def extract_at(
    extractor: ImageFeatures,
    items: Items,
    positions: npt.NDArray[np.int64],
    *,
    on_progress: Listener = silent,
    stage: str = "features",
) -> Extracted:
    """Features of the items at these ascending positions."""
    check_is_fitted(extractor)
    extractor.check_items(items)
    check_fits(len(positions), extractor._n_features_out)
    skipped: list[Skipped] = []
    chosen = items if len(positions) == len(items) else items.take(positions)
    batches = chosen.batches(on_skip=skipped.append, max_side=extractor.max_side)
    X: Matrix | None = None
    index: list[npt.NDArray[np.int64]] = []
    done = 0
    beside = len(chosen.refused)  # told of as skipped, and none of the positions
    on_progress(Progress(stage, 0, len(positions), "images"))
    blocks = _blocks(batches, positions, extractor.together)
    with closing(_in_order(extractor.rows_of, blocks)) as computed:
        for where, rows in computed:
            if X is None:
                check_fits(len(positions), rows.shape[1], rows.itemsize)
                X = np.empty((len(positions), rows.shape[1]), dtype=rows.dtype)
            X[done : done + len(rows)] = rows
            done += len(rows)
            index.append(where)
            seen = done + len(skipped) - beside
            on_progress(Progress(stage, seen, len(positions), "images"))
    if X is None:
        raise none_readable(items, skipped)
    return Extracted(X[:done], np.concatenate(index), tuple(skipped))


def _blocks(
    batches: Iterator[Batch], positions: npt.NDArray[np.int64], together: int
) -> Iterator[Batch]:
    for batch in batches:
        where = positions[batch.index]
        for start in range(0, len(where), together):
            stop = start + together
            yield Batch(where[start:stop], batch.images[start:stop])


def _in_order(
    rows_of: Callable[[Batch], Matrix], blocks: Iterator[Batch]
) -> Generator[tuple[npt.NDArray[np.int64], Matrix]]:
    """Compute blocks on all cores, a bounded number ahead, and hand them out in order."""
    cores = n_threads()
    waiting: deque[tuple[npt.NDArray[np.int64], Future[Matrix]]] = deque()
    with one_thread(), ThreadPoolExecutor(cores) as pool:
        try:
            for block in blocks:
                waiting.append((block.index, pool.submit(rows_of, block)))
                if len(waiting) > 2 * cores:
                    where, rows = waiting.popleft()
                    yield where, rows.result()
            while waiting:
                where, rows = waiting.popleft()
                yield where, rows.result()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
