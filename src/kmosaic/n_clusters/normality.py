"""The test of G-means: do rows look normal along the line on which a cluster would be cut?"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr

_CRITICAL = 1.8692  # at a level of 0.0001, as G-means has it
_TINY = 1e-300


def looks_normal(x: npt.NDArray[np.float64]) -> bool:
    """Whether the Anderson-Darling test finds nothing against a normal distribution of x, (n,).

    Mean and variance are estimated from x. At a level of 0.0001, as in G-means (Hamerly & Elkan
    2003, "Learning the k in k-means").

    >>> at = (np.arange(100) + 0.5) / 100
    >>> from scipy.special import ndtri
    >>> looks_normal(ndtri(at)), looks_normal(np.concatenate([ndtri(at), 9 + ndtri(at)]))
    (True, False)
    """
    n, spread = len(x), float(x.std(ddof=1))
    if spread == 0:
        return True
    below = ndtr(np.sort((x - x.mean()) / spread))
    below = np.clip(below, _TINY, 1 - 1e-16)
    odd = 2 * np.arange(1, n + 1) - 1
    statistic = -n - float(np.mean(odd * (np.log(below) + np.log1p(-below[::-1]))))
    return statistic * (1 + 4 / n - 25 / n**2) < _CRITICAL
