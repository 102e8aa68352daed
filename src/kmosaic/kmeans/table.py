"""All estimators by name, and how a saved one comes back."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kmosaic._errors import InputError, ModelError
from kmosaic._store.card import UPDATE
from kmosaic._store.layout import Parts
from kmosaic._store.model_folder import holding_together
from kmosaic._store.plain import unpacked
from kmosaic.kmeans.balanced import BalancedKMeans
from kmosaic.kmeans.bisecting import BisectingKMeans
from kmosaic.kmeans.kmeans import KMeans
from kmosaic.kmeans.minibatch import MiniBatchKMeans
from kmosaic.kmeans.parameters import check_parameters
from kmosaic.kmeans.prototypes import Prototypes
from kmosaic.kmeans.savable import ARRAYS, STARTS, Savable
from kmosaic.kmeans.spherical import SphericalKMeans
from kmosaic.kmeans.trimmed import TrimmedKMeans

# What can be saved. The tests of saving, of pickle and of the golden files run over this table.
ESTIMATORS: dict[str, type[Savable]] = {
    kind.__name__: kind
    for kind in (
        BalancedKMeans,
        BisectingKMeans,
        KMeans,
        MiniBatchKMeans,
        Prototypes,
        SphericalKMeans,
        TrimmedKMeans,
    )
}


def check_known(estimator: Savable, known: Mapping[str, type[Savable]]) -> None:
    """Raise InputError for an estimator that kmosaic.load() would not know."""
    kind = type(estimator)
    if known.get(kind.__name__) is not kind:
        raise InputError(
            f"{kind.__name__} is not one of kmosaic's estimators, which are all that it can save "
            f"and load ({', '.join(known)}): pickle it, or save one of these."
        )


def estimator_of(
    parts: Parts, folder: Path, known: Mapping[str, type[Savable]] = ESTIMATORS
) -> Savable:
    """The estimator of parts that were read from a folder, or ModelError.

    Only the estimators of this package are made, and nothing in the parts is run.
    """
    facts, arrays = parts.facts, parts.arrays[ARRAYS]
    kind = _kind_of(facts, folder, known)
    with holding_together(folder):
        parameters: Any = {
            name: _parameter(value, arrays) for name, value in facts["parameters"].items()
        }
        estimator: Savable = kind(**parameters)
        for name, value in facts["fitted"].items():
            setattr(estimator, name, kind._fitted[name](unpacked(value, arrays)))
        if hasattr(kind, "_parameter_constraints"):  # Prototypes look at theirs in fit() alone
            check_parameters(estimator)
        estimator._check_loaded()
        return estimator


def _kind_of(facts: dict[str, Any], folder: Path, known: Mapping[str, type[Savable]]) -> Any:
    """The class; ModelError if it, a parameter or an attribute is one of a later kmosaic."""
    kind: Any = known.get(facts["kind"])
    if kind is None:
        unknown = {facts["kind"]}
    else:
        unknown = set(facts["parameters"]) - set(kind._get_param_names())
        unknown |= set(facts["fitted"]) - set(kind._fitted)
    if unknown:
        name = min(unknown)
        raise ModelError(f"The model in {folder} has {name!r}, which is not known here. {UPDATE}")
    return kind


def _parameter(value: Any, arrays: Any) -> Any:
    if isinstance(value, dict) and set(value) == {"start"}:
        return STARTS[value["start"]]
    return unpacked(value, arrays)
