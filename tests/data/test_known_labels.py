from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from kmosaic._errors import InputError
from kmosaic.data.known_labels import as_labels, labels_of_parents


def parents(*ids: str) -> list[Any] | None:
    labels = labels_of_parents(ids)
    return None if labels is None else labels.tolist()


def test_the_nearest_folder_is_the_label() -> None:
    assert parents("train/cat/1.png", "test/dog/1.png") == ["cat", "dog"]


def test_one_folder_alone_says_nothing() -> None:
    assert parents("1.png", "2.png") is None
    assert parents("a/1.png", "a/2.png") is None
    assert parents("1.png", "a/2.png") is None
    assert parents("x/images/1.png", "y/images/1.png") is None


def test_a_file_beside_the_folders_has_no_label() -> None:
    assert parents("cat/1.png", "dog/1.png", "3.png") == ["cat", "dog", None]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ([3, 7], ["3", "7"]),
        ([3.0, 7.5], ["3", "7.5"]),
        (np.array([3, 7], np.uint8), ["3", "7"]),
        (np.array([3.0, np.nan]), ["3", None]),
        (["nan", None], ["nan", None]),
        (np.array(["a", "b"]), ["a", "b"]),
        (np.array([b"a", b"b"]), ["a", "b"]),
        (pd.Series(["a", "b"], dtype="category"), ["a", "b"]),
        (pd.Series(["a", pd.NA], dtype="string"), ["a", None]),
        (pd.DataFrame({"label": [1, 2]}), ["1", "2"]),
        ([True, False], ["True", "False"]),
    ],
)
def test_labels_of_any_kind_become_text(given: Any, expected: list[str | None]) -> None:
    assert as_labels(given, 2).tolist() == expected


@pytest.mark.parametrize("given", ["cat", [1], [[1, 2], [3, 4]], np.eye(2)])
def test_labels_that_do_not_fit_are_an_error(given: Any) -> None:
    with pytest.raises(InputError, match="give one label each"):
        as_labels(given, 2)
