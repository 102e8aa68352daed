"""Make the golden model of the present version of the layout, and what it must say.

Run it once for each new version, never again for an old one: models that people have saved must
be read for ever. `python tests/output/golden/make.py`
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from kmosaic import KMeans
from kmosaic.data import bundled_digits
from kmosaic.features import HOG, Reduced, Straightened
from kmosaic.labels import Assignment, name_by_majority
from kmosaic.output import Model
from kmosaic.output.model import LAYOUT


def main() -> None:
    folder = Path(__file__).with_name(f"version-{LAYOUT.version}")
    items = bundled_digits().take(range(200))
    extractor = Reduced(Straightened(HOG()), n_components=2).fit(items)
    found = KMeans(6, random_state=0).fit(extractor.transform(items))
    owners = np.array([0, 1, 2, 3, 0, 1], np.int32)  # as with prototypes: two centers for some
    assignment = Assignment.of(
        items.ids, extractor.transform(items), found.cluster_centers_, owners
    )
    names = name_by_majority(assignment, items.labels)
    settings = {"seed": 0, "features": "auto", "source": "die Größe"}
    model = Model(extractor, found.cluster_centers_, owners, 4, names, settings)
    model.save(folder / "model")
    answer = model.predict(items.take(range(40)))[0]
    expected = {
        "names": list(names.names),
        "settings": settings,
        "labels": answer.labels.tolist(),
        "distances": [round(float(distance), 5) for distance in answer.distances],
    }
    (folder / "expected.json").write_text(json.dumps(expected) + "\n")


if __name__ == "__main__":
    main()
