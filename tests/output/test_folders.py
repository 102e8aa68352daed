"""Images sorted into a folder for each name."""

from __future__ import annotations

import errno
import os
import shutil
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from kmosaic._errors import InputError, OutputError
from kmosaic.data import open_images
from kmosaic.output import sort_into_folders, whole_folder


def listing(folder):
    return sorted(
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and path.name != ".kmosaic"
    )


def gray(path):
    with Image.open(path) as image:
        return np.asarray(image).flat[0]


@pytest.fixture
def out(tmp_path):
    return tmp_path / "sorted"


@pytest.mark.parametrize("how", ["copy", "hardlink", "symlink"])
def test_each_image_is_in_the_folder_of_its_name(folder_items, grouped, out, how):
    items = folder_items(["a.png", "b.png", "c.png"])
    done = sort_into_folders(items, *grouped(items, [0, 1, 0], ["cats", "dogs"]), out, how)
    assert listing(out) == ["cats/a.png", "cats/c.png", "dogs/b.png"]
    assert done.counts == {"cats": 2, "dogs": 1}
    assert [gray(out / file) for file in done.files] == [0, 1, 2]
    assert done.copied == 0
    assert not done.dry_run


@pytest.mark.parametrize("how", ["copy", "hardlink", "symlink"])
def test_originals_are_never_moved_or_changed(folder_items, grouped, out, tmp_path, how):
    items = folder_items(["x/a.png", "b.png"])
    before = {p: p.read_bytes() for p in (tmp_path / "source").rglob("*.png")}
    sort_into_folders(items, *grouped(items, [0, 0]), out, how)
    shutil.rmtree(out)
    assert {p: p.read_bytes() for p in (tmp_path / "source").rglob("*.png")} == before


def test_a_copy_is_another_file_of_the_same_bytes(folder_items, grouped, out, tmp_path):
    items = folder_items(["a.png"])
    sort_into_folders(items, *grouped(items, [0]), out)
    copy, original = out / "0" / "a.png", tmp_path / "source" / "a.png"
    assert copy.read_bytes() == original.read_bytes()
    assert not copy.samefile(original)
    assert not copy.is_symlink()


def test_a_hardlink_takes_no_space(folder_items, grouped, out, tmp_path):
    items = folder_items(["a.png"])
    sort_into_folders(items, *grouped(items, [0]), out, "hardlink")
    link, original = out / "0" / "a.png", tmp_path / "source" / "a.png"
    assert link.samefile(original)
    assert not link.is_symlink()


def test_symlinks_are_relative_and_survive_a_move_of_everything(
    folder_items, grouped, out, tmp_path
):
    items = folder_items(["deep/a.png"])
    sort_into_folders(items, *grouped(items, [0]), out, "symlink")
    assert os.readlink(out / "0" / "a.png") == "../../source/deep/a.png"  # noqa: PTH115
    moved = tmp_path.with_name(tmp_path.name + "-moved")
    tmp_path.rename(moved)
    assert gray(moved / "sorted" / "0" / "a.png") == 0


def test_symlinks_hold_inside_a_folder_that_is_swapped_in(folder_items, grouped, tmp_path):
    items = folder_items(["a.png"])
    with whole_folder(tmp_path / "out") as part:
        sort_into_folders(items, *grouped(items, [0]), part / "sorted", "symlink")
    assert gray(tmp_path / "out" / "sorted" / "0" / "a.png") == 0


def test_symlinks_hold_where_the_way_to_out_leads_over_a_link(folder_items, grouped, tmp_path):
    items = folder_items(["a.png"])
    (tmp_path / "far" / "away").mkdir(parents=True)
    (tmp_path / "short").symlink_to("far/away")
    sort_into_folders(items, *grouped(items, [0]), tmp_path / "short" / "sorted", "symlink")
    assert gray(tmp_path / "short" / "sorted" / "0" / "a.png") == 0


@pytest.mark.parametrize("how", ["hardlink", "symlink"])
def test_an_original_that_is_a_link_itself_leads_to_the_image(
    folder_items, grouped, out, tmp_path, how
):
    folder_items(["a.png"], folder="real")
    (tmp_path / "source").mkdir()
    (tmp_path / "source" / "b.png").symlink_to("../real/a.png")
    items = open_images(tmp_path / "source")
    sort_into_folders(items, *grouped(items, [0]), out, how)
    shutil.rmtree(tmp_path / "source")
    assert gray(out / "0" / "b.png") == 0


@pytest.fixture(params=[errno.EXDEV, errno.EPERM, errno.ENOTSUP])
def no_links(request, monkeypatch):
    """A disk that takes no links, for one of the reasons there are."""

    def refuse(*_, **__):
        raise OSError(request.param, os.strerror(request.param))

    monkeypatch.setattr(os, "link", refuse)
    monkeypatch.setattr(os, "symlink", refuse)


@pytest.mark.usefixtures("no_links")
@pytest.mark.parametrize("how", ["hardlink", "symlink"])
def test_what_cannot_be_linked_is_copied_and_counted(folder_items, grouped, out, how):
    items = folder_items(["a.png", "b.png"])
    done = sort_into_folders(items, *grouped(items, [0, 1]), out, how)
    assert done.copied == 2
    assert [gray(out / file) for file in done.files] == [0, 1]


@pytest.mark.parametrize("how", ["copy", "hardlink", "symlink"])
def test_arrays_become_png(array_items, grouped, out, how):
    items = array_items(3)
    done = sort_into_folders(items, *grouped(items, [1, 0, 1]), out, how)
    assert {file.suffix for file in done.files} == {".png"}
    assert [gray(out / file) for file in done.files] == [0, 1, 2]
    assert done.copied == (0 if how == "copy" else 3)


