"""Assignment to clusters, their names, and scores against known labels."""

from kmosaic.labels.assignment import Assignment
from kmosaic.labels.names import Names, name_by_majority
from kmosaic.labels.names_file import names_from_csv
from kmosaic.labels.scores import Scores, score
from kmosaic.labels.split import labeled_part
from kmosaic.labels.truth import (
    Contingency,
    contingency,
    dominant_labels,
    dominant_text,
    known_labels,
)

__all__ = [
    "Assignment",
    "Contingency",
    "Names",
    "Scores",
    "contingency",
    "dominant_labels",
    "dominant_text",
    "known_labels",
    "labeled_part",
    "name_by_majority",
    "names_from_csv",
    "score",
]
