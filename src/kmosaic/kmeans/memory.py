"""What `memory_limit` leaves to the starts of k-means and to its iterations."""

from __future__ import annotations

import re
import warnings
from typing import NamedTuple

from kmosaic._engine import SEEDING_BYTES, Data
from kmosaic._errors import InputError
from kmosaic._values import PLAIN, Kind
from kmosaic.kmeans.starts import BY_DISTANCE

_UNITS = {"": 1, "K": 10**3, "M": 10**6, "G": 10**9, "T": 10**12}
_MOST = 2**63 - 1  # bytes that the core can count
_ORDER_BYTES = 16  # a row: what draws of rows have in common
_BEST_BYTES = 4  # a row: the labels of the best start so far
_UNITS |= {"KI": 2**10, "MI": 2**20, "GI": 2**30, "TI": 2**40}


class Limits(NamedTuple):
    """Most bytes beyond X for finding a start, and for an algorithm beyond labels and sums."""

    start: int
    algorithm: int


def in_bytes(limit: int | str | None) -> int:
    """A limit such as 50_000_000, "50MB" or "48 MiB" as bytes; 0 for None.

    >>> in_bytes("50MB"), in_bytes("1.5 KiB"), in_bytes(None)
    (50000000, 1536, 0)
    """
    if limit is None:
        return 0
    if isinstance(limit, str):
        found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([KMGT]?I?)B\s*", limit.upper())
        size = float(found[1]) * _UNITS.get(found[2], 0) if found else 0
    else:
        size = 0 if isinstance(limit, bool) else limit
    if size < 1:
        raise InputError(
            f"memory_limit={limit!r} is not a size: give bytes as a whole number, or text such as "
            "'100MB' or '2GiB'."
        )
    return int(min(size, _MOST))


def limits_of(
    memory_limit: int | str | None,
    data: Data,
    k: int,
    init: object,
    n_starts: int = 1,
    kind: Kind = PLAIN,
) -> Limits:
    """What a memory_limit leaves, or what is fair if it is None; warns where it cannot be kept."""
    most = in_bytes(memory_limit)
    if not most:
        return Limits(data.fair_share(), data.fair_share())
    n = data.shape[0]
    best = _BEST_BYTES * n if n_starts > 1 else 0
    order = _ORDER_BYTES * n if n_starts > 1 and isinstance(init, str) else 0  # for the next start
    fewest = held = data.fewest_bytes(k, kind) + best + order
    if isinstance(init, str):
        fewest = max(fewest, (SEEDING_BYTES if init in BY_DISTANCE else _ORDER_BYTES) * n)
    if most < fewest:
        warnings.warn(
            f"memory_limit={memory_limit!r} is too little: labels, centers, their sums and starts "
            f"take about {fewest / 1e6:.2g} MB in any case. The leanest algorithm is taken.",
            UserWarning,
            stacklevel=4,
        )
    return Limits(max(most - best - data.own_bytes, 1), max(most - held, 1))
