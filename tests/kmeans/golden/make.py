"""Make a golden model of each estimator in the present version of the layout, and its answers.

Run it once for each new version or estimator, never again for one that is there: models that people
have saved must be read for ever. `python tests/kmeans/golden/make.py`
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from kmosaic.kmeans import Prototypes, merged_start
from kmosaic.kmeans.savable import LAYOUT
from kmosaic.kmeans.table import ESTIMATORS

# What is not plain in some parameter, so that every way of keeping one is in a golden model.
SPECIAL: dict[str, dict[str, Any]] = {
    "KMeans": {"init": merged_start, "n_init": 2},
    "MiniBatchKMeans": {"init": np.arange(6.0).reshape(3, 2), "n_init": 1, "tol": np.float64(0.5)},
    "BisectingKMeans": {"random_state": np.random.RandomState(5)},
}


def main() -> None:
    X = data()
    for name in ESTIMATORS:
        folder = Path(__file__).with_name(f"version-{LAYOUT.version}") / name
        if folder.exists():
            continue
        model = fitted(name, X)
        model.save(folder / "model")
        expected = {
            "labels": model.predict(X).tolist(),
            "n_clusters": model.get_params().get("n_clusters"),
            "feature_names": model.feature_names_in_.tolist(),
        }
        if hasattr(model, "transform"):
            expected["distances"] = model.transform(X).round(6).tolist()
        if hasattr(model, "partial_fit"):
            expected["after_partial_fit"] = model.partial_fit(X).cluster_centers_.tolist()
        (folder / "expected.json").write_text(json.dumps(expected) + "\n")


def data() -> pd.DataFrame:
    """20 rows of two named columns; whole numbers, so that they are the same for ever."""
    numbers = np.arange(40.0).reshape(20, 2)
    return pd.DataFrame((numbers * 7) % 23, columns=["Größe", "weight"])


def fitted(name: str, X: Any) -> Any:
    if ESTIMATORS[name] is Prototypes:
        return Prototypes(n_prototypes=5).fit(X, np.arange(20) % 2)
    settings = {"n_clusters": 3, "random_state": 0, **SPECIAL.get(name, {})}
    model: Any = ESTIMATORS[name](**settings)
    return model.partial_fit(X) if hasattr(model, "partial_fit") else model.fit(X)


if __name__ == "__main__":
    main()
