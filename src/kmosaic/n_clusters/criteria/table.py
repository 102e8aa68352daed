"""The criteria, in the order in which they are shown."""

from __future__ import annotations

from collections.abc import Sequence

from kmosaic._errors import InputError
from kmosaic.n_clusters.criteria.base import Criterion
from kmosaic.n_clusters.criteria.gap import BEYOND, GAP
from kmosaic.n_clusters.criteria.inertia import INERTIA
from kmosaic.n_clusters.criteria.resampled import (
    FAULTS,
    NORMALITY,
    PREDICTION_STRENGTH,
    STABILITY,
)
from kmosaic.n_clusters.criteria.silhouette import (
    MEDOID_SILHOUETTE,
    SILHOUETTE,
    SIMPLIFIED_SILHOUETTE,
)
from kmosaic.n_clusters.criteria.variance import BIC, CALINSKI_HARABASZ, DAVIES_BOULDIN

CRITERIA: dict[str, Criterion] = {
    criterion.name: criterion
    for criterion in (
        INERTIA,
        CALINSKI_HARABASZ,
        DAVIES_BOULDIN,
        SILHOUETTE,
        SIMPLIFIED_SILHOUETTE,
        MEDOID_SILHOUETTE,
        BIC,
        NORMALITY,
        GAP,
        BEYOND,
        PREDICTION_STRENGTH,
        STABILITY,
        FAULTS,
    )
}


def criteria_of(also: Sequence[str]) -> dict[str, Criterion]:
    """The criteria that are always found, and those named (with _ or -); InputError for another.

    >>> list(criteria_of(["medoid_silhouette"])) == list(CRITERIA)
    True
    """
    on_request = [name for name, criterion in CRITERIA.items() if criterion.on_request]
    asked = {str(name).replace("-", "_") for name in also}
    if isinstance(also, str) or not asked <= set(on_request):
        raise InputError(f"also={also!r}: give a list of criteria, out of {', '.join(on_request)}.")
    return {
        name: criterion
        for name, criterion in CRITERIA.items()
        if not criterion.on_request or name in asked
    }
