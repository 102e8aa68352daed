"""Estimators that come back: only what holds together, and only from the fixed table."""

from __future__ import annotations

import numpy as np
import pytest
from tests.kmeans import saved

import kmosaic
from kmosaic._errors import ModelError
from kmosaic._store.layout import Parts
from kmosaic._store.model_folder import read_parts, write_parts
from kmosaic.kmeans.savable import ARRAYS, LAYOUT
from kmosaic.kmeans.table import ESTIMATORS


@pytest.fixture
def changed(tmp_path):
    """Save an estimator with other facts and arrays, and honest checksums."""

    def save(name, parameters=None, fitted=None, arrays=None, **facts):
        model = saved.fit(saved.make(name), saved.HOW_GIVEN["frame"](saved.rows()))
        if name == "MiniBatchKMeans":
            model.partial_fit(saved.HOW_GIVEN["frame"](saved.rows()))
        parts = read_parts(model.save(tmp_path / "model"), LAYOUT)
        merged = {
            "kind": name,
            "parameters": without_none(parts.facts["parameters"], parameters),
            "fitted": without_none(parts.facts["fitted"], fitted),
            **facts,
        }
        held = without_none(parts.arrays[ARRAYS], arrays)
        write_parts(Parts(LAYOUT, merged, {ARRAYS: held}), tmp_path / "changed")
        return tmp_path / "changed"

    return save


def without_none(given, change):
    return {name: value for name, value in (given | (change or {})).items() if value is not None}


def test_every_estimator_is_in_the_table():
    public = (getattr(kmosaic.kmeans, name) for name in kmosaic.kmeans.__all__)
    assert {one for one in public if hasattr(one, "get_params")} == set(ESTIMATORS.values())


@pytest.mark.parametrize("name", ESTIMATORS)
def test_honest_parts_are_taken(changed, name):
    assert type(kmosaic.load(changed(name))) is ESTIMATORS[name]


WRONG = {
    "a parameter that is no data": {"parameters": {"init": {"call": "os.system"}}},
    "a start that is not ours": {"parameters": {"init": {"start": "system"}}},
    "a start that is no name": {"parameters": {"init": {"start": ["merged_start"]}}},
    "a parameter from nowhere": {"parameters": {"init": {"array": "nowhere"}}},
    "a parameter that no fit would take": {"parameters": {"missing": ["error", "ignore"]}},
    "no centers": {"fitted": {"cluster_centers_": None}},
    "no width": {"fitted": {"n_features_in_": None}},
    "another width": {"fitted": {"n_features_in_": 5}},
    "a width that is no number": {"fitted": {"n_features_in_": "4"}},
    "a width below zero": {"fitted": {"n_features_in_": -4}},
    "a width that is true": {"fitted": {"n_features_in_": True}},
    "names for fewer columns": {"fitted": {"feature_names_in_": {"texts": ["a"]}}},
    "names that are none": {"fitted": {"feature_names_in_": {"texts": [1, 2, 3, 4]}}},
    "names in a table": {"fitted": {"feature_names_in_": {"texts": [["a"], ["b"]]}}},
    "names as a list": {"fitted": {"feature_names_in_": ["a", "b", "c", "d"]}},
    "a text for a number": {"fitted": {"inertia_": "1.0"}},
    "a number for a text": {"fitted": {"why_": 1}},
    "a history that is none": {"fitted": {"history_": "none"}},
    "a history of texts": {"fitted": {"history_": ["abcdef"]}},
    "a history of other steps": {"fitted": {"history_": [[1, 2]]}},
    "a certificate of texts": {"fitted": {"certificate_": ["a"] * 4}},
    "a short certificate": {"fitted": {"certificate_": [1]}},
    "a certificate that is none": {"fitted": {"certificate_": 1}},
    "no arrays": {"arrays": {"cluster_centers_": None}},
    "centers of whole numbers": {"arrays": {"cluster_centers_": np.zeros((4, 4), np.int64)}},
    "centers that are infinite": {"arrays": {"cluster_centers_": np.full((4, 4), np.inf)}},
    "centers that are no numbers": {"arrays": {"cluster_centers_": np.full((4, 4), np.nan)}},
    "centers in one row": {"arrays": {"cluster_centers_": np.zeros(16)}},
    "centers of other columns": {"arrays": {"cluster_centers_": np.zeros((4, 3))}},
    "centers without rows": {"arrays": {"cluster_centers_": np.zeros((0, 4))}},
    "labels of another type": {"arrays": {"labels_": np.zeros(120, np.int64)}},
}


