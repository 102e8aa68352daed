"""What sets a segment apart from the rest, column by column, with effect sizes."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from kmosaic._values import Labels
from kmosaic.data.mixed import MixedTable, Numbers
from kmosaic.features.mixed import CategoryFeature, NumberFeature, TableFeatures
from kmosaic.labels.segments.telling import MEDIAN, measure_of


@dataclass(frozen=True)
class Trait:
    """How a segment differs from all other rows in one column."""

    column: str
    effect: float  # numbers: difference of means in standard deviations; categories: Cohen's h
    value: float  # numbers: `measure`; categories: the share of `level`
    rest: float  # the same of the other rows
    level: str | None = None  # the category that is meant; None for numbers
    measure: str = MEDIAN  # or "mean" or "share of 1", where medians do not tell; "share"


@dataclass(frozen=True)
class Segment:
    """A group of rows, and what sets it apart."""

    number: int  # from 0, the largest first: the label of its rows
    size: int
    share: float  # of all rows
    spread: float  # mean distance of its rows to its center
    traits: tuple[Trait, ...]  # one a column, the largest effect first
    name: str = ""
    comes_back: float | None = None  # mean Jaccard index over resamples; None for one segment
    # Columns of categories: the trait of each category, in the order of the categories.
    categories: Mapping[str, tuple[Trait, ...]] = field(default_factory=dict)


def profile(
    table: MixedTable,
    features: TableFeatures,
    rows: npt.NDArray[np.float32],
    labels: Labels,
    distances: npt.NDArray[np.float64],
    k: int,
) -> tuple[Segment, ...]:
    """Describe k segments; labels: (n,) from 0.

    The effect of a column of numbers is (mean - mean of the rest) / standard deviation of all rows,
    on the scale on which rows were compared (a logarithm where one was taken); value and rest are
    medians in the units of the table, means where these tell more, or the share of 1. Of a column
    of categories the effect is Cohen's h = 2 asin √p - 2 asin √q of the category that differs most.
    """
    sizes = np.bincount(labels, minlength=k)
    groups = np.split(np.argsort(labels, kind="stable"), np.cumsum(sizes)[:-1])
    traits: list[list[Trait]] = [[] for _ in range(k)]
    categories: list[dict[str, tuple[Trait, ...]]] = [{} for _ in range(k)]
    for feature, block in zip(features.features, features.blocks, strict=True):
        column = table[feature.name]
        if isinstance(feature, CategoryFeature):
            each = _of_categories(feature, feature.codes(column), labels, sizes)
            found = [_telling(one) for one in each]
            for segment, one in enumerate(each):
                categories[segment][feature.name] = one
        else:
            assert isinstance(column, Numbers)
            found = _of_numbers(feature, column, rows[:, block.start], labels, groups)
        for segment, trait in enumerate(found):
            traits[segment].append(trait)
    far = np.bincount(labels, distances, minlength=k) / np.maximum(sizes, 1)
    return tuple(
        Segment(
            number=c,
            size=int(sizes[c]),
            share=float(sizes[c] / len(labels)),
            spread=float(far[c]),
            traits=tuple(sorted(traits[c], key=lambda trait: -abs(trait.effect))),
            categories=categories[c],
        )
        for c in range(k)
    )


def _of_numbers(
    feature: NumberFeature, column: Numbers, scaled: Any, labels: Labels, groups: list[Any]
) -> list[Trait]:
    values, n = feature.filled(column), len(labels)
    numbers = np.asarray(scaled, dtype=np.float64)
    spread, total = float(numbers.std()), float(numbers.sum())
    sums = np.bincount(labels, numbers, minlength=len(groups))
    in_order = values[np.concatenate(groups)]
    plain, whole = np.bincount(labels, values, minlength=len(groups)), float(values.sum())
    effects = np.zeros(len(groups))
    medians, means = np.full((2, len(groups), 2), math.nan)
    begin = 0
    for segment, members in enumerate(groups):
        size, end = len(members), begin + len(members)
        own = in_order[begin:end]
        others = np.concatenate([in_order[:begin], in_order[end:]])
        begin = end
        if not size or not len(others):
            if size:
                medians[segment], means[segment] = np.median(own), own.mean()
            continue
        apart = sums[segment] / size - (total - sums[segment]) / (n - size)
        effects[segment] = apart / spread if spread > 0 else 0.0
        medians[segment] = np.median(own), np.median(others)
        means[segment] = plain[segment] / size, (whole - plain[segment]) / (n - size)
    measure, figures = measure_of(values, medians, means, effects)
    return [
        Trait(feature.name, effect, value, rest, measure=measure)
        for effect, (value, rest) in zip(effects.tolist(), figures.tolist(), strict=True)
    ]


def _of_categories(
    feature: CategoryFeature, codes: Any, labels: Labels, sizes: Any
) -> list[tuple[Trait, ...]]:
    """The trait of each category for each segment."""
    k, many = len(sizes), len(feature.levels)
    known = codes >= 0
    counts = np.bincount(labels[known].astype(np.int64) * many + codes[known], minlength=k * many)
    counts = counts.reshape(k, many)
    whole = counts.sum(axis=0)
    found = []
    for segment in range(k):
        others = max(len(labels) - int(sizes[segment]), 1)
        p = counts[segment] / max(int(sizes[segment]), 1)
        q = (whole - counts[segment]) / others
        h = 2 * np.arcsin(np.sqrt(np.clip(p, 0, 1))) - 2 * np.arcsin(np.sqrt(np.clip(q, 0, 1)))
        if k == 1:
            h, q = h * 0, p
        found.append(
            tuple(
                Trait(feature.name, effect, own, rest, level, "share")
                for effect, own, rest, level in zip(
                    h.tolist(), p.tolist(), q.tolist(), feature.levels, strict=True
                )
            )
        )
    return found


def _telling(categories: tuple[Trait, ...]) -> Trait:
    """The category that differs most; where none does, the most frequent.

    Of two that differ as much, the one that the segment has: "mostly women", not "no men".
    """
    if not any(one.effect for one in categories):
        return max(categories, key=lambda one: one.value)
    return max(categories, key=lambda one: abs(one.effect) + 1e-9 * (one.effect > 0))
