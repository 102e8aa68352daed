"""All extractors by name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kmosaic.features.base import ImageFeatures
from kmosaic.features.color import Color
from kmosaic.features.columns import Columns
from kmosaic.features.combined import Combined
from kmosaic.features.embedding import Embedding
from kmosaic.features.hog import HOG
from kmosaic.features.onnx import ONNX
from kmosaic.features.patches import Patches
from kmosaic.features.pixels import Pixels
from kmosaic.features.reduced import Reduced
from kmosaic.features.spec import rebuild
from kmosaic.features.straightened import Straightened

# What `--features` takes. A new extractor is one file and one line here; the contract tests run
# over this table.
EXTRACTORS: dict[str, type[ImageFeatures]] = {
    "pixels": Pixels,
    "hog": HOG,
    "color": Color,
    "patches": Patches,
    "embedding": Embedding,
    "onnx": ONNX,
}

# What is built on other features, and the columns of items that are no images.
STEPS: dict[str, type[ImageFeatures]] = {
    "combined": Combined,
    "reduced": Reduced,
    "straightened": Straightened,
    "columns": Columns,
}

_KINDS = {kind.__name__: kind for kind in (*EXTRACTORS.values(), *STEPS.values())}


def from_spec(spec: Mapping[str, Any], arrays: Mapping[str, Any]) -> ImageFeatures:
    """The fitted extractor that `to_spec` described; raises ModelError if the spec is damaged.

    Only the extractors of this package are made, and nothing in the spec is run.

    >>> import numpy as np
    >>> fitted = Pixels().fit(np.zeros((3, 8, 8), np.uint8))
    >>> from_spec(*fitted.to_spec()).size_
    (8, 8)
    """
    return rebuild(spec, arrays, _KINDS)
