"""Segments that an earlier kmosaic saved are found for ever."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import pytest
from numpy.testing import assert_allclose

from kmosaic.output.segment_model import LAYOUT
from kmosaic.tasks import predict_segments

GOLDEN = Path(__file__).with_name("golden")


def data():
    """The rows that the golden segments were made of."""
    spec = importlib.util.spec_from_file_location("make_segments", GOLDEN / "make.py")
    make = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(make)
    return make.data()


@pytest.mark.parametrize("folder", sorted(GOLDEN.glob("version-*")), ids=lambda path: path.name)
def test_saved_segments_still_give_their_answers(folder):
    expected = json.loads((folder / "expected.json").read_text())
    found = predict_segments(folder / "segments", data())
    assert found.labels.tolist() == expected["labels"]
    assert_allclose(found.distances, expected["distances"], atol=1e-4)
    assert list(found.model.names) == expected["names"]
    assert list(found.model.features.names) == expected["columns"]


def test_there_are_golden_segments_of_this_version():
    assert (GOLDEN / f"version-{LAYOUT.version}").is_dir()
