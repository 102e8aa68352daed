from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import PIL.Image
import pytest
from sklearn.datasets import load_digits

from kmosaic._errors import InputError
from kmosaic.data import as_items


def pixels(X: Any) -> list[Any]:
    items = as_items(X)
    assert items.kind == "images"
    return [image.tolist() for image in items.read(range(len(items)))]


@pytest.mark.parametrize("dtype", [np.uint8, np.int64, np.uint16, np.float32, np.float64])
def test_whole_numbers_to_255_stay_whatever_their_type(dtype: type) -> None:
    assert pixels(np.array([[[0, 7, 255]]], dtype)) == [[[0, 7, 255]]]


def test_fractions_and_black_and_white_are_scaled() -> None:
    assert pixels(np.array([[[0.0, 0.5, 1.0]]])) == [[[0, 128, 255]]]
    assert pixels(np.array([[[False, True]]])) == [[[0, 255]]]
    assert pixels(np.array([[[0, 1]]])) == [[[0, 255]]]


def test_sixteen_bits_are_divided_by_257() -> None:
    assert pixels(np.array([[[0, 257, 65535]]], np.uint16)) == [[[0, 1, 255]]]


def test_one_rule_counts_for_all_pictures_of_an_array() -> None:
    assert pixels(np.array([[[0.5]], [[200.0]]])) == [[[0]], [[200]]]


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (-1.0, "numbers from -1 to 0"),
        (1e6, r"numbers from 0 to 1e\+06"),
        (np.nan, "holds nan in row 2, column 1, third axis 0"),
        (np.inf, "holds inf in row 2"),
    ],
)
def test_numbers_that_are_no_pixels_are_an_error(bad: float, reason: str) -> None:
    X = np.zeros((3, 2, 2))
    X[2, 1, 0] = bad
    with pytest.raises(InputError, match=reason):
        as_items(X)


@pytest.mark.parametrize(
    ("channels", "shape"), [(1, (4, 5)), (2, (4, 5)), (3, (4, 5, 3)), (4, (4, 5, 3))]
)
def test_channels_become_gray_or_color(channels: int, shape: tuple[int, ...]) -> None:
    assert as_items(np.zeros((2, 4, 5, channels), np.uint8)).read([0])[0].shape == shape


def test_transparent_parts_lie_over_white() -> None:
    clear = np.array([[[[10, 20, 30, 0], [10, 20, 30, 255]]]], np.uint8)
    assert pixels(clear) == [[[[255, 255, 255], [10, 20, 30]]]]


def test_rows_of_square_length_are_pictures_and_say_so() -> None:
    items = as_items(load_digits().data)
    assert items.read([0])[0].shape == (8, 8)
    assert items.notes == ("Rows of 64 numbers were read as pictures of 8 x 8.",)


def test_openmls_frame_is_taken() -> None:
    rows = np.random.default_rng(0).integers(0, 256, (5, 784))
    items = as_items(pd.DataFrame(rows), labels=pd.Series(list("50419")).astype("category"))
    np.testing.assert_array_equal(items.read(range(5)), rows.reshape(5, 28, 28))
    assert items.labels is not None
    assert items.labels.tolist() == list("50419")


@pytest.mark.parametrize(
    "X",
    [
        np.ones((3, 50)),
        np.full((3, 64), -0.5),
        np.full((3, 64), 2.5),
        [[1.0, 2.0], [3.0, 4.0]],
        pd.DataFrame({"a": [1.5, 2], "b": [3, 4]}),
    ],
)
def test_other_rows_are_vectors(X: Any) -> None:
    assert as_items(X).kind == "vectors"


def test_a_list_may_hold_pictures_of_any_size_and_kind() -> None:
    items = as_items(
        [
            np.zeros((2, 3), np.uint8),
            np.full((5, 4, 3), 200.0),
            PIL.Image.new("RGBA", (3, 2), "red"),
            [[1, 2], [3, 255]],
        ]
    )
    assert [image.shape for image in items.read(range(4))] == [(2, 3), (5, 4, 3), (2, 3, 3), (2, 2)]
    assert items.ids == ["0", "1", "2", "3"]


def test_items_come_back_as_they_are() -> None:
    items = as_items(np.zeros((2, 4, 4), np.uint8))
    assert as_items(items) is items
    assert as_items(items, labels=["a", "b"]).labels is not None


@pytest.mark.parametrize(
    ("X", "reason"),
    [
        (np.zeros((0, 4, 4)), "holds nothing"),
        ([], "holds float64|has the shape|holds nothing"),
        (np.zeros((2, 0, 4)), "holds nothing"),
        (np.zeros(5), r"shape \(5,\)"),
        (np.zeros((2, 3, 8, 8)), r"np\.moveaxis\(X, 1, -1\)"),
        (np.zeros((2, 8, 8, 7)), "has the shape"),
        (np.zeros((100, 80, 3)), r"one color picture. Wrap it in a list"),
        (np.array([["a", "b"]]), "not numbers"),
        (np.zeros((2, 4, 4), complex), "not numbers"),
        ([np.zeros((2, 2)), np.zeros(3)], "Picture 1 of the list"),
        ([np.zeros((2, 2)), None], "Picture 1 of the list"),
        ([[1, 2], [3]], "Cannot read this as an array"),
        (pd.DataFrame({"a": ["x"]}), "not numbers"),
    ],
)
def test_what_is_no_picture_says_so(X: Any, reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        as_items(X)


def test_labels_of_another_number_are_an_error() -> None:
    with pytest.raises(InputError, match=r"labels has the shape \(3,\), but there are 2 items"):
        as_items(np.zeros((2, 4, 4)), labels=[1, 2, 3])
