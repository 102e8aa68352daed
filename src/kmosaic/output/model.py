"""A finished grouping that classifies new images."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from kmosaic._errors import InputError
from kmosaic._events import Listener, silent
from kmosaic._store.layout import Layout, Parts
from kmosaic._store.model_folder import holding_together, read_parts, write_parts
from kmosaic.data import open_vectors
from kmosaic.data.items import Items, Skipped
from kmosaic.features import ImageFeatures, extract, from_spec
from kmosaic.features.embedding import Embedding
from kmosaic.features.outside_file import seal
from kmosaic.labels import Assignment, Names

CENTERS, FEATURES = "centers.safetensors", "features.safetensors"
LAYOUT = Layout(
    format="kmosaic model",
    version=1,
    facts={"n_clusters": int, "names": dict, "extractor": dict, "settings": dict},
    # centers (P, d) and owners (P,); and whatever the feature extractor learned
    files=(CENTERS, FEATURES),
)


@dataclass(frozen=True, eq=False)
class Model:
    """What is needed to classify new images: features, centers, and names."""

    extractor: ImageFeatures  # fitted
    centers: npt.NDArray[Any]  # (P, d) float32 or float64, in the extractor's features
    owners: npt.NDArray[np.int32]  # (P,) the cluster of each center; one or more a cluster
    n_clusters: int
    names: Names
    settings: dict[str, Any] = field(default_factory=dict)  # how it was made; plain values

    def __post_init__(self) -> None:
        _check(self.centers, self.owners, self.n_clusters, self.names)

    def __repr__(self) -> str:
        """The model in a line."""
        return f"<Model: {self.n_clusters} clusters of images>"

    def predict(
        self, items: Items, on_progress: Listener = silent
    ) -> tuple[Assignment, tuple[Skipped, ...]]:
        """Classify items: the assignment of those that can be read, and the others with reasons.

        Raises InputError if none can be read.
        """
        found = extract(self.extractor, items, on_progress=on_progress)
        ids = [items.ids[position] for position in found.index]
        assignment = Assignment.of(ids, found.X, self.centers, self.owners, self.n_clusters)
        return assignment, found.skipped

    def with_vectors(self, path: str) -> Model:
        """The same model, with the vectors of new images in place of those it was made from.

        path: a .npy or .npz file, one row for each new image. Raises InputError if the model
        knows its images by other features, or the vectors are not as wide as its own.
        """
        extractor = deepcopy(self.extractor)
        inner: Any = extractor
        while not isinstance(inner, Embedding):
            inner = getattr(inner, "extractor_", None)
            if inner is None:
                raise InputError("This model looks at images itself: it takes no file of vectors.")
        width, inner_width = open_vectors(path).X.shape[1], inner.n_columns_
        if width != inner_width:
            raise InputError(f"{path} has {width} columns; the model needs {inner_width}.")
        inner.items_hash_ = ""  # of items that are still to come
        inner.path, (inner.n_bytes_, inner.sha256_) = path, seal(path, "The file of vectors")
        return replace(self, extractor=extractor)

    def save(self, folder: str | Path) -> Path:
        """Write the model into a folder of its own and return its path.

        The folder holds data only: model.json and two safetensors files. One that holds a model
        already is replaced when the new one is whole. Raises InputError if the folder holds
        anything else or a setting is no plain value, and OutputError if writing fails.
        """
        spec, arrays = self.extractor.to_spec()
        facts = {
            "n_clusters": self.n_clusters,
            "names": {
                "names": list(self.names.names),
                "source": self.names.source,
                "named": list(self.names.named),
            },
            "extractor": spec,
            "settings": self.settings,
        }
        centers = {"centers": self.centers, "owners": self.owners}
        write_parts(Parts(LAYOUT, facts, {CENTERS: centers, FEATURES: arrays}), Path(folder))
        return Path(folder)


def load_model(folder: str | Path) -> Model:
    """Read a model that `Model.save` wrote.

    Nothing in the folder is executed, and only its three files are read. Raises ModelError if the
    model is damaged, was changed, or is of a version that this kmosaic cannot read.
    """
    return model_of(read_parts(Path(folder), LAYOUT), Path(folder))


def model_of(parts: Parts, folder: Path) -> Model:
    """The model of parts that were read from a folder, or ModelError."""
    with holding_together(folder):
        facts, centers = parts.facts, parts.arrays[CENTERS]
        names = facts["names"]
        return Model(
            from_spec(facts["extractor"], parts.arrays[FEATURES]),
            centers["centers"],
            centers["owners"],
            facts["n_clusters"],
            Names(tuple(names["names"]), names["source"], tuple(names["named"])),
            facts["settings"],
        )


def _check(centers: Any, owners: Any, n_clusters: Any, names: Names) -> None:
    """Raise InputError unless the parts of a model fit together."""
    if centers.ndim != 2 or centers.dtype not in (np.float32, np.float64) or not centers.size:
        raise InputError(
            f"centers must be float32 or float64 of shape (P, d), not {centers.dtype} of shape "
            f"{centers.shape}."
        )
    if not np.isfinite(centers).all():
        raise InputError("centers hold NaN or infinity.")
    if owners.shape != (len(centers),) or owners.dtype != np.int32:
        raise InputError(
            f"owners must be {len(centers)} int32, one a center, not {owners.dtype} of shape "
            f"{owners.shape}."
        )
    if type(n_clusters) is not int or owners.min() < 0 or owners.max() >= n_clusters:
        raise InputError(f"owners must lie in 0..n_clusters-1, and n_clusters is {n_clusters!r}.")
    if len(names) != n_clusters:
        raise InputError(f"There are {len(names)} names for {n_clusters} clusters.")
