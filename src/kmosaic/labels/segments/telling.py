"""Which figures tell how a segment differs in a column of numbers."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from kmosaic._values import Distances

CLEAR = 0.5  # effect from which a column is worth a word: "medium" in Cohen's terms
MEDIAN, MEAN, SHARE_OF_ONES = "median", "mean", "share of 1"
_SAME = 0.005  # of the larger, 0.5 at most: figures that are nearer are written the same


def measure_of(
    values: Distances, medians: Distances, means: Distances, effects: Distances
) -> tuple[str, Distances]:
    """What a column is told by, the same for all segments, and these figures, (k, 2).

    medians, means: (k, 2) of each segment and of the others. A column of 0 and 1 is told by the
    share of 1; others by medians, unless more of the clear effects can be read from means.

    >>> many_zeros, k = np.array([0, 0, 0, 0, 2, 0, 3, 0, 5]), np.array([[0.0, 0.0]])
    >>> measure_of(many_zeros, k, np.array([[0.1, 2.0]]), np.array([-0.9]))[0]
    'mean'
    """
    if values.min() == 0 and values.max() == 1 and bool(np.isin(values, (0, 1)).all()):
        return SHARE_OF_ONES, means
    clear = np.abs(effects) >= CLEAR
    by_median, by_mean = (_tells(one, effects)[clear].sum() for one in (medians, means))
    return (MEAN, means) if by_mean > by_median else (MEDIAN, medians)


def _tells(figures: Distances, effects: Distances) -> npt.NDArray[np.bool_]:
    """Whether figures differ as people read them, and in the direction of the effect, (k,)."""
    apart = figures[:, 0] - figures[:, 1]
    differ = np.abs(apart) > np.minimum(_SAME * np.abs(figures).max(axis=1), 0.5)
    found: npt.NDArray[np.bool_] = differ & (np.sign(apart) == np.sign(effects))
    return found
