"""Detectors that an earlier kmosaic saved give their answers for ever."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import pytest
from numpy.testing import assert_allclose

import kmosaic
from kmosaic.outliers.saving import LAYOUT

GOLDEN = Path(__file__).with_name("golden")


def data():
    """The rows that the golden detectors were made of."""
    spec = importlib.util.spec_from_file_location("make_detectors", GOLDEN / "make.py")
    make = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(make)
    return make.data()


@pytest.mark.parametrize("folder", sorted(GOLDEN.glob("version-*")), ids=lambda path: path.name)
def test_a_saved_detector_still_gives_its_answers(folder):
    expected = json.loads((folder / "expected.json").read_text())
    X, detector = data(), kmosaic.load(folder / "detector")
    assert_allclose(-detector.score_samples(X), expected["scores"], atol=1e-8)
    assert detector.predict(X).tolist() == expected["labels"]
    assert_allclose(detector.anomaly_probability(X), expected["probabilities"], atol=1e-8)
    reasons = detector.explain(X.iloc[:5])
    assert_allclose(reasons.contributions, expected["contributions"], atol=1e-8)
    assert list(detector.n_clusters) == expected["n_clusters"]
    assert detector.feature_names_in_.tolist() == expected["feature_names"]


def test_there_is_a_golden_detector_of_this_version():
    assert (GOLDEN / f"version-{LAYOUT.version}").is_dir()
