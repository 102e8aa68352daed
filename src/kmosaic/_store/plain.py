"""Values as JSON and arrays, and back: numbers, texts, lists, arrays and random numbers.

What JSON does not know is an object of one name: {"array": "init"}, {"number": "inf"}.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from kmosaic._errors import InputError
from kmosaic._store.layout import Arrays

_MOST_BYTES_A_NUMBER = 8


def packed(value: Any, name: str, arrays: Arrays) -> Any:
    """The value as JSON has it; arrays go to `arrays` and leave their name in their place.

    NumPy's numbers become Python's, and tuples lists. Raises InputError for anything that is no
    data, such as a function.

    >>> arrays = {}
    >>> packed([1, float("inf"), np.zeros(2)], "x", arrays), list(arrays)
    ([1, {'number': 'inf'}, {'array': 'x.2'}], ['x.2'])
    """
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else {"number": repr(value)}
    if isinstance(value, tuple | list):
        return [packed(part, f"{name}.{number}", arrays) for number, part in enumerate(value)]
    if isinstance(value, np.random.RandomState):
        return {"random state": _packed_random(value, name, arrays)}
    if isinstance(value, np.ndarray):
        return _packed_array(value, name, arrays)
    raise InputError(f"{name} is {type(value).__name__}, which is no plain data.")


def unpacked(value: Any, arrays: Arrays) -> Any:
    """The value that was packed; raises ValueError, LookupError or TypeError if it was not.

    >>> unpacked([1, {"number": "inf"}, {"array": "x.2"}], {"x.2": np.zeros(2)})
    [1, inf, array([0., 0.])]
    """
    if isinstance(value, list):
        return [unpacked(part, arrays) for part in value]
    if not isinstance(value, dict):
        return value
    ((what, content),) = value.items()
    return _UNPACK[what](content, arrays)


def _packed_array(array: Any, name: str, arrays: Arrays) -> Any:
    if array.dtype.kind in "OU" and all(isinstance(part, str) for part in array.flat):
        return {"texts": array.tolist()}
    if array.dtype.kind not in "biuf" or array.dtype.itemsize > _MOST_BYTES_A_NUMBER:
        raise InputError(f"{name} is an array of {array.dtype}; a model holds plain numbers only.")
    arrays[name] = array
    return {"array": name}


def _packed_random(random: np.random.RandomState, name: str, arrays: Arrays) -> Any:
    state: Any = random.get_state(legacy=False)
    if state["bit_generator"] != "MT19937":
        raise InputError(
            f"{name} draws from {state['bit_generator']}; a model holds a RandomState(seed) only."
        )
    arrays[name] = state["state"]["key"]
    return {
        "key": {"array": name},
        "position": int(state["state"]["pos"]),
        "has_gauss": int(state["has_gauss"]),
        "gauss": float(state["gauss"]),
    }


def _unpacked_random(content: Any, arrays: Arrays) -> np.random.RandomState:
    key = unpacked(content["key"], arrays)
    position, has_gauss, gauss = (content[part] for part in ("position", "has_gauss", "gauss"))
    if key.dtype != np.uint32 or key.shape != (624,) or not key.any():
        raise ValueError("a random state is not 624 uint32.")
    # NumPy looks at the key alone, and would read beyond its end.
    if type(position) is not int or not 0 <= position <= len(key) or has_gauss not in (0, 1):
        raise ValueError(f"a random state has no position {position!r}.")
    random = np.random.RandomState(0)
    random.set_state(("MT19937", key, position, has_gauss, float(gauss)))
    return random


def _unpacked_texts(content: Any, arrays: Arrays) -> Any:
    texts = np.array(content, dtype=object)
    if not all(isinstance(part, str) for part in texts.flat):
        raise ValueError("an array of texts holds something else.")
    return texts


_UNPACK: dict[str, Any] = {
    "array": lambda content, arrays: arrays[content],
    "number": lambda content, _: {"inf": math.inf, "-inf": -math.inf, "nan": math.nan}[content],
    "texts": _unpacked_texts,
    "random state": _unpacked_random,
}
