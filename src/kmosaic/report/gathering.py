"""Gather the facts of a run: all that the report says, before any of it is painted."""

from __future__ import annotations

import dataclasses
import math
from datetime import datetime
from typing import Any

import numpy as np

from kmosaic._events import Listener, silent
from kmosaic.pipeline import Run
from kmosaic.report import reproduce
from kmosaic.report.choose import items_per_tile
from kmosaic.report.clusters import clusters_of, mixups_of, teller_of
from kmosaic.report.confusion import confusion
from kmosaic.report.facts import HOW_MANY, Accuracy, Facts, Map, SkippedFile, Stage
from kmosaic.report.history import starts_of
from kmosaic.report.material import Material
from kmosaic.report.project import map_of

_MOST_SKIPPED = 200  # listed; all of them are in skipped.csv


def gather(run: Run, *, made: datetime | None = None, on_progress: Listener = silent) -> Facts:
    """Gather what the report says about a run.

    Only the images that are shown, and bounded samples for the means and the map, are decoded.
    made: the time that the page states, by default now.
    """
    material = Material.of(run, on_progress)
    teller = teller_of(material)
    # The report cannot know how long itself will have taken.
    spent = {stage: seconds for stage, seconds in run.seconds.items() if stage != "report"}
    total = sum(spent.values())
    return Facts(
        source=run.items.source,
        kind=run.items.kind,
        made=made or datetime.now(),
        n_items=len(run.items),
        n_clusters=run.assignment.n_clusters,
        n_features=run.features.shape[1],
        n_dimensions=material.rows.shape[1],
        is_embedded=run.embedding is not None,
        named_by=run.names.source,
        accuracy=_accuracy(material),
        why=tuple(run.why),
        how_many=HOW_MANY if run.how_many else None,
        skipped=tuple(SkippedFile(s.id, s.reason) for s in run.skipped[:_MOST_SKIPPED]),
        n_skipped=len(run.skipped),
        clusters=clusters_of(material, teller),
        items_per_tile=items_per_tile(run.assignment.sizes) if material.decoded.images else 0,
        confusion=None if material.counts is None else confusion(material.counts, run.names),
        mixups=mixups_of(material, teller),
        map=_map(material),
        starts=starts_of(run.kmeans.history_),
        inertia=float(run.kmeans.inertia_),
        n_iter=int(run.kmeans.n_iter_),
        stages=tuple(Stage(n, s, s / total if total else 0.0) for n, s in spent.items()),
        seconds=total,
        settings=_settings(run),
        command=reproduce.command(run.items.source, run.settings),
        python=reproduce.python(run.items.source, run.settings),
        versions=reproduce.versions(),
    )


def _accuracy(material: Material) -> Accuracy | None:
    scores = material.run.scores
    if scores is None or material.counts is None:
        return None
    given = {field.name: getattr(scores, field.name) for field in dataclasses.fields(Accuracy)[:5]}
    shares = {name: float(value) for name, value in given.items() if math.isfinite(value)}
    return Accuracy(
        **{name: shares.get(name) for name in given},
        n_scored=int(scores.n_scored),
        n_named_from=int(scores.n_named_from),
        n_labels=len(material.counts.values),
    )


def _map(material: Material) -> Map | None:
    """The map, unless there is nothing to spread out."""
    assignment = material.run.assignment
    if len(assignment) < 2:
        return None
    return map_of(
        material.rows,
        np.concatenate([shown.on_map for shown in material.chosen]),
        material.decoded,
        assignment=assignment,
        labels=material.labels,
    )


def _settings(run: Run) -> tuple[tuple[str, str], ...]:
    """The settings in words; the version of kmosaic and the command stand elsewhere."""
    extractor = {"extractor": " ".join(str(run.extractor).split())}
    given = {key: value for key, value in run.settings.items() if key not in ("kmosaic", "command")}
    return tuple((str(key), _told(value)) for key, value in (given | extractor).items())


def _told(value: Any) -> str:
    """A setting as text, a long one cut."""
    text = "none" if value is None else str(value)
    return text if len(text) <= 200 else f"{text[:200]}…"
