"""Features that were computed before are not computed again."""

from __future__ import annotations

import zipfile
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from kmosaic.data import open_images
from kmosaic.features import HOG, Combined, Embedding, Pixels, Reduced, cached_extract
from kmosaic.features.cache import Cache


@pytest.fixture
def folder(tmp_path) -> Path:
    return tmp_path / "cache"


def test_the_second_time_the_same_comes_from_the_cache(folder, photos):
    wanted = Reduced(HOG(), 3)
    first, was_cached, fitted = cached_extract(wanted, photos, cache_dir=folder)
    again, was_cached_then, fitted_then = cached_extract(wanted, photos, cache_dir=folder)
    assert (was_cached, was_cached_then) == (False, True)
    assert_array_equal(again.X, first.X)
    assert_array_equal(fitted_then.transform(photos), fitted.transform(photos))


def test_the_given_extractor_is_not_fitted(folder, photos):
    wanted = Pixels()
    cached_extract(wanted, photos, cache_dir=folder)
    assert not hasattr(wanted, "size_")


def test_other_settings_or_images_are_computed(folder, photos):
    cached_extract(Pixels(), photos, cache_dir=folder)
    assert not cached_extract(Pixels(size=4), photos, cache_dir=folder)[1]
    assert not cached_extract(Pixels(), photos[:-1], cache_dir=folder)[1]
    assert not cached_extract(Combined((Pixels(),)), photos, cache_dir=folder)[1]


def test_vectors_that_changed_in_their_file_are_read_again(folder, tmp_path, photos):
    path = tmp_path / "v.npy"
    found = []
    for value in (1.0, 1.0, 2.0):
        np.save(path, np.full((len(photos), 2), value))
        found.append(cached_extract(Embedding(str(path)), photos, cache_dir=folder)[1])
    assert found == [False, True, False]


def test_skipped_images_are_remembered_with_their_reasons(folder, make_images):
    images = make_images(["1.png", "2.png", "3.png"])
    Path(images, "2.png").write_bytes(b"broken")
    items = open_images(images)
    first, _, _ = cached_extract(Pixels(), items, cache_dir=folder)
    again, was_cached, _ = cached_extract(Pixels(), items, cache_dir=folder)
    assert was_cached
    assert again.skipped == first.skipped != ()
    assert again.index.tolist() == [0, 2]


def test_a_skipped_image_that_was_renamed_is_told_by_its_name_of_now(folder, make_images):
    images = Path(make_images(["1.png", "2.png", "3.png"]))
    (images / "2.png").write_bytes(b"broken")
    first, _, _ = cached_extract(Pixels(), open_images(images), cache_dir=folder)
    (images / "2.png").rename(images / "2 renamed.png")
    again, was_cached, _ = cached_extract(Pixels(), open_images(images), cache_dir=folder)
    assert was_cached
    assert [one.id for one in again.skipped] == ["2 renamed.png"]
    assert [one.reason for one in again.skipped] == [one.reason for one in first.skipped]


def test_what_an_archive_holds_beside_the_images_is_told_from_the_cache_too(
    folder, make_images, tmp_path
):
    images = Path(make_images(["1.png", "2.png", "3.png"]))
    (images / "2.png").write_bytes(b"broken")
    archive = tmp_path / "images.zip"
    with zipfile.ZipFile(archive, "w") as file:
        for one in sorted(images.iterdir()):
            file.write(one, one.name)
        file.writestr("../outside.png", b"refused")
    first, _, _ = cached_extract(Pixels(), open_images(archive), cache_dir=folder)
    again, was_cached, _ = cached_extract(Pixels(), open_images(archive), cache_dir=folder)
    assert was_cached
    assert again.skipped == first.skipped
    assert len(again.skipped) == 2


def test_an_entry_that_is_no_features_is_computed_anew(folder, photos, monkeypatch):
    cached_extract(Pixels(), photos, cache_dir=folder)
    (entry,) = folder.iterdir()
    found = {"X": np.ones((len(photos), 2)), "index": np.arange(len(photos))}
    Cache(folder).put(entry.stem, {"spec": {"kind": "Popen"}, "reasons": []}, found)
    extracted, was_cached, _ = cached_extract(Pixels(), photos, cache_dir=folder)
    assert not was_cached
    assert len(extracted.X) == len(photos)


def test_without_a_cache_nothing_is_kept(folder, photos):
    for _ in range(2):
        assert not cached_extract(Pixels(), photos, cache_dir=folder, use_cache=False)[1]
    assert not folder.exists()


def test_a_cache_that_cannot_be_written_does_not_hurt(tmp_path, photos):
    (tmp_path / "file").write_text("in the way")
    extracted, was_cached, _ = cached_extract(Pixels(), photos, cache_dir=tmp_path / "file")
    assert not was_cached
    assert len(extracted.X) == len(photos)


def test_whoever_listens_hears_of_learning_computing_and_the_cache(folder, photos):
    seen = []
    for _ in range(2):
        cached_extract(Reduced(HOG(), 2), photos, cache_dir=folder, on_progress=seen.append)
    assert next(event.stage for event in seen) == "learning features"
    assert seen[-1].note == "from the cache"
    assert seen[-1].fraction == 1
