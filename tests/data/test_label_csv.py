from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from kmosaic._errors import InputError
from kmosaic.data import Items, as_items, open_images

MakeImages = Callable[..., Path]


@pytest.fixture
def labeled(make_images: MakeImages, tmp_path: Path) -> Callable[[str], Items]:
    """A function that opens a/1.png, a/2.png and b/1.png with a CSV of labels."""
    source = make_images(["a/1.png", "a/2.png", "b/1.png"])

    def open_with(text: str, encoding: str = "utf-8") -> Items:
        (tmp_path / "labels.csv").write_text(text, encoding=encoding)
        return open_images(source, labels=tmp_path / "labels.csv")

    return open_with


def labels(items: Items) -> list[str | None]:
    assert items.labels is not None
    return list(items.labels)


ALL = "a/1.png,cat\na/2.png,dog\nb/1.png,cat\n"


@pytest.mark.parametrize(
    "text",
    [
        ALL,
        "path,label\n" + ALL,
        "Filename,Class\n" + ALL,
        "label,path\ncat,a/1.png\ndog,a/2.png\ncat,b/1.png\n",
        "path,cluster,name,label\na/1.png,0,x,cat\na/2.png,0,x,dog\nb/1.png,1,y,cat\n",
        ALL.replace("\n", "\r\n"),
        ALL.replace(",", ";"),
        "path\tlabel\n" + ALL.replace(",", "\t"),
        "path;note;label\n" + ALL.replace(",", ";a, b;"),
        "\n" + ALL.replace("\n", "\n\n"),
        '"a/1.png","cat"\n./a/2.png, dog\na\\..\\..\\x.png,no\nb\\1.png,cat',
        "images/a/1.png,cat\nimages/a/2.png,dog\nimages/b/1.png,cat\n",
    ],
)
def test_labels_are_found_however_the_table_is_written(
    labeled: Callable[[str], Items], text: str
) -> None:
    assert labels(labeled(text)) == ["cat", "dog", "cat"]


def test_absolute_paths_are_found(labeled: Callable[[str], Items], tmp_path: Path) -> None:
    assert labels(labeled(f"{tmp_path}/images/a/2.png,dog")) == [None, "dog", None]


def test_a_mark_at_the_beginning_of_the_file_does_not_matter(
    labeled: Callable[..., Items],
) -> None:
    assert labels(labeled(ALL, "utf-8-sig")) == ["cat", "dog", "cat"]


def test_paths_that_are_no_image_are_counted(labeled: Callable[[str], Items]) -> None:
    items = labeled("a/1.png,cat\nx.png,dog\ny.png,dog\n")
    assert labels(items) == ["cat", None, None]
    assert items.notes == (
        "labels.csv labels 1 of 3 images; 2 of its paths are no image here, such as 'x.png'.",
    )


def test_an_empty_label_is_none(labeled: Callable[[str], Items]) -> None:
    assert labels(labeled("a/1.png,\na/2.png,dog\n")) == [None, "dog", None]


def test_saying_the_same_twice_is_no_error(labeled: Callable[[str], Items]) -> None:
    assert labels(labeled(ALL + ALL)) == ["cat", "dog", "cat"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("x.png,cat\n", r"names no image of .*images: it has 'x\.png', .* like 'a/1\.png'"),
        ("path,label\n", "holds no labels"),
        ("", "holds no labels"),
        ("a/1.png\n", r"line 1: expected 'path,label', found 'a/1.png'\. Part .* by a comma"),
        ("a/1.png,cat\na/1.png,dog\n", "line 2: 'a/1.png' gets the label 'dog', but line 1 gave"),
    ],
)
def test_a_table_that_cannot_be_meant_says_why(
    labeled: Callable[[str], Items], text: str, reason: str
) -> None:
    with pytest.raises(InputError, match=reason):
        labeled(text)


def test_accents_may_be_written_as_one_character_or_two(
    make_images: MakeImages, tmp_path: Path
) -> None:
    source = make_images(["caf\u00e9.png", "me\u0301.png"])
    (tmp_path / "labels.csv").write_text("cafe\u0301.png,cat\nimages/m\u00e9.png,dog\n", "utf-8")
    assert labels(open_images(source, labels=tmp_path / "labels.csv")) == ["cat", "dog"]


def test_two_files_that_look_alike_are_told_apart_by_their_very_names(
    make_images: MakeImages, tmp_path: Path
) -> None:
    source = make_images(["caf\u00e9.png", "cafe\u0301.png"])
    (tmp_path / "labels.csv").write_text("caf\u00e9.png,one\ncafe\u0301.png,two\n", "utf-8")
    items = open_images(source, labels=tmp_path / "labels.csv")
    assert dict(zip(items.ids, labels(items), strict=True)) == {
        "caf\u00e9.png": "one",
        "cafe\u0301.png": "two",
    }


@pytest.mark.parametrize("encoding", ["latin-1", "utf-16"])
def test_a_file_in_another_encoding_names_the_cure(
    labeled: Callable[..., Items], encoding: str
) -> None:
    with pytest.raises(InputError, match=r"not UTF-8 text\. Save it as CSV in UTF-8"):
        labeled("a/1.png,kätzchen\n", encoding)


def test_a_missing_file_says_so(make_images: MakeImages, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"There is no labels file .*gone\.csv"):
        open_images(make_images(["1.png"]), labels=tmp_path / "gone.csv")


def test_pictures_in_an_array_are_named_by_their_row(tmp_path: Path) -> None:
    (tmp_path / "labels.csv").write_text("id,label\n2,cat\n0,dog\n")
    items = open_images(np.zeros((3, 4, 4)), labels=tmp_path / "labels.csv")
    assert labels(items) == ["dog", None, "cat"]
    assert as_items(items) is items
