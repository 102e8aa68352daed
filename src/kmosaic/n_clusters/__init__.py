"""How many clusters there are: a fit for every k, criteria, and a rule that was calibrated."""

from kmosaic.n_clusters.choice import Choice, Models
from kmosaic.n_clusters.choose import choose
from kmosaic.n_clusters.criteria import CRITERIA, Criterion
from kmosaic.n_clusters.summary import summary_of
from kmosaic.n_clusters.table import Table
from kmosaic.n_clusters.words import sentences

__all__ = [
    "CRITERIA",
    "Choice",
    "Criterion",
    "Models",
    "Table",
    "choose",
    "sentences",
    "summary_of",
]
