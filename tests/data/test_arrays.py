from __future__ import annotations

from pathlib import Path

import numpy as np
import PIL.Image
import pytest

from kmosaic.data import arrays, as_items

IMAGES = np.random.default_rng(0).integers(0, 256, (7, 10, 12), dtype=np.uint8)


def test_the_callers_array_is_not_copied() -> None:
    (batch,) = as_items(IMAGES).batches()
    assert all(np.shares_memory(image, IMAGES) for image in batch.images)


def test_a_list_of_the_callers_pictures_cannot_be_written_to() -> None:
    (image,) = as_items([IMAGES[0]]).read([0])
    assert np.shares_memory(image, IMAGES)
    assert not image.flags.writeable


def test_batches_are_bounded_by_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arrays, "BATCH_BYTES", 300)
    assert [len(batch.images) for batch in as_items(IMAGES).batches()] == [2, 2, 2, 1]
    mixed = as_items([np.zeros((10, 10)), np.zeros((2, 2)), np.zeros((90, 90)), np.zeros((9, 9))])
    assert [len(batch.images) for batch in mixed.batches()] == [2, 1, 1]


def test_taken_pictures_come_in_the_order_asked_for() -> None:
    items = as_items(IMAGES, labels=range(7)).take([5, 1, 2])
    np.testing.assert_array_equal(items.read([0, 1, 2]), IMAGES[[5, 1, 2]])
    again = items.take([2, 0])
    np.testing.assert_array_equal(again.read([0, 1]), IMAGES[[2, 5]])
    assert again.ids == ["2", "5"]
    assert again.labels is not None
    assert again.labels.tolist() == ["2", "5"]


def test_the_hash_depends_on_the_pixels_and_not_on_their_type() -> None:
    items = as_items(IMAGES)
    assert items.content_hash() == as_items(IMAGES.astype(float)).content_hash()
    assert items.content_hash() == as_items(list(IMAGES)).content_hash()
    assert items.content_hash() != as_items(IMAGES[::-1]).content_hash()
    assert items.content_hash() != as_items(IMAGES.reshape(7, 12, 10)).content_hash()


def test_a_written_picture_is_a_png_of_the_same_pixels(tmp_path: Path) -> None:
    items = as_items(IMAGES)
    written = items.write(3, tmp_path, "three")
    assert written == tmp_path / "three.png"
    with PIL.Image.open(written) as picture:
        np.testing.assert_array_equal(np.asarray(picture), IMAGES[3])
    with pytest.raises(FileExistsError):
        items.write(3, tmp_path, "three")


def test_a_large_picture_comes_reduced_where_smaller_does() -> None:
    items = as_items(np.zeros((1, 100, 60, 3), np.uint8))
    assert items.read([0], max_side=20)[0].shape == (34, 20, 3)
    assert items.read([0], max_side=31)[0].shape == (100, 60, 3)
