"""The elbow: inertia over k, for reading only."""

from __future__ import annotations

from collections.abc import Mapping

from kmosaic.n_clusters.criteria.base import Criterion, Values
from kmosaic.n_clusters.evidence import Evidence


def values(evidence: Evidence) -> Values:
    """Sum of squared distances to the nearest center, in the square of the data's unit."""
    return {k: fit.inertia for k, fit in evidence.fits.items()}


def knee(values: Mapping[int, float], _: Evidence | None = None) -> int | None:
    """The k farthest below the line from the first to the last (Satopää et al. 2011, Kneedle).

    It moves with the range of k that is drawn, and rows without any clusters have one, too
    (Schubert 2023, "Stop using the elbow criterion for k-means"): nothing is decided by it.

    >>> knee({1: 100.0, 2: 60.0, 3: 20.0, 4: 15.0, 5: 12.0})
    3
    """
    ks = sorted(values)
    if len(ks) < 3 or values[ks[0]] <= values[ks[-1]]:
        return None
    first, last = values[ks[0]], values[ks[-1]]

    def below(k: int) -> float:
        along = (k - ks[0]) / (ks[-1] - ks[0])
        return (1 - along) - (values[k] - last) / (first - last)

    return max(ks[1:-1], key=lambda k: (below(k), -k))


INERTIA = Criterion(
    "inertia",
    "elbow (for reading only)",
    False,
    values,
    knee,
    "",
    "Thorndike 1953; the knee: Satopää et al. 2011",
)
