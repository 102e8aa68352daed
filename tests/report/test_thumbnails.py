"""Thumbnails are small, faithful, and decoded once."""

from __future__ import annotations

import base64
import io

import numpy as np
import PIL.Image
import pytest

from kmosaic.data.items import Image
from kmosaic.report.facts import Picture
from kmosaic.report.thumbnails import Decoded, decode, encode, sheets, shrink, side_for

from .runs import SomeItems


def pixels(picture: Picture) -> Image:
    data = base64.b64decode(picture.uri.split(",", 1)[1])
    return np.asarray(PIL.Image.open(io.BytesIO(data)).convert("RGB"))


@pytest.fixture
def noise() -> Image:
    return np.random.default_rng(0).integers(0, 256, (28, 28), np.uint8)


def test_a_small_gray_image_is_embedded_without_loss(noise: Image) -> None:
    picture = encode(noise)
    assert (picture.width, picture.height) == (28, 28)
    assert (pixels(picture) == noise[:, :, None]).all()


def test_a_photograph_is_embedded_much_smaller_than_its_pixels() -> None:
    ramp = np.linspace(0, 255, 200).astype(np.uint8)
    photo = np.stack([np.add.outer(ramp // 2, ramp // 2)] * 3, axis=2)
    assert len(encode(photo).uri) < photo.size / 20


def test_images_are_shrunk_in_shape_and_never_enlarged(noise: Image) -> None:
    wide = np.zeros((100, 400, 3), np.uint8)
    assert shrink(wide, 64).shape == (16, 64, 3)
    assert shrink(noise, 64) is noise


def test_each_item_is_decoded_once_and_in_order(noise: Image) -> None:
    items = SomeItems([noise] * 9, [str(i) for i in range(9)])
    found = decode(items, [7, 2, 2, 5, 7], side=64)
    assert list(found.images) == [2, 5, 7]
    assert len(items.decoded) == 3


def test_an_unreadable_item_is_left_out(noise: Image) -> None:
    items = SomeItems([noise] * 3, ["a", "b", "c"], unreadable=frozenset("b"))
    assert list(decode(items, [0, 1, 2], side=64).images) == [0, 2]


def test_vectors_are_never_decoded() -> None:
    items = SomeItems((), ["a"], kind="vectors")
    assert decode(items, [0], side=64).images == {}


def test_tiles_lie_on_the_sheets_where_the_map_looks_for_them() -> None:
    shades = [np.full((8, 8), shade, np.uint8) for shade in range(0, 250, 25)]
    laid = sheets(shades, tile=8, columns=3, rows=2)
    assert [(one.width, one.height) for one in laid] == [(24, 16), (24, 16)]
    for number, shade in enumerate(range(0, 250, 25)):
        sheet, place = divmod(number, 6)
        row, column = divmod(place, 3)
        assert pixels(laid[sheet])[8 * row + 4, 8 * column + 4, 0] == shade


def test_a_tile_is_the_middle_square_of_its_image() -> None:
    wide = np.zeros((10, 30), np.uint8)
    wide[:, 10:20] = 200
    (sheet,) = sheets([wide, None], tile=10, columns=2, rows=1)
    assert (pixels(sheet)[:, :10] == 200).all()
    assert (pixels(sheet)[:, 10:] == 0).all()


def test_pictures_get_smaller_the_more_of_them_there_are() -> None:
    sides = [side_for(many) for many in (1, 300, 1_000, 4_000, 10_000)]
    assert sides == sorted(sides, reverse=True)
    assert sides[0] == 256


def test_pictures_that_cannot_be_packed_are_made_smaller() -> None:
    random = np.random.default_rng(0)
    noise = {i: random.integers(0, 256, (128, 128, 3), np.uint8) for i in range(8)}
    found = Decoded(noise).pictures(range(8), side=128, budget=60_000)
    assert list(found) == list(range(8))
    assert sum(len(picture.uri) for picture in found.values()) <= 60_000
    assert max(picture.width for picture in found.values()) < 128


def test_without_webp_pictures_are_png(noise: Image, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("PIL.features.check", lambda _: False)
    picture = encode(noise)
    assert picture.uri.startswith("data:image/png;base64,")
    assert (pixels(picture) == noise[:, :, None]).all()
