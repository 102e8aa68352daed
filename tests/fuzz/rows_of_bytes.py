"""CSR matrices whose parts need not fit together, from bytes."""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.sparse as sp

from kmosaic import BisectingKMeans, KMeans, MiniBatchKMeans, SphericalKMeans

_ALGORITHMS = ("auto", "lloyd", "elkan", "kd")
_ESTIMATORS = (KMeans, MiniBatchKMeans, BisectingKMeans, SphericalKMeans)
_VALUES = (np.float32, np.float64, np.uint8, np.int16)
_HEADER = 6


def packed(
    n: int,
    d: int,
    k: int,
    indptr: list[int],
    indices: list[int],
    data: list[float],
    *,
    kind: int = 0,
) -> bytes:
    """The bytes that cooked() makes these of; k: the estimator too, kind: types and algorithm."""
    parts = np.array(indptr, np.int8).tobytes(), np.array(indices, np.int8).tobytes()
    header = bytes([n, d, k, kind, len(indptr), len(indices)])
    return header + b"".join(parts) + np.array(data, np.float32).tobytes()


def cooked(data: bytes) -> tuple[Any, Any]:
    """A matrix, and an estimator to fit."""
    n, d, k, kind, starts, stored = data[:_HEADER].ljust(_HEADER, b"\x01")
    rest = data[_HEADER:]
    wide = np.int64 if kind & 1 else np.int32
    indptr = _spread(rest[:starts], wide)
    indices = _spread(rest[starts : starts + stored], wide)
    values = np.frombuffer(
        rest[starts + stored :][: 4 * 64].ljust(4, b"\0")[: 4 * 64 // 4 * 4], np.uint8
    )
    values = values[: len(values) // 4 * 4].view(np.float32)
    # Made whole, then taken apart: scipy looks at the parts only when a matrix is made.
    X = sp.csr_array((n % 64 + 1, d % 64 + 1), dtype=_VALUES[kind >> 1 & 3])
    with np.errstate(invalid="ignore"):
        X.indptr, X.indices, X.data = indptr, indices, values.astype(X.dtype)
    if kind & 8:
        X.has_sorted_indices = X.has_canonical_format = True  # a lie, maybe
    estimator = _ESTIMATORS[k >> 3 & 3](k % 8 + 1, max_iter=3, random_state=0)
    if k & 24 == 0:
        estimator.set_params(algorithm=_ALGORITHMS[kind >> 4 & 3])
    return X, estimator


def _spread(part: bytes, dtype: Any) -> Any:
    """Numbers near 0, as bytes from -64 to 63; the others stand for numbers far beyond."""
    small = np.frombuffer(part, np.int8).astype(np.int64)
    far = np.where(small < 0, small << 24, small << 23)
    return np.where(np.abs(small) < 64, small, far).astype(dtype)