@pytest.mark.parametrize("change", WRONG.values(), ids=WRONG)
def test_what_does_not_hold_together_is_a_model_error(changed, change):
    with pytest.raises(ModelError, match=r"does not hold together.*Get the model again"):
        kmosaic.load(changed("KMeans", **change))


UNKNOWN = {
    "an unknown kind": {"kind": "os.system"},
    "a kind of scikit-learn": {"kind": "SpectralClustering"},
    "an unknown parameter": {"parameters": {"evil": 1}},
    "an unknown attribute": {"fitted": {"predict": 1}},
    "a private attribute": {"fitted": {"__class__": "str"}},
    "an attribute of another estimator": {"fitted": {"owners_": {"array": "labels_"}}},
}


@pytest.mark.parametrize("change", UNKNOWN.values(), ids=UNKNOWN)
def test_what_only_a_later_kmosaic_may_know_asks_for_an_update(changed, change):
    with pytest.raises(ModelError, match=r"not known here.*pip install --upgrade kmosaic"):
        kmosaic.load(changed("KMeans", **change))


WRONG_OF_ITS_KIND = {
    "weights of fewer centers": ("MiniBatchKMeans", {"arrays": {"_counts": np.ones(3)}}),
    "weights below zero": ("MiniBatchKMeans", {"arrays": {"_counts": -np.ones(4)}}),
    "no weights": ("MiniBatchKMeans", {"fitted": {"_counts": None}}),
    "random numbers that are none": ("MiniBatchKMeans", {"fitted": {"_random_state": 3}}),
    "a short random state": ("MiniBatchKMeans", {"arrays": {"_random_state": np.ones(9, "u4")}}),
    "a tree in circles": ("BisectingKMeans", {"arrays": {"_tree.1": np.zeros((7, 2), "i4")}}),
    "a tree of fewer nodes": ("BisectingKMeans", {"arrays": {"_tree.1": np.zeros((6, 2), "i4")}}),
    "a tree of other types": ("BisectingKMeans", {"arrays": {"_tree.2": np.zeros(7)}}),
    "a tree of other clusters": ("BisectingKMeans", {"arrays": {"_tree.2": np.full(7, 9, "i4")}}),
    "an outlier that is a number": ("TrimmedKMeans", {"arrays": {"outlier_mask_": np.zeros(120)}}),
    "half a tree": ("BisectingKMeans", {"fitted": {"_tree": [{"array": "_tree.0"}]}}),
    "no tree": ("BisectingKMeans", {"fitted": {"_tree": None}}),
    "fewer owners": ("Prototypes", {"arrays": {"owners_": np.zeros(2, np.int32)}}),
    "owners below zero": ("Prototypes", {"arrays": {"owners_": np.full(9, -1, np.int32)}}),
    "prototypes of other columns": ("Prototypes", {"arrays": {"centers_": np.zeros((9, 3))}}),
    "no owners": ("Prototypes", {"fitted": {"owners_": None}}),
}


@pytest.mark.parametrize(("name", "change"), WRONG_OF_ITS_KIND.values(), ids=WRONG_OF_ITS_KIND)
def test_neither_do_parts_that_only_some_estimators_have(changed, name, change):
    with pytest.raises(ModelError, match=r"does not hold together.*Get the model again"):
        kmosaic.load(changed(name, **change))


def test_a_parameter_that_came_later_has_its_default(changed):
    folder = changed("KMeans", parameters={"memory_limit": None, "tol": None})
    assert kmosaic.load(folder).tol == kmosaic.KMeans().tol
