"""Known labels, from parent folders or arrays. They are never used to cluster."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import PurePosixPath
from typing import Any

import numpy as np
import numpy.typing as npt

from kmosaic._errors import InputError

Labels = npt.NDArray[np.object_]

_NOTHING = frozenset({"None", "nan", "NaT", "<NA>"})  # as numpy and pandas write a gap


def labels_of_parents(ids: Sequence[str]) -> Labels | None:
    """The parent folder's name of each path, if there is more than one (else it says nothing).

    >>> labels_of_parents(["cat/1.png", "dog/1.png", "2.png"]).tolist()
    ['cat', 'dog', None]
    >>> labels_of_parents(["new/1.png", "new/2.png"]) is None
    True
    """
    parents = [PurePosixPath(one).parent.name or None for one in ids]
    if len(set(parents) - {None}) < 2:
        return None
    return np.array(parents, dtype=object)


def as_labels(values: Any, n: int, name: str = "labels") -> Labels:
    """Known labels given as an array or a list, as strings; None or NaN where there is none.

    >>> as_labels([3.0, 7.0, None], 3).tolist()
    ['3', '7', None]
    """
    given = np.asarray(values, dtype=object)
    if given.shape == (n, 1):
        given = given[:, 0]
    if given.shape != (n,):
        raise InputError(
            f"{name} has the shape {given.shape}, but there are {n:,} items: give one label each."
        )
    return objects(_as_text(value) for value in given)


def checked_labels(labels: Labels | None, n: int) -> Labels | None:
    """The same labels, if there are n of them."""
    return None if labels is None else as_labels(labels, n)


def _as_text(value: Any) -> str | None:
    if not isinstance(value, str) and str(value) in _NOTHING:
        return None
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, float | np.floating) and float(value).is_integer():
        value = int(value)
    return str(value)


def objects(values: Iterable[str | None]) -> Labels:
    """Strings and None as a one-dimensional array of objects."""
    return np.array([*values, None], dtype=object)[:-1]  # the None keeps numpy from guessing
