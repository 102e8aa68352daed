from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from kmosaic._errors import InputError
from kmosaic._events import Progress
from kmosaic.data import Skipped, folder, open_images

MakeImages = Callable[..., Path]


def test_a_tree_of_any_depth_comes_in_natural_order(make_images: MakeImages) -> None:
    source = make_images(["b/10.png", "b/2.jpg", "a/x/y/1.webp", "a/3.gif", "a/x/1.bmp", "0.tiff"])
    assert open_images(source).ids == [
        "0.tiff",
        "a/3.gif",
        "a/x/1.bmp",
        "a/x/y/1.webp",
        "b/2.jpg",
        "b/10.png",
    ]


def test_hidden_files_are_passed_over_and_others_counted(make_images: MakeImages) -> None:
    source = make_images(["1.png", ".hidden.png", ".cache/2.png", "sub/3.png"])
    (source / "notes.txt").write_text("mine")
    (source / "sub" / "more.csv").write_text("")
    items = open_images(source)
    assert items.ids == ["1.png", "sub/3.png"]
    assert items.notes == ("2 other files were ignored (1 .txt, 1 .csv).",)


def test_links_that_lead_in_circles_are_survived(make_images: MakeImages) -> None:
    source = make_images(["a/1.png", "b/2.png"])
    (source / "a" / "up").symlink_to(source)
    (source / "b" / "across").symlink_to(source / "a")
    (source / "self").symlink_to(source / "self")
    (source / "self.png").symlink_to(source / "self.png")
    skipped: list[Skipped] = []
    items = open_images(source)
    list(items.batches(on_skip=skipped.append))
    assert [one for one in items.ids if one != "self.png"] == ["a/1.png", "b/2.png"]
    assert {one.id for one in skipped} <= {"self.png"}


def test_a_linked_folder_outside_is_read_once_under_one_name(make_images: MakeImages) -> None:
    source = make_images(["1.png"])
    other = make_images(["2.png"], "other")
    (source / "z").symlink_to(other)
    (source / "y").symlink_to(other)
    assert open_images(source).ids == ["1.png", "y/2.png"]


def test_a_link_to_a_file_is_an_item_and_one_to_nowhere_is_skipped(make_images: MakeImages) -> None:
    source = make_images(["1.png"])
    (source / "2.png").symlink_to(source / "1.png")
    (source / "3.png").symlink_to(source / "gone.png")
    items = open_images(source)
    skipped: list[Skipped] = []
    (batch,) = items.batches(on_skip=skipped.append)
    assert batch.index.tolist() == [0, 1]
    assert skipped == [Skipped("3.png", "it is gone, or a link that leads nowhere")]


def test_pipes_named_like_images_do_not_stop_the_reading(make_images: MakeImages) -> None:
    source = make_images(["1.png"])
    os.mkfifo(source / "2.png")
    assert open_images(source).ids == ["1.png"]


def test_names_that_are_no_utf8_are_read_and_get_writable_ids(make_images: MakeImages) -> None:
    source = make_images(["1.png"])
    raw = os.fsencode(source) + b"/caf\xe9.png"
    os.rename(source / "1.png", raw)  # noqa: PTH104
    items = open_images(source)
    assert items.ids == [r"caf\xe9.png"]
    assert len(items.read([0])) == 1


def test_an_item_knows_its_file(make_images: MakeImages) -> None:
    source = make_images(["a/1.png"])
    assert open_images(source).path(0) == source / "a" / "1.png"


def test_items_are_found_after_the_working_folder_changes(
    make_images: MakeImages, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_images(["1.png"])
    monkeypatch.chdir(tmp_path)
    items = open_images("images")
    monkeypatch.chdir("/")
    assert len(items.read([0])) == 1


def test_a_file_without_permission_is_skipped_with_its_reason(
    make_images: MakeImages, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Locked(folder.FileIO):
        def __init__(self, name: str) -> None:
            if name.endswith("2.png"):
                raise PermissionError(13, "Permission denied")
            super().__init__(name)

    monkeypatch.setattr(folder, "FileIO", Locked)  # root may read everything, so no chmod
    skipped: list[Skipped] = []
    items = open_images(make_images(["1.png", "2.png"]))
    (batch,) = items.batches(on_skip=skipped.append)
    assert batch.index.tolist() == [0]
    assert skipped == [Skipped("2.png", "no permission to read it")]


def test_a_folder_without_permission_is_reported(
    make_images: MakeImages, monkeypatch: pytest.MonkeyPatch
) -> None:
    scandir = os.scandir

    def locked(path: Path) -> object:
        if path.name == "b":
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    source = make_images(["a/1.png", "b/2.png"])
    monkeypatch.setattr(folder.os, "scandir", locked)
    items = open_images(source)
    assert items.ids == ["a/1.png"]
    assert items.refused == (Skipped("b/", "a folder: no permission to list it"),)


def test_a_file_larger_than_an_image_can_be_is_skipped_unread(make_images: MakeImages) -> None:
    source = make_images(["1.png"])
    with (source / "2.png").open("wb") as file:
        file.truncate(1 << 40)  # a terabyte of nothing
    skipped: list[Skipped] = []
    list(open_images(source).batches(on_skip=skipped.append))
    assert [one.id for one in skipped] == ["2.png"]
    assert "more than an image can need" in skipped[0].reason


def test_an_empty_folder_says_so(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no image"):
        open_images(tmp_path)


def test_a_folder_of_other_files_says_what_is_in_it(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"")
    with pytest.raises(InputError, match=r"1 other file was ignored \(1 \.pdf\)"):
        open_images(tmp_path)


def test_finding_many_files_is_told(
    make_images: MakeImages, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folder, "_TELL_EVERY", 2)
    told: list[Progress] = []
    open_images(make_images([f"{i}.png" for i in range(5)]), on_progress=told.append)
    assert [event.done for event in told] == [2, 4, 5]


def test_the_shared_photographs_have_their_folders_as_labels(shared_data: Path) -> None:
    items = open_images(shared_data / "photos")
    assert len(items) == 1000
    assert items.labels is not None
    names, counts = np.unique(items.labels.astype(str), return_counts=True)
    assert len(names) == 10
    assert set(counts) == {100}
