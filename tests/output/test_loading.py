"""One door for all that was saved."""

from __future__ import annotations

import numpy as np
import pytest

import kmosaic
from kmosaic import KMeans
from kmosaic._errors import ModelError
from kmosaic.data import bundled_digits
from kmosaic.features import Pixels
from kmosaic.labels import Names
from kmosaic.output import Model, load, load_model


@pytest.fixture
def digits():
    return bundled_digits().take(range(30))


@pytest.fixture
def saved(digits, tmp_path):
    """A folder of each kind, by what comes out of it."""
    pixels = Pixels().fit(digits)
    centers = pixels.transform(digits)[:2]
    model = Model(pixels, centers, np.arange(2, dtype=np.int32), 2, Names.numbered(2))
    kmeans = KMeans(2, random_state=0).fit(centers)
    return {
        Model: model.save(tmp_path / "images"),
        KMeans: kmeans.save(tmp_path / "kmeans"),
        Pixels: pixels.save(tmp_path / "pixels"),
    }


@pytest.mark.parametrize("kind", [Model, KMeans, Pixels])
def test_whatever_was_saved_comes_back(saved, kind):
    assert type(load(saved[kind])) is kind
    assert type(load(str(saved[kind]))) is kind


def test_an_image_model_is_that_of_load_model(saved, digits):
    one, other = load(saved[Model]), load_model(saved[Model])
    assert one.predict(digits)[0].labels.tolist() == other.predict(digits)[0].labels.tolist()
    assert one.names == other.names


@pytest.mark.parametrize("kind", [KMeans, Pixels])
def test_load_model_says_who_opens_what_is_no_image_model(saved, kind):
    with pytest.raises(ModelError, match=r"not a 'kmosaic model'. kmosaic.load opens it"):
        load_model(saved[kind])


@pytest.mark.parametrize("kind", [Model, KMeans, Pixels])
@pytest.mark.parametrize("damage", ["cut", "gone"])
def test_damage_to_any_file_is_a_model_error_with_the_cure(saved, kind, damage):
    folder = saved[kind]
    for path in [path for path in folder.iterdir() if path.name != ".kmosaic"]:
        content = path.read_bytes()
        path.unlink()
        if damage == "cut":
            path.write_bytes(content[:-1] if path.suffix != ".json" else content[:-9])
        with pytest.raises(ModelError, match="Get the model again"):
            load(folder)
        path.write_bytes(content)
    load(folder)


@pytest.mark.parametrize("kind", [Model, KMeans, Pixels])
def test_a_later_version_asks_for_an_update(saved, kind):
    card = saved[kind] / "model.json"
    card.write_text(card.read_text().replace('"version": 1', '"version": 2'))
    with pytest.raises(ModelError, match="pip install --upgrade kmosaic"):
        load(saved[kind])


def test_a_kind_that_came_later_asks_for_an_update(saved):
    card = saved[KMeans] / "model.json"
    card.write_text(card.read_text().replace("kmosaic estimator", "kmosaic pipeline"))
    with pytest.raises(ModelError, match="pip install --upgrade kmosaic"):
        load(saved[KMeans])


def test_nothing_there_is_told(tmp_path):
    with pytest.raises(ModelError, match="no model folder"):
        kmosaic.load(tmp_path / "none")
    with pytest.raises(ModelError, match=r"model\.json is missing"):
        kmosaic.load(tmp_path)
