"""What a fitted attribute must be for a saved model to be believed: one function a kind.

Each takes what the files say, and returns the attribute or raises ValueError or TypeError.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

Kind = Callable[[Any], Any]

FLOATS = ("float32", "float64")


def array(axes: int, *dtypes: str) -> Kind:
    """An array of so many axes and one of these dtypes; its numbers are finite.

    >>> array(1, "int32")(np.zeros(2, np.int32)).tolist()
    [0, 0]
    """

    def checked(value: Any) -> Any:
        if not isinstance(value, np.ndarray) or value.ndim != axes or value.dtype not in dtypes:
            raise ValueError(f"an array of {axes} axes and {' or '.join(dtypes)} is something else")
        if value.dtype.kind == "f" and not np.isfinite(value).all():
            raise ValueError("an array holds NaN or infinity")
        return value

    return checked


def number(value: Any) -> Any:
    """A float."""
    return _of_type(value, float)


def count(value: Any) -> Any:
    """A whole number from 0."""
    if _of_type(value, int) < 0:
        raise ValueError(f"{value} is below 0")
    return value


def text(value: Any) -> Any:
    """A text."""
    return _of_type(value, str)


def names(value: Any) -> Any:
    """An array of texts, as scikit-learn keeps the names of columns."""
    if not isinstance(value, np.ndarray) or value.ndim != 1 or value.dtype != object:
        raise ValueError("names are something else")
    return value


def random_numbers(value: Any) -> Any:
    """A RandomState."""
    return _of_type(value, np.random.RandomState)


def record(kind: Any) -> Kind:
    """A named tuple of numbers."""

    def checked(value: Any) -> Any:
        if not all(type(part) in (int, float) for part in value):
            raise ValueError(f"{kind.__name__} is not of numbers")
        return kind._make(value)

    return checked


def records(kind: Any) -> Kind:
    """A list of named tuples of numbers."""
    one = record(kind)
    return lambda value: [one(part) for part in _of_type(value, list)]


def _of_type(value: Any, kind: type) -> Any:
    if type(value) is not kind:
        raise TypeError(f"{value!r:.40} is not of the kind {kind.__name__}")
    return value
