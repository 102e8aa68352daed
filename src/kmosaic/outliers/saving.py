"""Detectors on disk: as estimators are kept, in a layout of their own."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from kmosaic._store.layout import Parts
from kmosaic.kmeans import savable
from kmosaic.kmeans.savable import Savable
from kmosaic.kmeans.table import estimator_of

LAYOUT = replace(savable.LAYOUT, format="kmosaic anomaly detector", version=1)


def detector_of(parts: Parts, folder: Path) -> Savable:
    """The detector of parts that were read from a folder, or ModelError."""
    from kmosaic.outliers.detector import AnomalyDetector  # it is built on this layout

    return estimator_of(parts, folder, {AnomalyDetector.__name__: AnomalyDetector})
