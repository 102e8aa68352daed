"""Criteria of the number of clusters: a number for each k, with the paper it comes from."""

from kmosaic.n_clusters.criteria.base import Criterion
from kmosaic.n_clusters.criteria.table import CRITERIA, criteria_of

__all__ = ["CRITERIA", "Criterion", "criteria_of"]
