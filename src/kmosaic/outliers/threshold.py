"""From which score on a row is an anomaly, and how sure that is."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.special import expit

from kmosaic._values import Distances

_QUARTILE = 1.349  # the quartiles of a normal distribution are so many standard deviations apart
_WHISKER = 1.5  # quartile ranges
_LEAST = np.finfo(np.float64).tiny  # rows on a center have no logarithm


class Threshold(NamedTuple):
    """The middle and the spread of ordinary scores' logarithms, and the score to stay below."""

    middle: float
    spread: float
    score: float

    def probability(self, scores: Distances) -> Distances:
        """How likely each row is an anomaly, (n,): 0.5 at the threshold.

        z tells how far the logarithm of a score is from the middle, in spreads. Ordinary rows are
        taken to be normal in z and anomalies to be anywhere: the odds of the two are those of
        exp(z²/2), and even at the threshold.
        """
        far, at = self._far(scores), self._far(np.array(self.score))
        found: Distances = expit((far * np.abs(far) - at * np.abs(at)) / 2)
        return found

    def _far(self, scores: Distances) -> Distances:
        found: Distances = (_logarithms(scores) - self.middle) / self.spread
        return found


def threshold_of(scores: Distances, contamination: float | None) -> Threshold:
    """The threshold that leaves a share of the rows beyond it, or for None that of a box plot.

    None: an anomaly has a logarithm of its score above the third quartile by more than 1.5 times
    the range between the quartiles (Tukey 1977). Of scores whose logarithms are normal, 0.35 % are.
    """
    logarithms = _logarithms(scores)
    low, middle, high = np.quantile(logarithms, [0.25, 0.5, 0.75]).tolist()
    spread = (high - low) / _QUARTILE or float(logarithms.std()) or 1.0
    if contamination is None:
        limit = float(np.exp(high + _WHISKER * _QUARTILE * spread))
    else:
        limit = float(np.quantile(scores, 1 - contamination))
    return Threshold(middle, spread, limit)


def _logarithms(scores: Distances) -> Distances:
    return np.log(np.maximum(scores, _LEAST))
