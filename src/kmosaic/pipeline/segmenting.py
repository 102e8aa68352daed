"""From a table to segments: columns as features, k-means, and what sets each segment apart."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, Literal, NamedTuple

import numpy as np
from sklearn.utils import check_random_state

from kmosaic._engine import Data
from kmosaic._errors import InputError
from kmosaic._events import Listener, Progress
from kmosaic._plan import count_distinct
from kmosaic._timing import Stopwatch
from kmosaic._values import Distances, Labels, Rows
from kmosaic.data.mixed import MixedTable
from kmosaic.features.mixed import Roles, TableFeatures, Tail
from kmosaic.kmeans import KMeans
from kmosaic.kmeans.modes import k_prototypes
from kmosaic.labels.segments import Rules, Segment, named, profile, rules_of
from kmosaic.n_clusters.resamples import stability_of_labels
from kmosaic.output.segment_model import SegmentModel, nearest
from kmosaic.pipeline.grouping import group
from kmosaic.pipeline.segment_count import Counted, choose_count

Mixed = Literal["one-hot", "prototypes"]
MIXED: tuple[Mixed, ...] = ("one-hot", "prototypes")

FEWEST_ROWS = 10
_SAMPLE = 100_000  # rows in which k-means starts; it goes on with all of them
_RESAMPLED, _RESAMPLES = 4_000, 30


@dataclass(frozen=True, eq=False)
class Segmented:
    """The rows of a table in segments, with all that tells what these are."""

    table: MixedTable = field(repr=False)
    roles: Roles
    model: SegmentModel
    rows: Rows = field(repr=False)  # (n, d) as they were compared
    labels: Labels = field(repr=False)  # (n,) from 0
    distances: Distances = field(repr=False)  # (n,) to the center of its segment
    segments: tuple[Segment, ...]
    rules: Rules
    explained: float  # share of the variance, on the scale of comparison
    count: Counted | None  # why so many; None where the number was given
    why: tuple[str, ...]


class _Found(NamedTuple):
    centers: Rows
    labels: Labels
    distances: Distances
    why: tuple[str, ...]


def segment_table(
    table: MixedTable,
    roles: Roles,
    n_clusters: int | Literal["auto"],
    *,
    tails: Tail,
    mixed: Mixed,
    max_k: int,
    seed: int,
    watch: Stopwatch,
    tell: Listener,
) -> Segmented:
    """Segment the rows of a table; the model has no settings yet.

    Raises InputError where too few rows of the table differ.
    """
    if mixed not in MIXED:
        raise InputError(f"mixed must be one of {', '.join(MIXED)}, not {mixed!r}.")
    with watch.stage("features"):
        features = TableFeatures.of(table, roles, tails=tails)
        rows = features.transform(table)
    with watch.stage("k-means"):
        count = None
        if n_clusters == "auto":
            count = choose_count(rows, max_k, seed, tell)
        k = n_clusters if count is None else count.k
        _check_different(table, rows, int(k))
        found = _fit(rows, features, int(k), count, mixed, seed, tell)
    with watch.stage("profiles"):
        tell(Progress("profiles", 0, 3, "steps"))
        segments = profile(table, features, rows, found.labels, found.distances, int(k))
        tell(Progress("profiles", 1, 3, "steps", "rules"))
        rules = rules_of(table, features, found.labels, int(k))
        tell(Progress("profiles", 2, 3, "steps", "stability"))
        segments = named(_with_stability(segments, rows, found.labels, seed))
        tell(Progress("profiles", 3, 3, "steps"))
    names = tuple(segment.name for segment in segments)
    total = Data(rows).mean_variance() * rows.size
    inside = float((found.distances**2).sum())
    return Segmented(
        table=table,
        roles=roles,
        model=SegmentModel(features, found.centers, names, roles.id_column),
        rows=rows,
        labels=found.labels,
        distances=found.distances,
        segments=segments,
        rules=rules,
        explained=max(0.0, 1 - inside / total) if total else 0.0,
        count=count,
        why=(*(count.why if count else ()), *found.why, *_doubts(segments, table.n)),
    )


def check_enough(table: MixedTable) -> None:
    """Raise InputError for a table of too few rows."""
    if table.n < FEWEST_ROWS:
        raise InputError(
            f"{table.source} has {table.n} row{'' if table.n == 1 else 's'}: segments are of "
            f"{FEWEST_ROWS} or more. Give more rows."
        )


def _check_different(table: MixedTable, rows: Rows, k: int) -> None:
    if k < 1:
        raise InputError(f"n_clusters must be 'auto' or 1 or more, not {k}.")
    different = count_distinct(rows, max(k, 2))
    if different == 1:
        raise InputError(f"All rows of {table.source} are alike: there is nothing to segment.")
    if different < k:
        raise InputError(
            f"{table.source} has {different} different rows: ask for at most {different} segments."
        )


def _fit(
    rows: Rows,
    features: TableFeatures,
    k: int,
    count: Counted | None,
    mixed: Mixed,
    seed: int,
    tell: Listener,
) -> _Found:
    """Centers of k segments, the largest first, and the rows of each."""
    why: list[str] = []
    some = _some(rows, _SAMPLE, seed)
    if count is None:
        start = group(some, None, k, "auto", seed, tell, None).kmeans.cluster_centers_
    else:
        start = count.centers
    if len(rows) > len(some):
        why.append(
            f"k-means started in {len(some):,} rows drawn at random and went on with all "
            f"{len(rows):,}."
        )
    centers = start
    if count is not None or len(rows) > len(some):
        centers = KMeans(k, init=start, n_init=1, random_state=seed).fit(rows).cluster_centers_
    pairs = zip(features.features, features.blocks, strict=True)
    blocks = [block for feature, block in pairs if feature.kind == "category"]
    if mixed == "prototypes" and blocks:
        centers = k_prototypes(rows, centers, blocks).centers.astype(np.float32)
        why.append("Centers are modes in categories (k-prototypes).")
    centers = np.ascontiguousarray(centers, dtype=np.float32)
    labels, _ = nearest(rows, centers)
    order = np.argsort(-np.bincount(labels, minlength=k), kind="stable")
    centers = np.ascontiguousarray(centers[order])
    return _Found(centers, *nearest(rows, centers), tuple(why))


def _some(rows: Rows, most: int, seed: int) -> Rows:
    if len(rows) <= most:
        return rows
    chosen = np.random.default_rng(seed).choice(len(rows), most, replace=False)
    return np.ascontiguousarray(rows[np.sort(chosen)])


def _with_stability(
    segments: tuple[Segment, ...], rows: Rows, labels: Labels, seed: int
) -> tuple[Segment, ...]:
    """The segments, with how well each comes back when rows are drawn anew."""
    if len(segments) == 1:
        return segments
    chosen = np.random.default_rng(seed).permutation(len(rows))[:_RESAMPLED]
    some = np.ascontiguousarray(rows[np.sort(chosen)])
    order = Data(some).content_order()
    found = stability_of_labels(
        np.ascontiguousarray(some[order]),
        labels[np.sort(chosen)][order],
        len(segments),
        check_random_state(seed),
        _RESAMPLES,
    )
    return tuple(
        replace(segment, comes_back=float(jaccard))
        for segment, jaccard in zip(segments, found.jaccard, strict=True)
    )


def _doubts(segments: tuple[Segment, ...], n: int) -> tuple[str, ...]:
    small = [segment for segment in segments if segment.size < max(3, 0.01 * n / len(segments))]
    if not small:
        return ()
    which = ", ".join(str(segment.number) for segment in small)
    rows: Any = sum(segment.size for segment in small)
    s, verb = ("s", "hold") if len(small) > 1 else ("", "holds")
    return (
        f"Segment{s} {which} {verb} {rows} rows far from all others: exceptions rather than a "
        "group (kmosaic anomalies looks at such).",
    )
