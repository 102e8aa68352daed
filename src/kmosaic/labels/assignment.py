"""Which item belongs to which cluster, how close, and how surely."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True)
class Assignment:
    """The cluster of every item."""

    ids: Sequence[str]  # (n,)
    labels: npt.NDArray[np.int32]  # (n,) cluster of each item, 0..n_clusters-1
    distances: npt.NDArray[np.float64]  # (n,) to the center of its cluster, in the features' unit
    margins: npt.NDArray[np.float64]  # (n,) nearest / second nearest, 0 (sure) to 1 (a tie)
    n_clusters: int
