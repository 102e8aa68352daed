"""A finished grouping of documents that classifies new ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from kmosaic._errors import InputError
from kmosaic._events import Listener, Progress, silent
from kmosaic._store.layout import Layout, Parts
from kmosaic._store.model_folder import holding_together, read_parts, write_parts
from kmosaic.data.documents import TextItems
from kmosaic.data.items import Skipped, ensure_readable
from kmosaic.features.text import TextFeatures, text_features_of_spec
from kmosaic.features.text.vectors import TextEmbedding
from kmosaic.labels import Assignment, Names
from kmosaic.labels.directions import assign_directions

CENTERS, FEATURES = "centers.safetensors", "features.safetensors"
LAYOUT = Layout(
    format="kmosaic document model",
    version=1,
    facts={"names": dict, "extractor": dict, "settings": dict},
    files=(CENTERS, FEATURES),
)
_TOGETHER = 1024  # documents
_NO_TERM = "it has no word that the model knows"


@dataclass(frozen=True, eq=False)
class TextModel:
    """What is needed to classify new documents: features, centers, and names."""

    extractor: TextFeatures  # fitted
    centers: npt.NDArray[Any]  # (k, d) float32 or float64, of length 1
    names: Names
    settings: dict[str, Any] = field(default_factory=dict)  # how it was made; plain values

    def __post_init__(self) -> None:
        centers = self.centers
        if centers.ndim != 2 or centers.dtype not in (np.float32, np.float64) or not centers.size:
            raise InputError("centers must be float32 or float64 of shape (k, d).")
        if not np.isfinite(centers).all() or len(self.names) != len(centers):
            raise InputError("centers must be finite, with a name for each.")

    def __repr__(self) -> str:
        """The model in a line."""
        return f"<TextModel: {len(self.names)} clusters of documents>"

    def predict(
        self, items: TextItems, on_progress: Listener = silent
    ) -> tuple[Assignment, tuple[Skipped, ...]]:
        """Classify documents: the assignment of those that can be read, the others with reasons.

        Raises InputError if none can be read, or none has a word that the model knows.
        """
        self.extractor.check(len(items))
        skipped: list[Skipped] = []
        parts: list[Assignment] = []
        for batch in items.batches(_TOGETHER, on_skip=skipped.append):
            texts: Any = batch.images
            rows = self.extractor.rows_of(texts, batch.index)
            if rows.shape[1] != self.centers.shape[1]:
                raise InputError(
                    f"The rows have {rows.shape[1]} columns; the model has {self.centers.shape[1]}."
                )
            known = np.asarray(abs(rows).sum(axis=1)).ravel() > 0
            ids = [items.ids[position] for position in batch.index.tolist()]
            skipped += [Skipped(ids[at], _NO_TERM, True) for at in np.flatnonzero(~known).tolist()]
            kept = np.flatnonzero(known)
            if len(kept):
                own = [ids[at] for at in kept.tolist()]
                parts.append(assign_directions(own, rows[kept], self.centers))
            done = int(batch.index[-1]) + 1
            on_progress(Progress("features", done, len(items), "documents"))
        ensure_readable(items, skipped)
        return _joined(parts, len(self.centers)), tuple(skipped)

    def with_vectors(self, path: str) -> TextModel:
        """The same model, with the vectors of new documents in place of those it was made from."""
        if not isinstance(self.extractor, TextEmbedding):
            raise InputError("This model reads documents itself: it takes no file of vectors.")
        return replace(self, extractor=self.extractor.with_vectors(path))

    def save(self, folder: str | Path) -> Path:
        """Write the model into a folder of its own and return its path, as `Model.save` does."""
        spec, arrays = self.extractor.to_spec()
        names = {
            "names": list(self.names.names),
            "source": self.names.source,
            "named": list(self.names.named),
        }
        facts = {"names": names, "extractor": spec, "settings": self.settings}
        parts = Parts(LAYOUT, facts, {CENTERS: {"centers": self.centers}, FEATURES: arrays})
        write_parts(parts, Path(folder))
        return Path(folder)


def _joined(parts: Sequence[Assignment], k: int) -> Assignment:
    return Assignment(
        [one for part in parts for one in part.ids],
        np.concatenate([part.labels for part in parts]),
        np.concatenate([part.distances for part in parts]),
        np.concatenate([part.margins for part in parts]),
        k,
    )


def load_text_model(folder: str | Path) -> TextModel:
    """Read a model that `TextModel.save` wrote; raises ModelError as `load_model` does."""
    return text_model_of(read_parts(Path(folder), LAYOUT), Path(folder))


def text_model_of(parts: Parts, folder: Path) -> TextModel:
    """The model of parts that were read from a folder, or ModelError."""
    with holding_together(folder):
        facts, names = parts.facts, parts.facts["names"]
        return TextModel(
            text_features_of_spec(facts["extractor"], parts.arrays[FEATURES]),
            parts.arrays[CENTERS]["centers"],
            Names(tuple(names["names"]), names["source"], tuple(names["named"])),
            facts["settings"],
        )
