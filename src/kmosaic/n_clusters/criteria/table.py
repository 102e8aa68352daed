"""The criteria, in the order in which they are shown."""

from __future__ import annotations

from kmosaic.n_clusters.criteria.base import Criterion
from kmosaic.n_clusters.criteria.gap import BEYOND, GAP
from kmosaic.n_clusters.criteria.inertia import INERTIA
from kmosaic.n_clusters.criteria.resampled import (
    FAULTS,
    NORMALITY,
    PREDICTION_STRENGTH,
    STABILITY,
)
from kmosaic.n_clusters.criteria.silhouette import SILHOUETTE, SIMPLIFIED_SILHOUETTE
from kmosaic.n_clusters.criteria.variance import BIC, CALINSKI_HARABASZ, DAVIES_BOULDIN

CRITERIA: dict[str, Criterion] = {
    criterion.name: criterion
    for criterion in (
        INERTIA,
        CALINSKI_HARABASZ,
        DAVIES_BOULDIN,
        SILHOUETTE,
        SIMPLIFIED_SILHOUETTE,
        BIC,
        NORMALITY,
        GAP,
        BEYOND,
        PREDICTION_STRENGTH,
        STABILITY,
        FAULTS,
    )
}
