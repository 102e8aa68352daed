"""Feature extractors on disk."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.exceptions import NotFittedError

import kmosaic
from kmosaic._errors import ModelError
from kmosaic._store.layout import Parts
from kmosaic._store.model_folder import write_parts
from kmosaic.data import bundled_digits
from kmosaic.features import EXTRACTORS, Combined, Pixels, Reduced, make_extractor
from kmosaic.features.saving import FEATURES, LAYOUT

GOLDEN = Path(__file__).with_name("golden")


@pytest.mark.parametrize("name", [one for one in EXTRACTORS if one not in ("embedding", "onnx")])
def test_saved_features_are_the_same_features(name, tmp_path):
    digits = bundled_digits().take(range(40))
    extractor = make_extractor(name, digits, seed=0).extractor.fit(digits)
    found = kmosaic.load(extractor.save(tmp_path / "f"))
    assert repr(found) == repr(extractor)
    assert_array_equal(found.transform(digits), extractor.transform(digits))


def test_features_of_features_are_saved_as_well(tmp_path, photos):
    extractor = Reduced(Combined([Pixels(size=4), Pixels(size=2)]), n_components=3).fit(photos)
    found = kmosaic.load(extractor.save(tmp_path / "f"))
    assert_array_equal(found.transform(photos), extractor.transform(photos))


def test_features_that_are_not_fitted_cannot_be_saved(tmp_path):
    with pytest.raises(NotFittedError):
        Pixels().save(tmp_path / "f")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "spec",
    [
        {},
        {"kind": "os.system", "params": {}, "learned": {}},
        {"kind": "Pixels", "params": {"evil": 1}, "learned": {}},
        {"kind": "Pixels", "params": [], "learned": None},
    ],
)
def test_what_is_no_description_of_features_is_a_model_error(spec, tmp_path):
    write_parts(Parts(LAYOUT, {"extractor": spec}, {FEATURES: {}}), tmp_path / "f")
    with pytest.raises(ModelError):
        kmosaic.load(tmp_path / "f")


@pytest.mark.parametrize("version", sorted(GOLDEN.glob("version-*")), ids=lambda path: path.name)
def test_features_saved_by_an_earlier_kmosaic_still_give_their_rows(version):
    expected = np.array(json.loads((version / "expected.json").read_text()))
    found = kmosaic.load(version / "features").transform(bundled_digits().take(range(10)))
    assert_allclose(found, expected, atol=1e-4)


def test_there_are_golden_features_of_this_version():
    assert (GOLDEN / f"version-{LAYOUT.version}").is_dir()
