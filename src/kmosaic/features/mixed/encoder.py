"""A table of numbers and categories as rows of numbers that k-means can compare."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from kmosaic._errors import InputError
from kmosaic.data.mixed import MixedTable, Numbers, Words
from kmosaic.data.mixed.bad_cells import told, words_among
from kmosaic.features.mixed.columns import CategoryFeature, Feature, NumberFeature
from kmosaic.features.mixed.roles import Roles, numbers_of
from kmosaic.features.mixed.tails import TAILS, Tail

Matrix = npt.NDArray[np.float32]

# Rows of different categories are one spread apart in that column. In benchmarks/segment.py this
# finds known groups as well as any weight of k-prototypes; with 1.0 one-hot finds 0.015 more of
# them (adjusted Rand index), but then a column of two categories alone may make the segments.
CATEGORY_WEIGHT = 0.5**0.5


@dataclass(frozen=True, eq=False)
class TableFeatures:
    """How each column is looked at."""

    features: tuple[Feature, ...]

    @classmethod
    def of(
        cls,
        table: MixedTable,
        roles: Roles,
        *,
        tails: Tail = "auto",
        weight: float = CATEGORY_WEIGHT,
    ) -> TableFeatures:
        """Find out from a table how its columns are looked at, in their order.

        weight: of a category beside numbers with a spread of 1. Raises InputError.
        """
        if tails not in TAILS:
            raise InputError(f"tails must be one of {', '.join(TAILS)}, not {tails!r}.")
        features: list[Feature] = []
        for name in table.names:
            if name in roles.numbers:
                features.append(NumberFeature.of(name, numbers_of(table[name]), tails))
            elif name in roles.categories:
                category = CategoryFeature.of(name, table[name])
                features.append(replace(category, weight=weight))
        return cls(tuple(features))

    @property
    def names(self) -> tuple[str, ...]:
        """The columns that are looked at."""
        return tuple(feature.name for feature in self.features)

    @property
    def numbers(self) -> tuple[NumberFeature, ...]:
        """Those of numbers."""
        return tuple(one for one in self.features if isinstance(one, NumberFeature))

    @property
    def categories(self) -> tuple[CategoryFeature, ...]:
        """Those of categories."""
        return tuple(one for one in self.features if isinstance(one, CategoryFeature))

    @property
    def blocks(self) -> tuple[slice, ...]:
        """The columns of the rows of numbers that each feature takes."""
        ends = np.cumsum([0, *(feature.width for feature in self.features)]).tolist()
        return tuple(slice(begin, end) for begin, end in pairwise(ends))

    def transform(self, table: MixedTable) -> Matrix:
        """The table as rows of numbers, (n, d) float32."""
        rows = np.zeros((table.n, self.blocks[-1].stop), np.float32)
        for feature, block in zip(self.features, self.blocks, strict=True):
            feature.into(table[feature.name], rows[:, block])
        return rows

    def told(self) -> tuple[str, ...]:
        """How each column is looked at, a sentence each."""
        return tuple(feature.told() for feature in self.features)

    def check_schema(self, table: MixedTable) -> None:
        """Raise InputError that tells in which columns a table differs from the one known."""
        gone = [repr(one.name) for one in self.features if one.name not in table.columns]
        wrong = [f"it lacks {', '.join(gone)}"] if gone else []
        bad = {
            one.name: words_among(table[one.name], table)
            for one in self.numbers
            if one.name in table.columns
        }
        found = {name: cells for name, cells in bad.items() if cells is not None and cells.count}
        if found:
            wrong.append(f"it has {told(table, found)}")
        if wrong:
            unknown = [name for name in table.names if name not in self.names]
            has = f" It has {', '.join(map(repr, unknown[:10]))} beside." if unknown else ""
            raise InputError(
                f"{table.source} is no table for this model: {'; '.join(wrong)}.{has} Rename or "
                "mend columns so that they are those that the model was made from: "
                f"{', '.join(self.names)}."
            )

    def known_as(self, table: MixedTable) -> MixedTable:
        """The table, where columns without any cell are of the kind that the model knows."""
        columns = dict(table.columns)
        for feature in self.numbers:
            column = columns.get(feature.name)
            if isinstance(column, Words) and not column.levels:
                columns[feature.name] = Numbers(np.full(table.n, np.nan))
        return replace(table, columns=columns)

    def unknown_categories(self, table: MixedTable) -> dict[str, list[str]]:
        """Categories that were not there when the model was made, by column."""
        found = {}
        for feature in self.categories:
            words = table[feature.name]
            codes = feature.codes(words)
            where = np.flatnonzero(codes < 0)
            if len(where):
                found[feature.name] = sorted({words.text(at) for at in where[:1000].tolist()})
        return found

    def to_spec(self) -> tuple[list[dict[str, Any]], dict[str, npt.NDArray[Any]]]:
        """Plain values, and the knots of ranks as arrays."""
        spec = [
            {"kind": feature.kind}
            | {name: value for name, value in vars(feature).items() if name != "knots"}
            for feature in self.features
        ]
        for one in spec:
            one.update({name: list(value) for name, value in one.items() if type(value) is tuple})
        knots = {
            f"knots.{number}": feature.knots
            for number, feature in enumerate(self.features)
            if isinstance(feature, NumberFeature) and feature.tail == "quantile"
        }
        return spec, knots

    @classmethod
    def from_spec(
        cls, spec: Sequence[Mapping[str, Any]], arrays: Mapping[str, npt.NDArray[Any]]
    ) -> TableFeatures:
        """What `to_spec` described; raises ValueError, TypeError or LookupError if it did not."""
        features: list[Feature] = []
        for number, given in enumerate(spec):
            facts = {name: value for name, value in given.items() if name != "kind"}
            if given["kind"] == "category":
                features.append(CategoryFeature(**facts | {"levels": tuple(facts["levels"])}))
            elif given["kind"] == "number":
                knots = arrays.get(f"knots.{number}", np.zeros((2, 0)))
                features.append(NumberFeature(**facts, knots=knots))
            else:
                raise ValueError(f"{given['kind']!r:.40} is no kind of column.")
            features[-1].check()
        if not features:
            raise ValueError("there is no column.")
        return cls(tuple(features))
