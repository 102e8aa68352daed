"""What is asked: rows and numbers of clusters, checked once."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.utils import check_random_state

from kmosaic._engine import Data
from kmosaic._errors import InputError
from kmosaic._sparse import data_of
from kmosaic._values import Rows
from kmosaic.kmeans import KMeans
from kmosaic.kmeans.checks import check_rows
from kmosaic.n_clusters.sample import Places, count_different

DEFAULT = range(1, 21)  # numbers of clusters where none are given
_RANGE = "give a range such as range(1, 21), or a list of whole numbers"


_LEAST_VARIANCE = 1e-290  # a little more than the least that has all its digits


@dataclass(frozen=True)
class Question:
    """Rows to group, and the numbers of clusters to choose among."""

    rows: Rows
    data: Data
    order: Places  # all row numbers, by content
    ks: tuple[int, ...]  # ascending, each once
    model: KMeans  # not fitted; it knows the names of the columns
    names: Sequence[str] | None  # of the columns, where they have any


def ask(X: Any, k: Any, names: Sequence[str] | None = None) -> Question:
    """Check X, (n, d), and k; raise InputError for what cannot be answered.

    k: None is range(1, 21), or up to the number of different rows.
    """
    model = KMeans()
    rows = _checked(model, X)
    names = names if names is not None else getattr(model, "feature_names_in_", None)
    ks = numbers_of_clusters(DEFAULT if k is None else k)
    if rows.shape[0] < 2:
        raise InputError("X has one row: there is nothing to group. Give more rows.")
    data = data_of(rows)
    order = data.content_order()
    different = count_different(rows, order, max(ks[-1], 2))
    if different == 1:
        raise InputError("All rows of X are the same: there is nothing to group.")
    if data.mean_variance() < _LEAST_VARIANCE:
        raise InputError(
            "The values of X differ by so little that their squares vanish: multiply X by a large "
            "number, such as 1e100, first."
        )
    if k is None:
        ks = ks[:different]
    if different < ks[-1]:
        raise InputError(
            f"k asks for up to {ks[-1]} clusters, and X has {different} different rows: "
            f"give k up to {different}, for example range(1, {different + 1})."
        )
    return Question(rows, data, order, ks, model, names)


def _checked(model: KMeans, X: Any) -> Rows:
    """X as KMeans.fit() takes it; what scikit-learn refuses in its words is told in ours."""
    if X is None or isinstance(X, str | bytes | os.PathLike):
        raise InputError(
            f"X is {X!r}, and not rows of numbers: give an array or a data frame of shape (n, d). "
            "Files are for the command kmosaic choose-k."
        )
    try:
        return check_rows(model, X, reset=True, sparse=True)
    except InputError:
        raise
    except (ValueError, TypeError) as error:
        words = _columns_of_words(X)
        if words:
            raise InputError(
                f"X has columns that hold no numbers: {', '.join(map(repr, words))}. Leave them "
                "out, or make numbers of them (sklearn.preprocessing.OneHotEncoder does)."
            ) from None
        no_number = _first_that_is_none(X)
        if no_number:
            raise InputError(f"X has {no_number}: give rows of numbers, all as long.") from None
        shape = np.shape(X) if hasattr(X, "shape") or isinstance(X, list | tuple) else None
        if shape is not None and (len(shape) != 2 or 0 in shape):
            raise InputError(
                f"X has the shape {shape}: give rows of numbers, (n, d), at least two."
            ) from None
        raise InputError(str(error).replace("KMeans", "choose_k")) from error


def numbers_from(random_state: Any) -> np.random.RandomState:
    """What draws, from a seed, a RandomState or None.

    >>> numbers_from(np.random.default_rng(0))
    Traceback (most recent call last):
    kmosaic._errors.InputError: random_state is Generator(PCG64)...: give a whole number from 0 ...
    """
    try:
        numbers: np.random.RandomState = check_random_state(random_state)
    except ValueError:
        raise InputError(
            f"random_state is {random_state!r}: give a whole number from 0 to {2**32 - 1}, a "
            "numpy.random.RandomState, or None."
        ) from None
    return numbers


def _first_that_is_none(X: Any) -> str | None:
    """Where lists of lists, or an array of objects, hold the first value that is no number.

    >>> _first_that_is_none([[1, 2], [3, "x"]]), _first_that_is_none([[1, 2], [3]])
    ("'x' in row 1, column 1", 'row 1 with 1 value, where row 0 has 2')
    """
    if not isinstance(X, list | tuple) and not (isinstance(X, np.ndarray) and X.ndim == 2):
        return None
    many = [row for row in X if isinstance(row, list | tuple | np.ndarray)]
    for i, row in enumerate(many if len(many) == len(X) else ()):
        if len(row) != len(many[0]):
            count = f"{len(row)} value{'' if len(row) == 1 else 's'}"
            return f"row {i} with {count}, where row 0 has {len(many[0])}"
        for j, value in enumerate(row):
            try:
                float(value)
            except (TypeError, ValueError):
                return f"{value!r} in row {i}, column {j}"
    return None


def _columns_of_words(X: Any) -> list[str]:
    """Names of the columns of a pandas frame that hold no numbers."""
    if not hasattr(X, "select_dtypes"):
        return []
    return list(map(str, X.select_dtypes(exclude=["number", "bool"]).columns))


def numbers_of_clusters(k: Any) -> tuple[int, ...]:
    """The numbers that k asks for, ascending.

    >>> numbers_of_clusters(range(1, 4)), numbers_of_clusters([5, 2, 5])
    ((1, 2, 3), (2, 5))
    >>> numbers_of_clusters(range(5, 5))
    Traceback (most recent call last):
    kmosaic._errors.InputError: k is empty: give a range such as range(1, 21), or a list of ...
    """
    if isinstance(k, str | bytes) or not isinstance(k, Iterable):
        raise InputError(f"k={k!r} is not a range of numbers of clusters: {_RANGE}.")
    given = list(k)
    for each in given:
        if not isinstance(each, int | np.integer) or isinstance(each, bool):
            raise InputError(f"k holds {each!r}, which is not a whole number: {_RANGE}.")
        if each < 1:
            raise InputError(f"k holds {each}: a number of clusters is 1 or more; {_RANGE}.")
    if not given:
        raise InputError(f"k is empty: {_RANGE}.")
    return tuple(sorted({int(each) for each in given}))
