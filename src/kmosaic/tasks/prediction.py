"""New images or documents, classified with a saved model."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from kmosaic._arguments import argument
from kmosaic._errors import InputError, ModelError
from kmosaic._events import Listener, silent
from kmosaic._paths import expanded
from kmosaic._timing import Stopwatch, rounded
from kmosaic.data import Items, Skipped, open_images
from kmosaic.data.documents import open_documents
from kmosaic.labels import Assignment, Names, Scores, score
from kmosaic.outliers import AnomalyDetector
from kmosaic.output import Model, TextModel, check_out, load
from kmosaic.output.segment_model import SegmentModel
from kmosaic.pipeline.documents_run import counts_of
from kmosaic.save import Saved, Sort, save_classified
from kmosaic.tasks.anomalies import predict_anomalies
from kmosaic.tasks.anomaly_answer import Anomalies
from kmosaic.tasks.reads import file_of_features, file_of_labels
from kmosaic.tasks.segments_of_new import NewSegments, in_segments


@dataclass(frozen=True)
class Prediction:
    """New images or documents with the clusters that a saved model gives them."""

    items: Items  # the readable ones
    skipped: tuple[Skipped, ...]
    assignment: Assignment
    names: Names
    scores: Scores | None  # how well the model's names agree with known labels; None: none known
    seconds: dict[str, float]  # time per stage
    saved: Saved | None = None

    def __repr__(self) -> str:
        """The answer in a line."""
        clusters = self.assignment.n_clusters
        return (
            f"<Prediction: {len(self.items):,} items of {self.items.source}, {clusters} clusters>"
        )

    @property
    def why(self) -> tuple[str, ...]:
        """How the items were read, in sentences."""
        return tuple(self.items.notes)

    def summary(self) -> dict[str, Any]:
        """The prediction in numbers and text, ready for JSON."""
        answer = {
            "source": self.items.source,
            "n": len(self.items),
            "k": self.assignment.n_clusters,
            "sizes": self.assignment.sizes.tolist(),
            "names": list(self.names.names),
            "scores": None if self.scores is None else asdict(self.scores),
            "why": list(self.why),
            "skipped": len(self.skipped),
            "seconds": rounded(self.seconds),
        }
        if self.items.kind == "documents":
            answer |= counts_of(len(self.items), self.skipped)
        return answer if self.saved is None else answer | self.saved.summary()


def predict(
    model: str | Path,
    source: Any,
    *,
    out: str | Path | None = None,
    features: str | None = None,
    column: str | None = None,
    id_column: str | None = None,
    encoding: str | None = None,
    labels: str | Path = "auto",
    sort: Sort = "none",
    parquet: bool = False,
    dry_run: bool = False,
    on_progress: Listener = silent,
) -> Prediction | NewSegments | Anomalies:
    """Classify new images, documents or rows of a table with the model that an earlier run saved.

    model: the folder `model` of that run; for one of `kmosaic.segment` or `kmosaic.find_anomalies`,
    source is a table as these take it, out, parquet and (for anomalies) id_column are all that
    counts beside, and NewSegments or Anomalies come back. features: "embedding:NEW.npy", the
    vectors of the new items, for a model that was made from vectors; None for all others. column,
    id_column and encoding: of documents, see `kmosaic.open_documents`. The rest: see
    `kmosaic.classify_images`. Raises ModelError if the model is damaged, was changed or
    is of another version, InputError where something else cannot be used (which columns differ, of
    a table), OutputError where the result cannot be written.
    """
    model, source, out, labels = (expanded(path) for path in (model, source, out, labels))
    if out is not None:
        check_out(
            out,
            source,
            model=model,
            labels=file_of_labels(labels),
            features=file_of_features(features),
        )
    watch = Stopwatch()
    with watch.stage("model"):
        known = load(model)
    if isinstance(known, SegmentModel | AnomalyDetector):
        named = id_column if isinstance(known, SegmentModel) else None
        _check_of_tables(features, labels, sort, dry_run, column, encoding, named)
        how: Any = {"out": out, "parquet": parquet, "on_progress": on_progress}
        if isinstance(known, SegmentModel):
            return in_segments(known, source, folder=model, watch=watch, **how)
        return predict_anomalies(model, source, id_column=id_column, **how)
    known = _of_items(known, model)
    with watch.stage("model"):
        if features is not None:
            known = known.with_vectors(_vectors(features))
    assignment: Assignment
    items: Items
    if isinstance(known, TextModel):
        with watch.stage("documents"):
            items = texts = open_documents(
                source,
                column=column,
                id_column=id_column,
                labels=labels,
                encoding=encoding,
                on_progress=on_progress,
            )
        with watch.stage("features"):
            assignment, skipped = known.predict(texts, on_progress)
    else:
        _check_no_documents(column, id_column, encoding)
        with watch.stage("images"):
            items = open_images(source, labels=labels, on_progress=on_progress)
        with watch.stage("features"):
            assignment, skipped = known.predict(items, on_progress)
    with watch.stage("names"):
        readable = _readable(items, assignment)
    found = Prediction(
        readable,
        skipped,
        assignment,
        known.names,
        _scores(readable, assignment, known.names),
        watch.seconds,
    )
    if out is None:
        return found
    saved = save_classified(
        found,
        out,
        model=model,
        sort=sort,
        parquet=parquet,
        dry_run=dry_run,
        on_progress=on_progress,
    )
    return replace(found, saved=saved, seconds=found.seconds | saved.seconds)


def _check_of_tables(
    features: Any, labels: Any, sort: str, dry_run: bool, column: Any, encoding: Any, named: Any
) -> None:
    """Raise InputError for what only images and documents have."""
    given = {
        "features": features is not None,
        "labels": labels != "auto",
        "sort": sort != "none",
        "dry_run": dry_run,
        "column": column is not None,
        "encoding": encoding is not None,
        "id": named is not None,
    }
    for name, is_given in given.items():
        if is_given:
            raise InputError(
                f"This model is of a table, for which there is no {argument(name)}: leave it out."
            )


def _of_items(found: Any, folder: str | Path) -> Model | TextModel:
    if not isinstance(found, Model | TextModel):
        raise ModelError(
            f"The model in {folder} is a {type(found).__name__}, which classifies no images, "
            "documents or tables. Give the folder model of a result of kmosaic images, documents, "
            "segment or anomalies."
        )
    return found


def _check_no_documents(*given: str | None) -> None:
    if any(one is not None for one in given):
        raise InputError(
            f"This model is of images: {argument('column')}, {argument('id_column')} and "
            f"{argument('encoding')} are of documents. Leave them out."
        )


def _vectors(features: str) -> str:
    kind, _, file = features.partition(":")
    if kind != "embedding" or not file:
        raise InputError(
            f"A model brings its own features: give embedding:NEW.npy or nothing, not {features!r}."
        )
    return file


def _readable(items: Items, assignment: Assignment) -> Items:
    """The items that the model could read, in the assignment's order (which is theirs)."""
    if len(assignment) == len(items):
        return items
    read = set(assignment.ids)
    return items.take(np.flatnonzero([one in read for one in items.ids]))


def _scores(items: Items, assignment: Assignment, names: Names) -> Scores | None:
    if items.labels is None or all(label is None for label in items.labels):
        return None
    # Names that are made of words are no labels.
    return score(assignment, items.labels, names=None if names.source == "terms" else names)
