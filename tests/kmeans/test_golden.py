"""Models that an earlier kmosaic saved give their answers for ever."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import pytest
from numpy.testing import assert_allclose, assert_array_equal

import kmosaic
from kmosaic.kmeans.savable import LAYOUT
from kmosaic.kmeans.table import ESTIMATORS

GOLDEN = Path(__file__).with_name("golden")
SAVED = sorted(path.parent for path in GOLDEN.glob("version-*/*/model"))


def made_of():
    """The rows that the golden models were made of."""
    spec = importlib.util.spec_from_file_location("make", GOLDEN / "make.py")
    make = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(make)
    return make.data()


@pytest.mark.parametrize("folder", SAVED, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_a_saved_estimator_still_gives_its_answers(folder):
    expected = json.loads((folder / "expected.json").read_text())
    X, model = made_of(), kmosaic.load(folder / "model")
    assert type(model) is ESTIMATORS[folder.name]
    assert model.predict(X).tolist() == expected["labels"]
    assert model.feature_names_in_.tolist() == expected["feature_names"]
    assert model.get_params().get("n_clusters") == expected["n_clusters"]
    if "distances" in expected:
        assert_allclose(model.transform(X), expected["distances"], atol=1e-5)
        assert_array_equal(model.labels_, expected["labels"])
    if "after_partial_fit" in expected:
        after = model.partial_fit(X).cluster_centers_
        assert_allclose(after, expected["after_partial_fit"], rtol=1e-12)


@pytest.mark.parametrize("name", ESTIMATORS)
def test_there_is_a_golden_model_of_every_estimator(name):
    assert GOLDEN / f"version-{LAYOUT.version}" / name in SAVED


def test_golden_models_are_small():
    assert all(file.stat().st_size < 8_000 for file in GOLDEN.rglob("*") if file.is_file())
