"""Rows that do not belong: how far each is from the ordinary ones, whether too far, and why."""

from kmosaic.outliers.detector import AnomalyDetector
from kmosaic.outliers.judged import Judged, Reason
from kmosaic.outliers.scores import Reasons

__all__ = ["AnomalyDetector", "Judged", "Reason", "Reasons"]
