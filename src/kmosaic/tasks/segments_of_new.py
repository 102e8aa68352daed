"""New rows of a table, in the segments of a saved model."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from kmosaic._errors import InputError, ModelError
from kmosaic._events import Listener, silent
from kmosaic._paths import expanded
from kmosaic._store.answers import ANSWER, made, write_answer
from kmosaic._timing import Stopwatch
from kmosaic._values import Distances, Labels
from kmosaic.data.mixed import MixedTable, Rfm, open_table, rfm_table
from kmosaic.data.mixed.builder import number_with_comma
from kmosaic.data.mixed.opening import file_of
from kmosaic.features.mixed import noun_of
from kmosaic.features.mixed.columns import MISSING, OTHER
from kmosaic.features.mixed.nouns import counted
from kmosaic.output import check_out, load, whole_folder
from kmosaic.output.segment_model import SegmentModel
from kmosaic.output.segment_tables import write_segments, write_segments_parquet


@dataclass(frozen=True, eq=False)
class NewSegments:
    """New rows with the segments that a saved model gives them."""

    table: MixedTable = field(repr=False)
    model: SegmentModel = field(repr=False)
    labels: Labels = field(repr=False)  # (n,) from 0
    distances: Distances = field(repr=False)  # (n,) to the center of the segment
    source: str
    why: tuple[str, ...]  # what is new in the rows
    seconds: dict[str, float]
    out: Path | None = None
    files: tuple[str, ...] = ()

    def __repr__(self) -> str:
        """The answer in a line."""
        rows = counted(len(self.labels), self.noun)
        return f"<NewSegments: {rows} in {self.model.n_clusters} segments>"

    @property
    def noun(self) -> str:
        """What the rows are."""
        return "customers" if self.model.rfm else noun_of(self.model.id_column)

    @property
    def sizes(self) -> list[int]:
        """Rows of each segment, (k,)."""
        found: list[int] = np.bincount(self.labels, minlength=self.model.n_clusters).tolist()
        return found

    def summary(self) -> dict[str, Any]:
        """The answer as plain values, ready for JSON."""
        return {
            "source": self.source,
            "n": len(self.labels),
            "k": self.model.n_clusters,
            "names": list(self.model.names),
            "sizes": self.sizes,
            "why": list(self.why),
            **made(self.seconds, self.out, self.files),
        }


def predict_segments(
    model: str | Path | SegmentModel,
    source: Any,
    *,
    out: str | Path | None = None,
    parquet: bool = False,
    on_progress: Listener = silent,
) -> NewSegments:
    """Put new rows into the segments of a saved model.

    model: the folder `model` of a result of `kmosaic.segment`, or what `kmosaic.load` made of it.
    source: as `kmosaic.segment` takes it; transactions for a model that was made of such. Raises
    InputError that names the columns in which the table differs from the model's, ModelError for a
    model that is damaged or of another kind, OutputError where the result cannot be written.
    """
    model = expanded(model)
    watch = Stopwatch()
    with watch.stage("model"):
        known = model if isinstance(model, SegmentModel) else load(model)
        if not isinstance(known, SegmentModel):
            raise ModelError(f"The model in {model} is no segmentation: {type(known).__name__}.")
    folder = None if known is model else model
    how: Any = {"out": out, "parquet": parquet, "on_progress": on_progress}
    return in_segments(known, source, folder=folder, watch=watch, **how)


def in_segments(
    known: SegmentModel,
    source: Any,
    *,
    folder: Any,
    watch: Stopwatch,
    out: str | Path | None,
    parquet: bool,
    on_progress: Listener,
) -> NewSegments:
    """The same with a model that is loaded; folder: that it came from, if it did from one."""
    source = expanded(source)
    out = None if out is None else Path(expanded(out))
    path = file_of(source)
    if out is not None:
        check_out(out, path, model=folder)
    with watch.stage("table"):
        table, told = _read(known, source, on_progress)
    with watch.stage("segments"):
        labels, distances = known.predict(table)
    found = NewSegments(
        table, known, labels, distances, str(source) if path else "the table",
        (*told, *_what_is_new(known, table)), watch.seconds,
    )  # fmt: skip
    if out is None:
        return found
    with watch.stage("writing"):
        files = ("segments.csv", *(["segments.parquet"] if parquet else []), ANSWER)
        found = replace(found, out=out, files=files)
        parts = (table, labels, distances, known.names)
        with whole_folder(out, source=path, command="predict", model=folder) as place:
            write_segments(*parts, place / "segments.csv", on_progress=on_progress)
            if parquet:
                write_segments_parquet(*parts, place / "segments.parquet")
            write_answer(found.summary(), place / ANSWER)
    return found


def _read(known: SegmentModel, source: Any, tell: Listener) -> tuple[MixedTable, tuple[str, ...]]:
    if known.rfm is not None:
        asked = Rfm.of(known.rfm)
        table = open_table(source, as_words=asked.words, on_progress=tell)
        missing = [name for name in asked.columns if name not in table.columns]
        if missing:
            raise InputError(
                f"{table.source} has no {', '.join(map(repr, missing))}: the model was made of "
                f"transactions with {', '.join(asked.columns)}."
            )
        return rfm_table(table, asked)
    words = [feature.name for feature in known.features.categories]
    ids = [] if known.id_column is None else [known.id_column]
    return open_table(source, as_words=[*words, *ids], on_progress=tell), ()


def _check_kind(known: SegmentModel, table: MixedTable, name: str, new: list[str]) -> None:
    """Raise InputError for numbers in all rows where the model has words."""
    feature = next(one for one in known.features.categories if one.name == name)
    words = [level for level in feature.levels if level not in (MISSING, OTHER)]
    some_known = (feature.codes(table[name]) >= 0).any()
    numbers = [text for text in (*words, *new) if number_with_comma(text) is not None]
    if some_known or numbers != new:
        return
    raise InputError(
        f"{table.source}: {name!r} holds numbers such as {new[0]!r}, and the model knows "
        f"{', '.join(map(repr, words[:3]))}: is it another column?"
    )


def _what_is_new(known: SegmentModel, table: MixedTable) -> tuple[str, ...]:
    """Categories that the model has not seen, and numbers that are missing."""
    why = []
    for name, new in known.features.unknown_categories(table).items():
        _check_kind(known, table, name, new)
        more = f" and {len(new) - 5} more" if len(new) > 5 else ""
        shown = ", ".join(repr(one) for one in new[:5])
        why.append(
            f"{name} holds {shown}{more}, which the model has not seen: such rows have no category "
            "there."
        )
    for feature in known.features.numbers:
        missing = int(np.count_nonzero(table[feature.name].missing))
        if missing:
            why.append(
                f"{feature.name} is missing in {missing:,} row{'s' * (missing > 1)}: the median of "
                "the model's rows stands for it."
            )
    return tuple(why)
