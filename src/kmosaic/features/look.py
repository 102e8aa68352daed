"""A look at some of the images, before anything is decided."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from kmosaic._arguments import argument
from kmosaic._errors import InputError
from kmosaic.data import as_items
from kmosaic.data.items import Image, Items, Skipped

LOOKED_AT = 256  # enough to tell what kind of images they are
_LOOK_SIDE = 256  # larger photographs may come at reduced scale


def look(X: Any, count: int = LOOKED_AT, seed: int = 0) -> list[Image]:
    """Some readable images, drawn with a seed, in their order; raises InputError if none is.

    >>> len(look(np.zeros((9, 4, 4), np.uint8), count=3))
    3
    """
    items = as_items(X)
    if items.kind != "images":
        raise InputError(
            f"{items.source} holds vectors, not images. Use {argument('features', 'auto')}, which "
            "takes both."
        )
    skipped: list[Skipped] = []
    batches = items.take(draw(len(items), count, seed)).batches(
        on_skip=skipped.append, max_side=_LOOK_SIDE
    )
    images = [image for batch in batches for image in batch.images]
    if images:
        return images
    if len(items) > count:  # unlucky: only some of them can be read
        return look(items, len(items), seed)
    raise none_readable(items, skipped)


def draw(n: int, count: int, seed: int) -> npt.NDArray[np.int64]:
    """Positions of `count` of n things (all, if there are fewer), drawn evenly, ascending.

    >>> draw(3, 5, seed=0).tolist()
    [0, 1, 2]
    """
    if count >= n:
        return np.arange(n, dtype=np.int64)
    chosen = np.random.default_rng(seed).choice(n, size=count, replace=False)
    return np.sort(chosen).astype(np.int64)


def none_readable(items: Items, skipped: list[Skipped]) -> InputError:
    """The error for items of which none can be read."""
    if not skipped:
        return InputError(f"There is no image in {items.source}.")
    first = skipped[0]
    return InputError(
        f"None of the {len(items):,} images in {items.source} can be read; "
        f"the first is {first.id!r} ({first.reason})."
    )
