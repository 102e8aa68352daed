"""Feature extractors as folders of plain data."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sklearn.utils.validation import check_is_fitted

from kmosaic._store.layout import Layout, Parts
from kmosaic._store.model_folder import holding_together, write_parts

if TYPE_CHECKING:
    from kmosaic.features.base import ImageFeatures

FEATURES = "features.safetensors"
LAYOUT = Layout(format="kmosaic features", version=1, facts={"extractor": dict}, files=(FEATURES,))


def save_features(extractor: ImageFeatures, folder: Path) -> None:
    """Write a fitted extractor's files, all or none."""
    check_is_fitted(extractor)
    spec, arrays = extractor.to_spec()
    write_parts(Parts(LAYOUT, {"extractor": spec}, {FEATURES: arrays}), folder)


def features_of(parts: Parts, folder: Path) -> ImageFeatures:
    """The extractor of parts that were read from a folder, or ModelError."""
    from kmosaic.features.table import from_spec  # the table knows the extractors, which save

    with holding_together(folder):
        return from_spec(parts.facts["extractor"], parts.arrays[FEATURES])
