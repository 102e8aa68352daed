"""Make the golden segments of the present version of the layout, and what they must say.

Run it once for each new version, never again for an old one: models that people have saved must
be read for ever. `python tests/tasks/golden/make.py`
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from kmosaic.output.segment_model import LAYOUT
from kmosaic.tasks import predict_segments, segment


def main() -> None:
    folder = Path(__file__).with_name(f"version-{LAYOUT.version}")
    found = segment(data(), 3, tails="quantile")
    model = found.model.save(folder / "segments")
    again = predict_segments(model, data())
    expected = {
        "names": list(again.model.names),
        "labels": again.labels.tolist(),
        "distances": again.distances.round(5).tolist(),
        "columns": list(again.model.features.names),
    }
    (folder / "expected.json").write_text(json.dumps(expected) + "\n")


def data() -> dict[str, Any]:
    """60 rows of numbers and words; the same for ever."""
    numbers = (np.arange(120.0).reshape(60, 2) * 7) % 23
    words = np.array(["Rom", "Köln", "Oslo"])[np.arange(60) % 3]
    return {"Größe": numbers[:, 0], "spent": np.exp(numbers[:, 1] / 4), "city": words}


if __name__ == "__main__":
    main()
