"""From which score on a row is an anomaly, and how sure that is."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.special import expit

from kmosaic._values import Distances

_QUARTILE = 0.6745  # standard deviations of a normal distribution from its median to a quartile
_WHISKER = 3  # times from the median to the third quartile


class Threshold(NamedTuple):
    """The middle and the spread of ordinary scores, and the score to stay below."""

    middle: float
    spread: float
    score: float

    def probability(self, scores: Distances) -> Distances:
        """How likely each row is an anomaly, (n,): 0.5 at the threshold.

        z tells how far a score is from the middle, in spreads. Ordinary rows are taken to be normal
        in z and anomalies to be anywhere: the odds of the two are those of exp(z²/2), and even at
        the threshold.
        """
        far, at = self._far(scores), self._far(np.array(self.score))
        found: Distances = expit((far * np.abs(far) - at * np.abs(at)) / 2)
        return found

    def _far(self, scores: Distances) -> Distances:
        found: Distances = (scores - self.middle) / self.spread
        return found


def threshold_of(scores: Distances, contamination: float | None) -> Threshold:
    """The threshold that leaves a share of the rows beyond it, or for None that of a box plot.

    None: an anomaly has a score above the third quartile Q3 by more than 3 (Q3 - median), which is
    Tukey's whisker (1977), 1.5 quartile ranges, where scores are skewed and only the upper half of
    the box tells how far ordinary ones go (Kimber 1990).

    >>> threshold_of(np.arange(101.0), contamination=0.25).score
    75.0
    """
    middle, high = np.quantile(scores, [0.5, 0.75]).tolist()
    spread = (high - middle) / _QUARTILE or float(scores.std()) or 1.0
    if contamination is None:
        limit = high + _WHISKER * _QUARTILE * spread
    else:
        limit = float(np.quantile(scores, 1 - contamination))
    return Threshold(middle, spread, limit)
