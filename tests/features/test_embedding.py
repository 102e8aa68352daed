"""Vectors made elsewhere."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from kmosaic._errors import InputError, ModelError
from kmosaic.data import open_images
from kmosaic.features import Embedding, Reduced, extract, from_spec


@pytest.fixture
def vectors() -> np.ndarray:
    return np.random.default_rng(0).normal(size=(4, 3))


def saved(folder: Path, vectors: np.ndarray) -> str:
    np.save(folder / "vectors.npy", vectors)
    return str(folder / "vectors.npy")


def test_each_item_gets_its_row(tmp_path, vectors, photos):
    X = Embedding(saved(tmp_path, vectors)).fit_transform(photos[:4])
    assert_array_equal(X, vectors)


def test_the_row_of_an_unreadable_image_is_left_out(tmp_path, vectors, make_images):
    folder = make_images(["1.png", "2.png", "3.png", "4.png"])
    Path(folder, "2.png").write_bytes(b"broken")
    items = open_images(folder)
    extracted = extract(Embedding(saved(tmp_path, vectors)).fit(items), items)
    assert_array_equal(extracted.X, vectors[[0, 2, 3]])


def test_a_reduced_embedding_learns_from_its_own_rows(tmp_path, vectors, photos):
    X = Reduced(Embedding(saved(tmp_path, vectors)), 3).fit_transform(photos[:4])
    centered = vectors - vectors.mean(axis=0)
    assert_array_equal((X @ X.T).round(4), (centered @ centered.T).round(4).astype(np.float32))


def test_another_number_of_rows_is_refused_with_both_numbers(tmp_path, vectors, photos):
    with pytest.raises(InputError, match=r"4 rows, and there are 5 items"):
        Embedding(saved(tmp_path, vectors)).fit(photos[:5])


def test_rows_are_counted_again_for_new_items(tmp_path, vectors, photos):
    fitted = Embedding(saved(tmp_path, vectors)).fit(photos[:4])
    with pytest.raises(InputError, match="one row for each, in the same order"):
        fitted.transform(photos[:2])


def test_the_vectors_of_some_items_are_never_taken_for_those_of_others(tmp_path, vectors, photos):
    fitted = Embedding(saved(tmp_path, vectors)).fit(photos[:4])
    again = from_spec(*fitted.to_spec())
    assert_array_equal(again.transform(photos[:4]), vectors)
    with pytest.raises(InputError, match="belong to other items"):
        again.transform(photos[1:5])


def test_a_file_that_changed_since_is_refused(tmp_path, vectors, photos):
    path = saved(tmp_path, vectors)
    spec, arrays = Embedding(path).fit(photos[:4]).to_spec()
    saved(tmp_path, vectors[::-1])
    with pytest.raises(ModelError, match="not the file that these features were made with"):
        from_spec(spec, arrays).transform(photos[:4])


def test_a_file_that_changed_is_read_when_fitted_again(tmp_path, vectors, photos):
    extractor = Embedding(saved(tmp_path, vectors)).fit(photos[:4])
    saved(tmp_path, vectors[::-1])
    assert_array_equal(extractor.fit_transform(photos[:4]), vectors[::-1])


def another_file(spec, folder):
    spec["params"]["path"] = str(folder / "secret.npy")


def a_folder(spec, folder):
    spec["params"]["path"] = str(folder)


def no_path(spec, folder):
    spec["params"]["path"] = 7


def a_device(spec, folder):
    spec["params"]["path"] = os.devnull


def no_seal(spec, folder):
    another_file(spec, folder)
    del spec["learned"]["sha256_"], spec["learned"]["n_bytes_"]


@pytest.mark.parametrize("change", [another_file, a_folder, no_path, a_device, no_seal])
def test_a_model_cannot_make_us_read_a_file_of_its_choice(tmp_path, vectors, photos, change):
    spec, arrays = Embedding(saved(tmp_path, vectors)).fit(photos[:4]).to_spec()
    np.save(tmp_path / "secret.npy", vectors + 1)
    change(spec, tmp_path)
    with pytest.raises(InputError, match=r"not the file|is not a file|cannot be read"):
        from_spec(spec, arrays).transform(photos[:4])


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_a_number_that_is_not_finite_is_named_by_row_and_column(tmp_path, vectors, photos, bad):
    vectors[2, 1] = bad
    with pytest.raises(InputError, match="row 2, column 1"):
        Embedding(saved(tmp_path, vectors)).fit(photos[:4])


def test_a_missing_file_is_named(photos, tmp_path):
    with pytest.raises(InputError, match=r"nowhere\.npy"):
        Embedding(str(tmp_path / "nowhere.npy")).fit(photos)
