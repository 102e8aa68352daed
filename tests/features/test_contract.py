"""What all features promise, held against every entry of the tables."""

from __future__ import annotations

import json
import pickle
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_array_equal
from sklearn.base import clone
from sklearn.exceptions import NotFittedError

from kmosaic._errors import InputError
from kmosaic.data import open_images
from kmosaic.data.items import Batch
from kmosaic.features import EXTRACTORS, extract, from_spec
from kmosaic.features.table import STEPS

IMAGES = [*EXTRACTORS, *(name for name in STEPS if name != "columns")]


@pytest.fixture(params=IMAGES)
def name(request):
    return request.param


def test_there_is_a_finite_row_for_each_image(name, make, photos):
    X = make(name, len(photos)).fit_transform(photos)
    assert X.dtype == (np.float64 if name == "embedding" else np.float32)  # as its file has it
    assert len(X) == len(photos)
    assert np.isfinite(X).all()


def test_each_column_has_a_name(name, make, photos):
    extractor = make(name, len(photos)).fit(photos)
    names = extractor.get_feature_names_out()
    assert len(set(names)) == extractor.transform(photos).shape[1]


def test_images_of_any_size_and_mode_are_taken(name, make, mixed):
    X = make(name, len(mixed)).fit_transform(mixed)
    assert len(X) == len(mixed)
    assert np.isfinite(X).all()


def test_a_single_image_of_one_pixel_is_taken(name, make):
    X = make(name, 1).fit_transform([np.full((1, 1), 9, np.uint8)])
    assert X.shape[0] == 1
    assert np.isfinite(X).all()


def test_equal_images_are_taken(name, make):
    X = make(name, 5).fit_transform(np.full((5, 12, 12, 3), 80, np.uint8))
    assert len(X) == 5
    assert np.isfinite(X).all()


def test_the_same_images_give_the_same_bits(name, make, photos):
    first, second = make(name, len(photos)), make(name, len(photos))
    assert_array_equal(first.fit_transform(photos), second.fit_transform(photos))


def test_rows_do_not_depend_on_the_block_they_fall_into(name, make, mixed):
    extractor = make(name, len(mixed)).fit(mixed)
    whole = extractor.rows_of(Batch(np.arange(len(mixed)), mixed))
    for size in (1, 3):
        parts = [
            extractor.rows_of(Batch(np.arange(len(mixed))[at : at + size], mixed[at : at + size]))
            for at in range(0, len(mixed), size)
        ]
        assert_array_equal(np.concatenate(parts), whole)


def test_rows_do_not_depend_on_the_number_of_threads(name, make, photos, monkeypatch):
    found = []
    for threads in ("1", "3"):
        monkeypatch.setenv("KMOSAIC_NUM_THREADS", threads)
        found.append(make(name, len(photos)).fit_transform(photos))
    assert_array_equal(*found)


def test_a_spec_through_json_gives_the_same_bits(name, make, mixed):
    fitted = make(name, len(mixed)).fit(mixed)
    spec, arrays = fitted.to_spec()
    again = from_spec(json.loads(json.dumps(spec)), arrays)
    assert repr(again) == repr(fitted)
    assert_array_equal(again.transform(mixed), fitted.transform(mixed))
    assert again.to_spec()[0] == spec


def test_a_pickled_copy_gives_the_same_bits(name, make, photos):
    fitted = make(name, len(photos)).fit(photos)
    again = pickle.loads(pickle.dumps(fitted))
    assert_array_equal(again.transform(photos), fitted.transform(photos))


def test_a_clone_has_the_settings_and_nothing_learned(name, make, photos):
    fitted = make(name, len(photos)).fit(photos)
    copy = clone(fitted)
    assert repr(copy) == repr(fitted)
    with pytest.raises(NotFittedError):
        extract(copy, photos)


def test_settings_are_stored_as_they_are_given(name, make):
    extractor = make(name, 1)
    assert set(vars(extractor)) == set(extractor.get_params(deep=False))


def test_the_given_images_stay_as_they_are(name, make, mixed):
    before = [image.copy() for image in mixed]
    make(name, len(mixed)).fit_transform(mixed)
    for image, copy in zip(mixed, before, strict=True):
        assert_array_equal(image, copy)


def test_an_unreadable_image_is_skipped_with_its_reason(name, make, make_images):
    folder = make_images(["1.png", "2.png", "3.png"])
    Path(folder, "2.png").write_bytes(b"no image")
    items = open_images(folder)
    extractor = make(name, 3).fit(items)
    extracted = extract(extractor, items)
    assert extracted.index.tolist() == [0, 2]
    assert [one.id for one in extracted.skipped] == ["2.png"]
    assert extracted.skipped[0].reason
    assert len(extracted.X) == 2
    with pytest.raises(InputError, match=r"2\.png"):
        extractor.transform(items)


def test_vectors_are_refused(name, make):
    if name == "embedding":
        pytest.skip("an embedding is vectors itself")
    with pytest.raises(InputError, match="vectors"):
        make(name, 3).fit_transform(np.array([[0.5, -1.0], [2.0, 3.0], [4.0, 5.0]]))
