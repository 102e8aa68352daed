"""A finished grouping that classifies new images."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from kmosaic._errors import InputError, ModelError
from kmosaic._store.layout import Parts
from kmosaic._store.model_folder import read_parts, write_parts
from kmosaic.data import as_items, bundled_digits, open_images
from kmosaic.features import EXTRACTORS, Pixels, Reduced, make_extractor
from kmosaic.labels import Names
from kmosaic.output import Model, load_model
from kmosaic.output.model import CENTERS, FEATURES, LAYOUT

GOLDEN = Path(__file__).with_name("golden")


@pytest.fixture(scope="module")
def digits():
    return bundled_digits().take(range(120))


@pytest.fixture(scope="module")
def model(digits):
    extractor = Reduced(Pixels(), n_components=6).fit(digits)
    centers = extractor.transform(digits)[[0, 1, 2, 10, 11]]  # two zeros, two ones, a two
    owners = np.array([0, 1, 2, 0, 1], np.int32)
    names = Names.given({0: "zero", 1: "one"}, 3, "labels")
    return Model(extractor, centers, owners, 3, names, {"seed": 0, "features": "pixels"})


@pytest.fixture
def changed(model, tmp_path):
    """Save the model with other facts or arrays, and honest checksums."""

    def save(facts=None, centers=None, features=None):
        folder = tmp_path / "changed"
        parts = read_parts(model.save(tmp_path / "model"), LAYOUT)
        arrays = {
            CENTERS: parts.arrays[CENTERS] | (centers or {}),
            FEATURES: parts.arrays[FEATURES] | (features or {}),
        }
        write_parts(Parts(LAYOUT, parts.facts | (facts or {}), arrays), folder)
        return folder

    return save


def test_a_model_gives_each_image_the_cluster_of_its_nearest_center(model, digits):
    assignment, skipped = model.predict(digits)
    gaps = model.extractor.transform(digits)[:, None].astype(float) - model.centers[None]
    assert_array_equal(assignment.labels, model.owners[(gaps**2).sum(axis=2).argmin(axis=1)])
    assert assignment.ids == list(digits.ids)
    assert assignment.n_clusters == 3
    assert skipped == ()


def test_a_saved_model_is_the_same_model(model, digits, tmp_path):
    found = load_model(model.save(tmp_path / "model"))
    for ours, theirs in zip(model.predict(digits), found.predict(digits), strict=True):
        if ours:
            assert_array_equal(ours.labels, theirs.labels)
            assert_array_equal(ours.distances, theirs.distances)
            assert_array_equal(ours.margins, theirs.margins)
    assert found.names == model.names
    assert found.settings == model.settings
    assert found.centers.dtype == model.centers.dtype
    assert found.n_clusters == model.n_clusters


NEEDS_NO_FILE = [name for name in EXTRACTORS if name not in ("embedding", "onnx")]


@pytest.mark.parametrize("name", ["auto", *NEEDS_NO_FILE])
def test_a_model_of_every_kind_of_features_can_be_saved(name, digits, tmp_path):
    few = digits.take(range(40))
    extractor = make_extractor(name, few, seed=0).extractor.fit(few)
    centers = extractor.transform(few)[:3]
    model = Model(extractor, centers, np.arange(3, dtype=np.int32), 3, Names.numbered(3))
    found = load_model(model.save(tmp_path / "model"))
    assert_array_equal(found.predict(few)[0].distances, model.predict(few)[0].distances)


def test_centers_in_float64_stay_so(model, tmp_path):
    precise = replace(model, centers=model.centers.astype(np.float64))
    assert load_model(precise.save(tmp_path / "model")).centers.dtype == np.float64


def test_images_of_other_sizes_are_classified_too(model):
    images = as_items([np.zeros((20, 30), np.uint8), np.zeros((5, 5, 3), np.uint8)])
    assert len(model.predict(images)[0]) == 2


def test_what_cannot_be_read_is_skipped_with_its_reason(model, folder_items, tmp_path):
    folder_items(["a.png", "b.png", "c.png"])
    (tmp_path / "source" / "b.png").write_bytes(b"not an image")
    assignment, skipped = model.predict(open_images(tmp_path / "source"))
    assert list(assignment.ids) == ["a.png", "c.png"]
    assert [one.id for one in skipped] == ["b.png"]
    assert skipped[0].reason


def test_nothing_readable_is_an_error(model, folder_items, tmp_path):
    folder_items(["a.png"])
    (tmp_path / "source" / "a.png").write_bytes(b"not an image")
    with pytest.raises(InputError, match="can be read"):
        model.predict(open_images(tmp_path / "source"))


def test_progress_is_told(model, digits):
    told = []
    model.predict(digits, on_progress=told.append)
    assert told[-1].fraction == 1.0


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"centers": np.full((5, 6), np.nan, np.float32)}, "NaN or infinity"),
        ({"centers": np.full((5, 6), np.inf, np.float32)}, "NaN or infinity"),
        ({"centers": np.zeros((5, 6), np.int64)}, "float32 or float64"),
        ({"centers": np.zeros(5, np.float32)}, "of shape"),
        ({"centers": np.zeros((0, 6), np.float32)}, "of shape"),
        ({"centers": np.zeros((4, 6), np.float32)}, "owners must be 4 int32"),
        ({"owners": np.zeros(5, np.int64)}, "owners must be 5 int32"),
        ({"owners": np.array([0, 1, 2, 3, 0], np.int32)}, "lie in 0"),
        ({"owners": np.array([0, 1, 2, -1, 0], np.int32)}, "lie in 0"),
    ],
)
def test_arrays_that_do_not_fit_are_refused_both_ways(model, changed, change, message):
    with pytest.raises(InputError, match=message):
        replace(model, **change)
    with pytest.raises(ModelError, match=f"does not hold together.*{message}"):
        load_model(changed(centers=change))


@pytest.mark.parametrize(
    "facts",
    [
        {"n_clusters": 2},
        {"n_clusters": 10**12},
        {"n_clusters": -1},
        {"names": {"names": ["a"], "source": "labels", "named": [True]}},
        {"names": {"names": ["a", "", "c"], "source": "labels", "named": [True] * 3}},
        {"names": {"names": ["a", "b", "c"], "source": "guess", "named": [True] * 3}},
        {"names": {"names": ["a", "b", "c"]}},
        {"names": {"names": 3, "source": "labels", "named": []}},
        {"extractor": {}},
        {"extractor": {"kind": "os.system", "params": {"command": "true"}, "learned": {}}},
        {"extractor": {"kind": ["Pixels"], "params": {}, "learned": {}}},
        {"extractor": {"kind": "Pixels", "params": {"evil": 1}, "learned": {}}},
        {"extractor": {"kind": "Pixels", "params": [], "learned": None}},
    ],
)
def test_a_model_that_does_not_hold_together_is_refused(changed, facts):
    with pytest.raises(ModelError):
        load_model(changed(facts=facts))


def test_arrays_that_are_missing_are_told(model, tmp_path):
    parts = read_parts(model.save(tmp_path / "model"), LAYOUT)
    for name in (CENTERS, FEATURES):
        write_parts(Parts(LAYOUT, parts.facts, parts.arrays | {name: {}}), tmp_path / "less")
        with pytest.raises(ModelError):
            load_model(tmp_path / "less")


def test_centers_of_other_features_are_an_error_when_predicting(model, digits):
    other = replace(model, extractor=Pixels().fit(digits))
    with pytest.raises(InputError, match="X has 64 columns and the centers have 6"):
        other.predict(digits)


def test_a_model_that_is_not_there_is_told(tmp_path):
    with pytest.raises(ModelError, match="no model folder"):
        load_model(tmp_path / "none")


@pytest.mark.parametrize("version", sorted(GOLDEN.glob("version-*")), ids=lambda path: path.name)
def test_a_model_saved_by_an_earlier_kmosaic_still_gives_its_answers(version):
    expected = json.loads((version / "expected.json").read_text())
    model = load_model(version / "model")
    answer = model.predict(bundled_digits().take(range(40)))[0]
    assert list(model.names.names) == expected["names"]
    assert model.settings == expected["settings"]
    assert answer.labels.tolist() == expected["labels"]
    assert_allclose(answer.distances, expected["distances"], rtol=1e-3, atol=1e-3)


def test_there_is_a_golden_model_of_this_version():
    assert (GOLDEN / f"version-{LAYOUT.version}").is_dir()
