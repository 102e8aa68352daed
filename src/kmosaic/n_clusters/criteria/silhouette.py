"""Criteria of how much nearer rows are to their own cluster than to the next."""

from __future__ import annotations

from kmosaic.n_clusters.criteria.base import NEEDS_TWO, Criterion, Values, highest
from kmosaic.n_clusters.evidence import Evidence


def silhouette(evidence: Evidence) -> Values:
    """The mean silhouette (Rousseeuw 1987): (b - a) / max(a, b) of the mean distances to rows."""
    return {k: found.mean for k, found in evidence.silhouettes.items() if k < evidence.n}


def simplified_silhouette(evidence: Evidence) -> Values:
    """The same with distances to centers (Hruschka et al. 2004): exact for all rows in O(nk)."""
    return {
        k: spread.simplified_silhouette for k, spread in evidence.spreads.items() if k < evidence.n
    }


def medoid_silhouette(evidence: Evidence) -> Values:
    """The same with distances to the rows in the middle (Lenssen & Schubert 2022)."""
    return {k: mean for k, mean in evidence.medoid_silhouettes.items() if k < evidence.n}


SILHOUETTE = Criterion(
    "silhouette",
    "silhouette",
    True,
    silhouette,
    highest,
    NEEDS_TWO,
    "Rousseeuw 1987",
)
SIMPLIFIED_SILHOUETTE = Criterion(
    "simplified_silhouette",
    "simplified silhouette",
    True,
    simplified_silhouette,
    highest,
    NEEDS_TWO,
    "Hruschka, de Castro & Campello 2004",
)
MEDOID_SILHOUETTE = Criterion(
    "medoid_silhouette",
    "medoid silhouette",
    True,
    medoid_silhouette,
    highest,
    NEEDS_TWO,
    "Lenssen & Schubert 2022",
    on_request=True,
)
