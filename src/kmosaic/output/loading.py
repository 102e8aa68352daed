"""The one door for all that was saved."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from kmosaic._store.layout import Layout, Parts
from kmosaic._store.model_folder import read_parts
from kmosaic.features import saving as features
from kmosaic.kmeans import savable, table
from kmosaic.outliers import saving as outliers
from kmosaic.output import model, segment_model, text_model

# Each kind of folder, and what makes an object of its parts.
_KINDS: dict[Layout, Callable[[Parts, Path], Any]] = {
    model.LAYOUT: model.model_of,
    text_model.LAYOUT: text_model.text_model_of,
    savable.LAYOUT: table.estimator_of,
    features.LAYOUT: features.features_of,
    outliers.LAYOUT: outliers.detector_of,
    segment_model.LAYOUT: segment_model.segments_of,
}


def load(folder: str | Path) -> Any:
    """Read what `save` wrote: an estimator, features, or a model of images, documents or segments.

    Nothing in the folder is executed, and only the files of a model are read. Raises ModelError if
    the model is damaged, was changed, or is of a version that this kmosaic cannot read.

    >>> import tempfile
    >>> from kmosaic import KMeans
    >>> kmeans = KMeans(2, random_state=0).fit([[0.0], [1.0], [9.0]])
    >>> with tempfile.TemporaryDirectory() as place:
    ...     sorted(load(kmeans.save(Path(place, "m"))).cluster_centers_.tolist())
    [[0.5], [9.0]]
    """
    parts = read_parts(Path(folder), *_KINDS)
    return _KINDS[parts.layout](parts, Path(folder))
