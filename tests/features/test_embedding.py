"""Vectors made elsewhere."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from kmosaic._errors import InputError
from kmosaic.data import open_images
from kmosaic.features import Embedding, Reduced, extract


@pytest.fixture
def vectors() -> np.ndarray:
    return np.random.default_rng(0).normal(size=(4, 3))


def saved(folder: Path, vectors: np.ndarray) -> str:
    np.save(folder / "vectors.npy", vectors)
    return str(folder / "vectors.npy")


def test_each_item_gets_its_row(tmp_path, vectors, photos):
    X = Embedding(saved(tmp_path, vectors)).fit_transform(photos[:4])
    assert_array_equal(X, vectors.astype(np.float32))


def test_the_row_of_an_unreadable_image_is_left_out(tmp_path, vectors, make_images):
    folder = make_images(["1.png", "2.png", "3.png", "4.png"])
    Path(folder, "2.png").write_bytes(b"broken")
    items = open_images(folder)
    extracted = extract(Embedding(saved(tmp_path, vectors)).fit(items), items)
    assert_array_equal(extracted.X, vectors[[0, 2, 3]].astype(np.float32))


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


def test_a_file_that_changed_its_width_is_refused(tmp_path, vectors, photos):
    path = saved(tmp_path, vectors)
    again, arrays = Embedding(path).fit(photos[:4]).to_spec()
    saved(tmp_path, vectors[:, :2])
    from kmosaic.features import from_spec

    with pytest.raises(InputError, match="2 columns now, and had 3"):
        from_spec(again, arrays).transform(photos[:4])


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_a_number_that_is_not_finite_is_named_by_row_and_column(tmp_path, vectors, photos, bad):
    vectors[2, 1] = bad
    with pytest.raises(InputError, match="row 2, column 1"):
        Embedding(saved(tmp_path, vectors)).fit(photos[:4])


def test_a_missing_file_is_named(photos, tmp_path):
    with pytest.raises(InputError, match=r"nowhere\.npy"):
        Embedding(str(tmp_path / "nowhere.npy")).fit(photos)
