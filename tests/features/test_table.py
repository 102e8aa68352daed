"""All extractors by name."""

from __future__ import annotations

from kmosaic.features import EXTRACTORS
from kmosaic.features.table import STEPS


def test_what_can_be_asked_for_by_name():
    assert list(EXTRACTORS) == ["pixels", "hog", "color", "patches", "embedding", "onnx"]


def test_every_class_has_one_name():
    kinds = [*EXTRACTORS.values(), *STEPS.values()]
    assert len(kinds) == len(set(kinds)) == len({kind.__name__ for kind in kinds})
