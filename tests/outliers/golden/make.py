"""Make the golden detector of the present version of the layout, and what it must say.

Run it once for each new version, never again for an old one: detectors that people have saved must
be read for ever. `python tests/outliers/golden/make.py`
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd

from kmosaic import AnomalyDetector
from kmosaic.outliers.saving import LAYOUT


def main() -> None:
    folder = Path(__file__).with_name(f"version-{LAYOUT.version}")
    X = data()
    detector = AnomalyDetector((1, 2), contamination=0.01, random_state=0).fit(X)
    detector.save(folder / "detector")
    expected = {
        "scores": (-detector.score_samples(X)).round(9).tolist(),
        "labels": detector.predict(X).tolist(),
        "probabilities": detector.anomaly_probability(X).round(9).tolist(),
        "contributions": detector.explain(X.iloc[:5]).contributions.round(9).tolist(),
        "n_clusters": list(detector.n_clusters),
        "feature_names": detector.feature_names_in_.tolist(),
    }
    (folder / "expected.json").write_text(json.dumps(expected) + "\n")


def data() -> pd.DataFrame:
    """60 rows of two named columns, the first one odd; the same for ever."""
    numbers = (np.arange(120.0).reshape(60, 2) * 7) % 23
    numbers[0] = 90, -40
    return pd.DataFrame(numbers, columns=["Größe", "weight"])


if __name__ == "__main__":
    main()
