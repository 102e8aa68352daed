"""What every estimator can do: write itself into a folder, as data."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from sklearn.utils.validation import check_is_fitted

from kmosaic._errors import InputError
from kmosaic._store.layout import Arrays, Layout, Parts
from kmosaic._store.model_folder import write_parts
from kmosaic._store.plain import packed
from kmosaic.kmeans import kinds
from kmosaic.kmeans.merged import merged_start, varied_start
from kmosaic.kmeans.sampled import sampled_start

ARRAYS = "arrays.safetensors"
LAYOUT = Layout(
    format="kmosaic estimator",
    version=1,
    facts={"kind": str, "parameters": dict, "fitted": dict},
    files=(ARRAYS,),
)
STARTS = {start.__name__: start for start in (merged_start, varied_start, sampled_start)}

_LISTENERS = ("on_iteration", "on_progress")  # who listens to a fit is no part of what it found


class Savable:
    """An estimator that can be saved: a subclass says what it has once it is fitted."""

    # Each attribute that fit() makes and its kind; one that is not there is left out.
    _fitted: ClassVar[Mapping[str, kinds.Kind]] = {
        "n_features_in_": kinds.count,
        "feature_names_in_": kinds.names,
    }
    _found: ClassVar[str] = "cluster_centers_"  # there once fit() has succeeded
    _layout: ClassVar[Layout] = LAYOUT

    def save(self, folder: str | Path) -> Path:
        """Write the fitted model into a folder of its own and return its path.

        `kmosaic.load` gives it back with the same bits in every attribute. The folder holds data
        only: model.json and a safetensors file. One that holds a model already is replaced when
        the new one is whole. Not kept are on_iteration, callbacks, and scikit-learn's set_output()
        and metadata requests.

        Raises scikit-learn's NotFittedError before fit(), OutputError if writing fails, and
        InputError if the folder holds anything else or a parameter is no data, such as a function
        as init (those of kmosaic are kept by their names).

        >>> import kmosaic, tempfile
        >>> model = kmosaic.KMeans(1).fit([[1.0], [3.0]])
        >>> with tempfile.TemporaryDirectory() as place:
        ...     kmosaic.load(model.save(Path(place, "model"))).predict([[2.0]]).tolist()
        [0]
        """
        check_is_fitted(self, self._found)
        self._check_known()
        arrays: Arrays = {}
        facts = {
            "kind": type(self).__name__,
            "parameters": _parameters(self, arrays),
            "fitted": {
                name: packed(value, name, arrays) for name, value in self._to_keep().items()
            },
        }
        write_parts(Parts(self._layout, facts, {ARRAYS: arrays}), Path(folder))
        return Path(folder)

    def _check_known(self) -> None:
        """Raise InputError for what kmosaic.load() would not know."""
        from kmosaic.kmeans.table import ESTIMATORS, check_known  # it is built on this class

        check_known(self, ESTIMATORS)

    def _to_keep(self) -> dict[str, Any]:
        """The attributes that are saved, by name."""
        return {name: vars(self)[name] for name in self._fitted if name in vars(self)}

    def _check_loaded(self) -> None:
        """Raise an error if the attributes of a loaded model do not fit together."""
        seen = vars(self)
        names = seen.get("feature_names_in_")
        if names is not None and len(names) != seen["n_features_in_"]:
            raise ValueError("feature_names_in_ has not one name for each column.")


def _parameters(estimator: Any, arrays: Arrays) -> dict[str, Any]:
    given = estimator.get_params(deep=False)
    return {
        name: _parameter(value, name, type(estimator).__name__, arrays)
        for name, value in given.items()
        if name not in _LISTENERS
    }


def _parameter(value: Any, name: str, kind: str, arrays: Arrays) -> Any:
    if callable(value) and value in STARTS.values():
        return {"start": value.__name__}
    if hasattr(value, "__array__") and not isinstance(value, np.generic):
        value = np.asarray(value)
    try:
        return packed(value, name, arrays)
    except InputError as error:
        raise InputError(
            f"{kind} cannot be saved with this {name}: {error} What was found does not depend on "
            f"it any more: give it another value with set_params({name}=...), then save."
        ) from None
