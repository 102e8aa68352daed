"""What the script of the map needs, as plain JSON."""

from __future__ import annotations

from typing import Any

import numpy as np

from kmosaic.report.facts import Facts
from kmosaic.report.palette import Palette
from kmosaic.report.titles import Titles
from kmosaic.report.words import number

_STEPS = 10_000  # positions are whole numbers within ± this, far finer than a screen


def map_data(facts: Facts, palette: Palette, titles: Titles) -> dict[str, Any]:
    """The points of the map and the names and marks of its clusters and labels."""
    shown = facts.map
    if shown is None:
        return {}
    at = np.rint(shown.points * _STEPS).astype(int)
    clusters = sorted(facts.clusters, key=lambda cluster: cluster.number)
    labels = sorted({label for label in shown.labels if label is not None})
    place = {label: i for i, label in enumerate(labels)}
    return {
        "steps": _STEPS,
        "x": at[:, 0].tolist(),
        "y": at[:, 1].tolist(),
        "cluster": shown.clusters.tolist(),
        "ids": list(shown.ids),
        "distance": [number(value) for value in shown.distances.tolist()],
        "margin": [number(value) for value in shown.margins.tolist()],
        "label": [-1 if label is None else place[label] for label in shown.labels],
        "labels": labels,
        "labelMarks": [palette.of_label.get(label, 0) for label in labels],
        "names": [titles.short(cluster.number) for cluster in clusters],
        "sizes": [cluster.size for cluster in clusters],
        "marks": list(palette.of_cluster),
        "tile": shown.tile,
        "columns": shown.columns,
        "perSheet": shown.per_sheet,
    }
