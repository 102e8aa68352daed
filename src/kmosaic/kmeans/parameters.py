"""The parameters of KMeans: what they may be, and what they stand for."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from numbers import Integral, Real
from operator import attrgetter
from types import FunctionType, MethodType
from typing import Any

import numpy as np
from sklearn import get_config
from sklearn.utils import check_random_state
from sklearn.utils._param_validation import Interval, StrOptions

from kmosaic import _engine
from kmosaic._errors import InputError
from kmosaic.kmeans.starts import STARTS


class OneOf(StrOptions):  # type: ignore[misc]
    """One of some words; an error lists them in their order, not in that of a set.

    >>> str(OneOf({"lloyd", "auto", "elkan"}))
    "a str among {'auto', 'elkan', 'lloyd'}"
    """

    def __str__(self) -> str:
        return f"a str among {{{', '.join(map(repr, sorted(self.options)))}}}"


CONSTRAINTS: dict[str, Any] = {
    "n_clusters": [Interval(Integral, 1, None, closed="left")],
    "init": [OneOf(set(STARTS)), callable, "array-like"],
    "n_init": [OneOf({"auto"}), Interval(Integral, 1, None, closed="left")],
    "max_iter": [Interval(Integral, 1, None, closed="left")],
    "tol": [Interval(Real, 0, None, closed="left")],
    "verbose": ["verbose"],
    "random_state": ["random_state"],
    "copy_x": ["boolean"],
    "algorithm": [OneOf({"auto", "lloyd", "elkan", *_engine.algorithms()})],
    "memory_limit": [Interval(Integral, 1, None, closed="left"), str, None],
    "missing": [OneOf({"error", "ignore"})],
    "on_iteration": [callable, None],
}

QUALITY: dict[str, Any] = {  # of KMeans alone
    "quality": [OneOf({"fast", "default", "best"})],
    "time_limit": [Interval(Real, 0, None, closed="neither"), None],
}

_PLAIN = frozenset({int, float, str, bool, type(None)})
_KNOWN_BY_TYPE = frozenset({FunctionType, MethodType, np.random.RandomState})
_known_good: set[tuple[Any, ...]] = set()
_MOST_KNOWN = 1_000


_idle_random_states: list[np.random.RandomState] = []


def check_parameters(estimator: Any) -> None:
    """Raise scikit-learn's error for a parameter outside of its constraints.

    Values that were found good before are not looked at again: that alone would take longer than
    the fit of a small data set.
    """
    kind: Any = type(estimator)
    values = _values_of(kind)(estimator)
    keys = [each if type(each) in _PLAIN else _key(each) for each in values]
    key = kind, *map(type, values), *keys
    if key in _known_good or get_config()["skip_parameter_validation"]:
        return
    estimator._validate_params()
    if ... not in key:
        if len(_known_good) >= _MOST_KNOWN:
            _known_good.clear()
        _known_good.add(key)


def check_quality(estimator: Any) -> None:
    """Raise InputError where another parameter makes no sense with the quality."""
    quality = estimator.quality
    if isinstance(estimator.time_limit, bool):
        raise InputError(f"time_limit={estimator.time_limit} is no number of seconds: give 10.0.")
    if estimator.time_limit is not None and quality != "best":
        raise InputError(
            f"time_limit={estimator.time_limit} has no meaning with quality={quality!r}: "
            "give quality='best', which can go on for long, or no time_limit."
        )
    if quality == "fast" and estimator.n_init not in ("auto", 1):
        raise InputError(
            f"quality='fast' is one start, and n_init={estimator.n_init}: leave n_init at 'auto', "
            "or quality at 'default'."
        )
    if quality == "best" and estimator.missing == "ignore":
        raise InputError(
            "quality='best' knows no gaps: fill them before fit(), or use quality='default' with "
            "missing='ignore'."
        )


def _key(value: Any) -> Any:
    """Of two of a type: what is equal only if both are good or both are bad; else ..."""
    kind = type(value)
    if kind is np.ndarray:
        return value.ndim > 0
    return None if kind in _KNOWN_BY_TYPE else ...


@functools.cache
def _values_of(kind: Any) -> Callable[[Any], tuple[Any, ...]]:
    return attrgetter(*kind._parameter_constraints)


@contextmanager
def random_numbers(random_state: Any) -> Iterator[np.random.RandomState]:
    """check_random_state(random_state), to be used inside the `with` only.

    Making a RandomState costs more than seeding one that is there already.
    """
    if not isinstance(random_state, Integral):
        yield check_random_state(random_state)
        return
    try:  # another thread may take the last one meanwhile
        numbers = _idle_random_states.pop()
    except IndexError:
        numbers = np.random.RandomState(0)
    numbers.seed(int(random_state))
    try:
        yield numbers
    finally:
        _idle_random_states.append(numbers)
