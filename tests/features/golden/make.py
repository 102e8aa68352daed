"""Make the golden features of the present version of the layout, and the rows they must give.

Run it once for each new version, never again for an old one: what people have saved must be read
for ever. `python tests/features/golden/make.py`
"""

from __future__ import annotations

import json
from pathlib import Path

from kmosaic.data import bundled_digits
from kmosaic.features import Pixels, Reduced
from kmosaic.features.saving import LAYOUT


def main() -> None:
    folder = Path(__file__).with_name(f"version-{LAYOUT.version}")
    digits = bundled_digits().take(range(100))
    extractor = Reduced(Pixels(), n_components=3, whiten=0.5).fit(digits)
    extractor.save(folder / "features")
    rows = extractor.transform(digits.take(range(10)))
    (folder / "expected.json").write_text(json.dumps(rows.round(5).tolist()) + "\n")


if __name__ == "__main__":
    main()
