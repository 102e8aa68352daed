"""Features of all items, block by block."""

from __future__ import annotations

import zipfile
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_array_equal
from sklearn.exceptions import NotFittedError

from kmosaic._errors import InputError
from kmosaic.data import as_items, open_images
from kmosaic.features import Pixels, extract, room
from kmosaic.features.extract import extract_at


@pytest.fixture
def numbered() -> np.ndarray:
    """A thousand images, each of one level or two."""
    images = np.zeros((1000, 4, 4), np.uint8)
    images[:, 0, 0] = np.arange(1000) % 256
    images[:, 1, 1] = np.arange(1000) // 4
    return images


def test_rows_come_in_the_order_of_the_items(numbered):
    X = extract(Pixels().fit(numbered), numbered).X
    assert_array_equal(X, numbered.reshape(1000, -1).astype(np.float32) / np.float32(255))


def test_some_positions_give_their_rows(numbered):
    items = as_items(numbered)
    extractor = Pixels().fit(items)
    chosen = np.array([3, 500, 999])
    extracted = extract_at(extractor, items, chosen)
    assert_array_equal(extracted.index, chosen)
    assert_array_equal(extracted.X, extract(extractor, items).X[chosen])


def test_progress_begins_at_none_and_ends_at_all(numbered):
    seen = []
    extract(Pixels().fit(numbered), numbered, on_progress=seen.append)
    done = [event.done for event in seen]
    assert done == sorted(done)
    assert (done[0], done[-1]) == (0, 1000)
    assert {event.total for event in seen} == {1000}


def test_progress_counts_skipped_images(make_images):
    folder = make_images(["1.png", "2.png", "3.png"])
    Path(folder, "3.png").write_bytes(b"")
    items = open_images(folder)
    seen = []
    extract(Pixels().fit(items), items, on_progress=seen.append)
    assert seen[-1].fraction == 1


def test_progress_does_not_count_what_is_no_image_of_the_source(make_images, tmp_path):
    (image,) = Path(make_images(["1.png"])).iterdir()
    with zipfile.ZipFile(tmp_path / "images.zip", "w") as file:
        file.write(image, "1.png")
        file.writestr("../outside.png", b"refused")
    items = open_images(tmp_path / "images.zip")
    seen = []
    extracted = extract(Pixels().fit(items), items, on_progress=seen.append)
    assert len(extracted.skipped) == 1
    assert (seen[-1].done, seen[-1].total) == (1, 1)


def test_rows_beyond_the_memory_are_refused_with_their_size_and_the_cure(numbered, monkeypatch):
    extractor = Pixels().fit(numbered)  # 16 columns of 4 bytes each
    monkeypatch.setattr(room, "memory", lambda: 64 * 1000)
    extract(extractor, numbered)
    monkeypatch.setattr(room, "memory", lambda: 64 * 1000 - 1)
    with pytest.raises(InputError, match=r"1,000 items with 16 columns.*components=48"):
        extract(extractor, numbered)


def test_rows_of_float64_take_twice_the_memory(numbered, monkeypatch):
    class Wide(Pixels):
        def rows(self, images):
            return super().rows(images).astype(np.float64)

    extractor = Wide().fit(numbered)
    monkeypatch.setattr(room, "memory", lambda: 128 * 1000)
    assert extract(extractor, numbered).X.dtype == np.float64
    monkeypatch.setattr(room, "memory", lambda: 128 * 1000 - 1)
    with pytest.raises(InputError, match="1,000 items with 16 columns"):
        extract(extractor, numbered)


def test_none_readable_is_an_error(make_images):
    good = open_images(make_images(["1.png"], "good"))
    folder = make_images(["1.png"], "bad")
    Path(folder, "1.png").write_bytes(b"broken")
    with pytest.raises(InputError, match="None of the 1 images"):
        extract(Pixels().fit(good), open_images(folder))


def test_features_that_are_not_fitted_are_refused(numbered):
    with pytest.raises(NotFittedError):
        extract(Pixels(), numbered)


def test_an_error_in_a_block_comes_out(numbered):
    class Failing(Pixels):
        def rows(self, images):
            raise InputError("this block")

    with pytest.raises(InputError, match="this block"):
        extract(Failing().fit(numbered), numbered)


def test_whoever_listens_can_stop_the_work(numbered):
    def stop(event):
        if event.done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        extract(Pixels().fit(numbered), numbered, on_progress=stop)
