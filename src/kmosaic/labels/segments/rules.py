"""A small decision tree that says in rules which segment a row is in.

As in ExKMC (Frost, Moshkovitz & Rashtchian 2020) the tree has at least a leaf for each segment and
few more, and its fidelity tells how often it agrees with the segments themselves.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.tree import DecisionTreeClassifier

from kmosaic._values import Labels
from kmosaic.data.mixed import MixedTable, Numbers
from kmosaic.features.mixed import CategoryFeature, TableFeatures
from kmosaic.labels.segments.wording import shown

ENOUGH = 0.95  # fidelity at which no more leaves are added
_MOST_LEAVES = 3  # for each segment
_LEAST_LEAF = 0.005  # of the rows
_MOST_ROWS = 50_000  # to learn from
_TOGETHER = 200_000  # rows that are looked at in one go


@dataclass(frozen=True)
class Rule:
    """A leaf: rows for which all conditions hold."""

    segment: int  # from 0
    conditions: tuple[str, ...]
    size: int  # rows that it holds of
    agrees: float  # share of these that are in the segment


@dataclass(frozen=True)
class Rules:
    """All leaves of the tree."""

    rules: tuple[Rule, ...]  # by segment, the largest first
    fidelity: float  # share of all rows of which the tree says the right segment
    depth: int


def rules_of(table: MixedTable, features: TableFeatures, labels: Labels, k: int) -> Rules:
    """The smallest tree with a fidelity of 95 %, of k to 3 k leaves; the best if none has.

    labels: (n,) segments from 0. It learns from at most 50,000 rows, every so many; its fidelity
    is that of all rows.
    """
    if k == 1:
        return Rules((Rule(0, (), table.n, 1.0),), 1.0, 0)
    step = -(-table.n // _MOST_ROWS)
    some = _in_units(table, features, slice(None, None, step))
    tree: Any = None
    for leaves in range(k, _MOST_LEAVES * k + 1):
        tree = DecisionTreeClassifier(
            max_leaf_nodes=leaves, min_samples_leaf=_LEAST_LEAF, random_state=0
        ).fit(some, labels[::step])
        if tree.score(some, labels[::step]) >= ENOUGH or tree.get_n_leaves() < leaves:
            break
    leaf_of = np.concatenate(
        [
            tree.apply(_in_units(table, features, slice(begin, begin + _TOGETHER)))
            for begin in range(0, table.n, _TOGETHER)
        ]
    )
    return _read(tree, features, leaf_of, labels)


def _in_units(table: MixedTable, features: TableFeatures, which: slice) -> Any:
    """Some rows in the units of the table, categories as 0 and 1, float32 as trees take it."""
    parts = []
    for feature in features.features:
        column = table[feature.name]
        if isinstance(feature, CategoryFeature):
            codes = feature.codes(column)[which]
            parts.append(codes[:, None] == np.arange(feature.width))
        else:
            assert isinstance(column, Numbers)
            parts.append(feature.filled(column)[which][:, None])
    return np.concatenate(parts, axis=1, dtype=np.float32, casting="unsafe")


def _read(tree: Any, features: TableFeatures, leaf_of: npt.NDArray[Any], labels: Labels) -> Rules:
    inner, classes = tree.tree_, tree.classes_
    right = 0
    rules = []
    for leaf, path in _leaves(inner):
        inside = labels[leaf_of == leaf]
        segment = int(classes[inner.value[leaf][0].argmax()])
        agrees = int(np.count_nonzero(inside == segment))
        right += agrees
        rules.append(
            Rule(segment, _conditions(path, features), len(inside),
                 agrees / max(len(inside), 1))
        )  # fmt: skip
    rules.sort(key=lambda rule: (rule.segment, -rule.size))
    return Rules(tuple(rules), right / len(labels), int(tree.get_depth()))


def _leaves(inner: Any) -> list[tuple[int, list[tuple[int, float, bool]]]]:
    """Each leaf, with the way to it: column, threshold, whether it is above."""
    found, waiting = [], [(0, [])]  # type: ignore[var-annotated]
    while waiting:
        node, path = waiting.pop()
        if inner.children_left[node] < 0:
            found.append((node, path))
            continue
        column, threshold = int(inner.feature[node]), float(inner.threshold[node])
        waiting.append((int(inner.children_right[node]), [*path, (column, threshold, True)]))
        waiting.append((int(inner.children_left[node]), [*path, (column, threshold, False)]))
    return found


def _conditions(path: list[tuple[int, float, bool]], features: TableFeatures) -> tuple[str, ...]:
    """The way to a leaf, one condition a column."""
    bounds: dict[int, list[float | None]] = {}
    for column, threshold, above in path:
        low_high = bounds.setdefault(column, [None, None])
        low_high[0 if above else 1] = threshold  # later ones are narrower
    words = []
    for feature, block in zip(features.features, features.blocks, strict=True):
        for column in range(block.start, block.stop):
            if column in bounds:
                low, high = bounds[column]
                level = (
                    feature.levels[column - block.start]
                    if isinstance(feature, CategoryFeature)
                    else None
                )
                words.append(_condition(feature.name, level, low, high))
    return tuple(words)


def _condition(name: str, level: str | None, low: float | None, high: float | None) -> str:
    """One condition.

    >>> _condition("Age", None, 30.0, None), _condition("Age", None, 30.0, 40.5)
    ('Age > 30', '30 < Age ≤ 40.5')
    >>> _condition("Region", "north", 0.5, None)
    'Region is north'
    """
    if level is not None:
        return f"{name} is {'not ' if low is None else ''}{level}"
    if low is None:
        return f"{name} ≤ {shown(high or 0.0)}"
    return f"{name} > {shown(low)}" if high is None else f"{shown(low)} < {name} ≤ {shown(high)}"
