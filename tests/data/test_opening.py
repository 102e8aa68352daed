from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kmosaic._errors import InputError
from kmosaic._events import Progress
from kmosaic.data import READERS, open_images, opening

MakeImages = Callable[..., Path]


def test_a_missing_path_says_so(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"There is no file or folder '.*gone'"):
        open_images(tmp_path / "gone")


def test_a_single_image_names_the_folder_to_give(make_images: MakeImages) -> None:
    source = make_images(["1.png"])
    with pytest.raises(InputError, match=rf"a single image.* Give the folder .*: {source}$"):
        open_images(source / "1.png")


def test_any_other_file_says_what_can_be_read(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("text")
    with pytest.raises(InputError) as caught:
        open_images(tmp_path / "a.txt")
    assert all(kind in str(caught.value) for kind in READERS)


@pytest.mark.parametrize("name", ["a.npy", "a.npz", "a.zip", "a.tar", "a.png", "a-idx3-ubyte"])
def test_a_file_without_permission_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    def locked(*_: Any) -> None:
        raise PermissionError(13, "Permission denied")

    (tmp_path / name).write_bytes(b"x")
    monkeypatch.setattr(opening.Path, "open", locked)
    with pytest.raises(InputError, match="cannot be read: Permission denied"):
        open_images(tmp_path / name)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may list every folder")
def test_a_folder_without_permission_says_so(make_images: MakeImages) -> None:
    source = make_images(["1.png"])
    source.chmod(0)
    with pytest.raises(InputError, match="no permission"):
        open_images(source)
    source.chmod(0o700)


@pytest.mark.parametrize("limit", [0, -1, 2.5, True, "1e6", None])
def test_a_pixel_limit_that_is_no_number_of_pixels_is_an_error(limit: Any) -> None:
    with pytest.raises(InputError, match="max_pixels must be a whole number"):
        open_images(np.zeros((2, 4, 4)), max_pixels=limit)


def test_labels_can_be_left_away_or_given(make_images: MakeImages) -> None:
    source = make_images(["a/1.png", "b/2.png"])
    assert open_images(source).labels is not None
    assert open_images(source, labels="none").labels is None
    assert open_images(source, labels=None).labels is None
    given = open_images(source, labels=[1, 2]).labels
    assert given is not None
    assert given.tolist() == ["1", "2"]


def test_the_home_folder_may_be_written_short(
    make_images: MakeImages, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = make_images(["1.png"])
    monkeypatch.setenv("HOME", str(source.parent))
    items = open_images("~/images")
    assert items.source == str(source)
    assert len(items) == 1


def test_a_home_folder_of_nobody_is_a_path_that_is_not_there() -> None:
    with pytest.raises(InputError, match="There is no file or folder '~no-such-user/images'"):
        open_images("~no-such-user/images")


def test_the_number_of_images_is_told(make_images: MakeImages) -> None:
    told: list[Progress] = []
    open_images(make_images(["1.png", "2.png"]), on_progress=told.append)
    assert told == [Progress("images", 2, 2, "images")]
