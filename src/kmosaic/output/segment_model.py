"""A segmentation that knows the segments of new rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from kmosaic._engine import Data
from kmosaic._errors import InputError
from kmosaic._store.layout import Layout, Parts
from kmosaic._store.model_folder import holding_together, write_parts
from kmosaic._values import Distances, Labels
from kmosaic.data.mixed import MixedTable
from kmosaic.features.mixed import TableFeatures

ARRAYS = "segments.safetensors"
LAYOUT = Layout(
    format="kmosaic segments",
    version=1,
    facts={"columns": list, "names": list, "id_column": str, "rfm": str, "settings": dict},
    files=(ARRAYS,),
)


@dataclass(frozen=True, eq=False)
class SegmentModel:
    """How columns are looked at, and where the segments are."""

    features: TableFeatures
    centers: npt.NDArray[np.float32]  # (k, d) on the scale on which rows are compared
    names: tuple[str, ...]  # (k,)
    id_column: str | None = None
    rfm: str | None = None  # the transactions that its rows are made of; None: rows as they are
    settings: dict[str, Any] = field(default_factory=dict)  # how it was made; plain values

    def __post_init__(self) -> None:
        centers = self.centers
        if centers.ndim != 2 or centers.dtype != np.float32 or not np.isfinite(centers).all():
            raise InputError("centers must be finite float32 of shape (k, d).")
        if centers.shape != (len(self.names), self.features.blocks[-1].stop):
            raise InputError("centers, names and columns are not those of one model.")

    @property
    def n_clusters(self) -> int:
        """How many segments there are."""
        return len(self.names)

    def predict(self, table: MixedTable) -> tuple[Labels, Distances]:
        """The segment of each row, (n,) from 0, and the distance to its center.

        Raises InputError that names the columns in which the table differs from the model's.
        """
        self.features.check_schema(table)
        return nearest(self.features.transform(self.features.known_as(table)), self.centers)

    def save(self, folder: str | Path) -> Path:
        """Write the model into a folder of its own and return its path.

        `kmosaic.load` gives it back. Raises InputError where the folder holds anything but a
        model, and OutputError if writing fails.
        """
        columns, arrays = self.features.to_spec()
        facts = {
            "columns": columns,
            "names": list(self.names),
            "id_column": self.id_column or "",
            "rfm": self.rfm or "",
            "settings": self.settings,
        }
        arrays = {"centers": self.centers, **arrays}
        write_parts(Parts(LAYOUT, facts, {ARRAYS: arrays}), Path(folder))
        return Path(folder)


def nearest(rows: Any, centers: Any) -> tuple[Labels, Distances]:
    """The nearest center of each row and the distance to it."""
    labels, squared = Data(rows).nearest(centers)
    return labels, np.sqrt(squared)


def segments_of(parts: Parts, folder: Path) -> SegmentModel:
    """The model of parts that were read from a folder, or ModelError."""
    with holding_together(folder):
        facts, arrays = parts.facts, parts.arrays[ARRAYS]
        names: Sequence[str] = facts["names"]
        return SegmentModel(
            TableFeatures.from_spec(facts["columns"], arrays),
            arrays["centers"],
            tuple(map(str, names)),
            facts["id_column"] or None,
            facts["rfm"] or None,
            facts["settings"],
        )
