"""Extractors as plain data."""

from __future__ import annotations

import copy

import numpy as np
import pytest

from kmosaic._errors import ModelError
from kmosaic.features import HOG, Color, Combined, Pixels, Reduced, Straightened, from_spec
from kmosaic.features.spec import settings


@pytest.fixture
def described(signs):
    nested = Combined((Reduced(Straightened(HOG()), 3), Color()), weights=(1.0, 0.5))
    return nested.fit(signs).to_spec()


def test_nested_extractors_come_back(described, signs):
    spec, arrays = described
    again = from_spec(spec, arrays)
    assert isinstance(again.extractors_[0].extractor_.extractor_, HOG)
    assert again.extractors_[0].extractor_.size_ == (28, 28)
    assert again.transform(signs).shape[0] == len(signs)


def test_all_arrays_are_named_in_the_spec(described):
    _, arrays = described
    assert set(arrays) == {"extractors_.0.mean_", "extractors_.0.components_"}
    assert all(isinstance(array, np.ndarray) for array in arrays.values())


DAMAGES = {
    "another kind": lambda spec: spec.update(kind="Popen"),
    "no kind": lambda spec: spec.pop("kind"),
    "another setting": lambda spec: spec["params"].update(command="rm"),
    "a setting too few": lambda spec: spec["params"].pop("extractors"),
    "another name learned": lambda spec: spec["learned"].update(transform="x"),
    "a private name learned": lambda spec: spec["learned"].update(__class__="x"),
    "a name of two underscores": lambda spec: spec["learned"].update(__dict__={}),
    "settings that are none": lambda spec: spec.update(params=3),
    "nested kind unknown": lambda spec: spec["params"]["extractors"][0]["extractor"].update(kind=7),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_spec_is_an_error_and_makes_nothing(described, damage):
    spec, arrays = copy.deepcopy(described)
    DAMAGES[damage](spec)
    with pytest.raises(ModelError, match="damaged"):
        from_spec(spec, arrays)


def test_a_setting_that_came_later_has_its_default(signs):
    spec, arrays = Straightened(HOG()).fit(signs).to_spec()
    del spec["params"]["same_size"]
    assert from_spec(spec, arrays).same_size is False


def test_a_missing_array_is_an_error(described):
    spec, arrays = described
    with pytest.raises(ModelError, match="damaged"):
        from_spec(spec, {})
    assert arrays


def test_settings_tell_extractors_apart():
    assert settings(Reduced(Pixels(), 3)) == settings(Reduced(Pixels(), 3))
    assert settings(Reduced(Pixels(), 3)) != settings(Reduced(Pixels(8), 3))
    assert settings(Reduced(Pixels(), 3)) != settings(Reduced(Pixels(), 3, whiten=1.0))
    assert settings(Straightened(Pixels())) != settings(Pixels())