def test_members_of_an_archive_are_unpacked_as_they_are(folder_items, grouped, out, tmp_path):
    folder_items(["x/a.png", "x/b.png"])
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        for path in sorted((tmp_path / "source").rglob("*.png")):
            archive.write(path, path.relative_to(tmp_path).as_posix())
    items = open_images(tmp_path / "all.zip")
    sort_into_folders(items, *grouped(items, [0, 1]), out, "symlink")
    assert listing(out) == ["0/a.png", "1/b.png"]
    assert (out / "1/b.png").read_bytes() == (tmp_path / "source/x/b.png").read_bytes()


def test_files_of_the_same_name_are_all_kept(folder_items, grouped, out):
    items = folder_items(["x/a.png", "y/a.png", "z/A.png", "z/a-2.png"])
    done = sort_into_folders(items, *grouped(items, [0, 0, 0, 0]), out)
    assert len(set(done.files)) == 4
    assert sorted(gray(out / file) for file in done.files) == [0, 1, 2, 3]
    assert len({file.name.lower() for file in done.files}) == 4


def test_clusters_that_share_a_name_share_a_folder(folder_items, grouped, out):
    items = folder_items(["x/a.png", "y/a.png"])
    done = sort_into_folders(items, *grouped(items, [0, 1], ["cats", "cats"]), out)
    assert done.counts == {"cats": 2}


def test_names_that_read_alike_once_safe_have_two_folders(folder_items, grouped, out):
    items = folder_items(["a.png", "b.png"])
    done = sort_into_folders(items, *grouped(items, [0, 1], ["a/b", "a:b"]), out)
    assert done.counts == {"a_b": 1, "a_b-2": 1}


@pytest.mark.parametrize("name", ["../../escape", "/etc", "..", "con", "a" * 400, ".kmosaic"])
def test_no_name_leads_out_of_the_folder(folder_items, grouped, out, tmp_path, name):
    items = folder_items(["a.png"])
    done = sort_into_folders(items, *grouped(items, [0], [name]), out)
    assert len(done.files[0].parts) == 2
    assert gray(out / done.files[0]) == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["sorted", "source"]


def test_an_empty_cluster_has_no_folder_since_image_folder_refuses_one(folder_items, grouped, out):
    items = folder_items(["a.png"])
    done = sort_into_folders(items, *grouped(items, [0], ["cats", "nothing"]), out)
    assert done.counts == {"cats": 1}
    assert not (out / "nothing").exists()


@pytest.mark.parametrize("how", ["copy", "hardlink", "symlink"])
def test_a_dry_run_says_what_would_be_done_and_does_nothing(
    folder_items, grouped, out, tmp_path, how
):
    items = folder_items(["x/a.png", "y/a.png", "b.jpg"])
    grouping = grouped(items, [0, 0, 1])
    plan = sort_into_folders(items, *grouping, out, how, dry_run=True)
    assert plan.dry_run
    assert [path.name for path in tmp_path.iterdir()] == ["source"]
    done = sort_into_folders(items, *grouping, out, how)
    assert plan.files == done.files


def test_progress_is_told(folder_items, grouped, out):
    told = []
    items = folder_items(["a.png", "b.png"])
    sort_into_folders(items, *grouped(items, [0, 0]), out, on_progress=told.append)
    assert [(event.stage, event.done, event.total) for event in told] == [
        ("sorting", 0, 2),
        ("sorting", 1, 2),
        ("sorting", 2, 2),
    ]


def test_sorting_into_the_source_is_refused(folder_items, grouped, tmp_path):
    items = folder_items(["a.png"])
    for dry_run in (False, True):
        with pytest.raises(InputError, match="lies inside the source"):
            sort_into_folders(
                items, *grouped(items, [0]), tmp_path / "source" / "sorted", dry_run=dry_run
            )


@pytest.mark.parametrize("how", ["copy", "hardlink", "symlink"])
def test_an_original_that_is_gone_is_an_error_and_nothing_is_left(
    folder_items, grouped, out, tmp_path, how
):
    items = folder_items(["a.png", "b.png"])
    grouping = grouped(items, [0, 0])
    (tmp_path / "source" / "b.png").unlink()
    with pytest.raises((InputError, OutputError), match=r"b\.png"):
        sort_into_folders(items, *grouping, out, how)
    assert [path.name for path in tmp_path.iterdir()] == ["source"]


def test_a_full_disk_leaves_the_sorted_folder_of_before(
    folder_items, grouped, out, tmp_path, monkeypatch
):
    items = folder_items(["a.png", "b.png"])
    sort_into_folders(items, *grouped(items, [0, 0]), out)
    mkdir = Path.mkdir

    def full(self, *args, **kwargs):
        if self.name == "1":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        mkdir(self, *args, **kwargs)

    monkeypatch.setattr(Path, "mkdir", full)
    with pytest.raises(OutputError, match="the disk is full"):
        sort_into_folders(items, *grouped(items, [0, 1]), out)
    assert listing(out) == ["0/a.png", "0/b.png"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["sorted", "source"]


def test_what_does_not_belong_together_is_an_error(folder_items, grouped, out):
    items = folder_items(["a.png", "b.png"])
    assignment, names = grouped(items, [0, 1])
    with pytest.raises(InputError, match="not those of the assignment"):
        sort_into_folders(items.take([1, 0]), assignment, names, out)
    with pytest.raises(InputError, match="1 names for 2 clusters"):
        sort_into_folders(items, assignment, grouped(items, [0, 0])[1], out)
    with pytest.raises(InputError, match="copy, hardlink or symlink, not 'move'"):
        sort_into_folders(items, assignment, names, out, "move")
