"""Extractors as plain data, so that a saved model needs no pickle.

A spec is `{"kind": ..., "params": {...}, "learned": {...}}`. An extractor inside another one is a
spec in its place, and its arrays carry the path to it in their names ("extractor_.components_").
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from kmosaic._errors import ModelError

if TYPE_CHECKING:
    from kmosaic.features.base import ImageFeatures

Spec = dict[str, Any]
Arrays = dict[str, npt.NDArray[Any]]
_NESTED = "extractor"  # the one key that marks a nested spec


def describe(extractor: ImageFeatures) -> tuple[Spec, Arrays]:
    """An extractor's settings and what it has learned, as JSON-able values and arrays."""
    arrays: Arrays = {}
    learned = {name: value for name, value in vars(extractor).items() if _is_learned(name)}
    spec = {
        "kind": type(extractor).__name__,
        "params": {
            name: _plain(value, name, arrays)
            for name, value in extractor.get_params(deep=False).items()
        },
        "learned": {name: _plain(value, name, arrays) for name, value in learned.items()},
    }
    return spec, arrays


def settings(extractor: ImageFeatures) -> Spec:
    """Only the settings: two extractors that agree in them learn and compute the same.

    >>> from kmosaic.features import Pixels
    >>> settings(Pixels(size=8))
    {'kind': 'Pixels', 'params': {'color': None, 'size': 8}, 'outside': {}}
    """
    return {
        "kind": type(extractor).__name__,
        "params": {
            name: _map_extractors(value, settings)
            for name, value in extractor.get_params(deep=False).items()
        },
        "outside": extractor.outside(),
    }


def rebuild(
    spec: Mapping[str, Any], arrays: Mapping[str, Any], kinds: Mapping[str, type]
) -> ImageFeatures:
    """The extractor that was described; raises ModelError if the spec is none of these kinds."""
    try:
        kind = kinds[spec["kind"]]
        values = {**spec["params"], **spec["learned"]}
        built = {name: _built(value, name, arrays, kinds) for name, value in values.items()}
        # A setting that is missing came after the model was made, and its default is as before.
        strange = set(spec["params"]) - set(inspect.signature(kind).parameters)
        strange |= {name for name in spec["learned"] if not _is_learned(name)}
        if strange:
            raise KeyError(f"settings {sorted(strange)}")
        extractor: ImageFeatures = kind(**{name: built[name] for name in spec["params"]})
    except (KeyError, TypeError, AttributeError) as error:
        raise ModelError(
            f"The description of the features is damaged, or of another version ({error!s}). "
            "Make the model again."
        ) from error
    for name in spec["learned"]:
        setattr(extractor, name, built[name])
    return extractor


def _is_learned(name: str) -> bool:
    return name.endswith("_") and not name.startswith("_")


def _is_extractor(value: Any) -> bool:
    return hasattr(value, "to_spec")


def _map_extractors(value: Any, change: Any) -> Any:
    if _is_extractor(value):
        return change(value)
    if isinstance(value, tuple | list):
        return [_map_extractors(part, change) for part in value]
    return value


def _plain(value: Any, path: str, arrays: Arrays) -> Any:
    """The value as JSON has it; arrays go to `arrays` and leave the name of their place."""
    if _is_extractor(value):
        spec, inner = value.to_spec()
        arrays.update({f"{path}.{name}": array for name, array in inner.items()})
        return {_NESTED: spec}
    if isinstance(value, np.ndarray):
        arrays[path] = value
        return {"array": path}
    if isinstance(value, tuple | list):
        return [_plain(part, f"{path}.{number}", arrays) for number, part in enumerate(value)]
    return value.item() if isinstance(value, np.generic) else value


def _built(value: Any, path: str, arrays: Mapping[str, Any], kinds: Mapping[str, type]) -> Any:
    if isinstance(value, Mapping) and set(value) == {_NESTED}:
        inside = {
            name.removeprefix(f"{path}."): array
            for name, array in arrays.items()
            if name.startswith(f"{path}.")
        }
        return rebuild(value[_NESTED], inside, kinds)
    if isinstance(value, Mapping):
        return np.ascontiguousarray(arrays[path])
    if isinstance(value, list):
        return tuple(
            _built(part, f"{path}.{number}", arrays, kinds) for number, part in enumerate(value)
        )
    return value
