"""A folder of results that replaces the one before only when it is complete."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import shutil
from itertools import product
from pathlib import Path

import pytest

from kmosaic._errors import InputError, OutputError
from kmosaic._store.files import whole_file
from kmosaic._store.mark import Origin, origin_of
from kmosaic._store.whole_folder import check_out, whole_folder


def write(out, content="new", source=None):
    with whole_folder(out, source=source) as folder:
        (folder / "a.txt").write_text(content)
        (folder / "deep").mkdir()
        (folder / "deep" / "b.txt").write_text(content)


def write_then(out, act):
    with whole_folder(out) as folder:
        (folder / "a.txt").write_text("half")
        act()


def throw(error):
    raise error


def listing(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


WHOLE = [".kmosaic", "a.txt", "deep", "deep/b.txt"]


@pytest.fixture
def out(tmp_path):
    return tmp_path / "out"


def test_the_folder_appears_when_it_is_complete_and_nothing_else_stays(out, tmp_path):
    with whole_folder(out) as folder:
        (folder / "a.txt").write_text("1")
        assert not out.exists()
        assert folder.parent == tmp_path
    assert listing(out) == [".kmosaic", "a.txt"]
    assert list(tmp_path.iterdir()) == [out]


def test_the_folder_has_the_rights_of_any_new_folder(out, tmp_path):
    write(out)
    (tmp_path / "usual").mkdir()
    assert out.stat().st_mode == (tmp_path / "usual").stat().st_mode


def test_a_folder_of_ours_is_replaced_as_a_whole(out, tmp_path):
    with whole_folder(out) as folder:
        (folder / "old.txt").write_text("old")
    write(out)
    assert listing(out) == WHOLE
    assert list(tmp_path.iterdir()) == [out]


def test_folders_above_are_made(tmp_path):
    write(tmp_path / "x" / "y" / "out")
    assert listing(tmp_path / "x" / "y" / "out") == WHOLE


def test_a_link_to_a_folder_of_ours_stays_a_link(out, tmp_path):
    write(out, "old")
    link = tmp_path / "link"
    link.symlink_to(out)
    write(link)
    assert link.is_symlink()
    assert (out / "a.txt").read_text() == "new"


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit, InputError])
def test_a_failure_or_ctrl_c_leaves_what_was_there(out, tmp_path, error):
    write(out, "old")
    with pytest.raises(error):
        write_then(out, lambda: throw(error))
    assert listing(out) == WHOLE
    assert (out / "a.txt").read_text() == "old"
    assert list(tmp_path.iterdir()) == [out]


def test_a_failure_leaves_nothing_where_nothing_was(tmp_path):
    with pytest.raises(KeyboardInterrupt), whole_folder(tmp_path / "x" / "y" / "out"):
        raise KeyboardInterrupt
    assert list(tmp_path.iterdir()) == []


def full_disk(*_, **__):
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def no_permission(*_, **__):
    raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))


def test_a_full_disk_is_told_and_the_old_folder_untouched(out, tmp_path):
    write(out, "old")
    with pytest.raises(OutputError, match="out cannot be written: the disk is full") as caught:
        write_then(out, full_disk)
    assert "untouched" in str(caught.value)
    assert (out / "a.txt").read_text() == "old"
    assert list(tmp_path.iterdir()) == [out]


def test_an_error_names_the_folder_as_the_user_knows_it(out, monkeypatch):
    def write_within():
        with whole_folder(out) as folder, whole_folder(folder / "model") as inner:
            monkeypatch.setattr(os, "fsync", full_disk)
            with whole_file(inner / "a.txt") as file:
                file.write(b"half")

    with pytest.raises(OutputError, match=f"^{out}/model/a.txt cannot be written: the disk is"):
        write_within()


@pytest.mark.parametrize("step", ["fsync", "rename", "mkdir"])
def test_a_disk_that_fills_up_at_any_step_leaves_the_old_folder(out, tmp_path, monkeypatch, step):
    write(out, "old")
    where = os if step == "fsync" else Path
    with monkeypatch.context() as patch:
        patch.setattr(where, step, full_disk)
        with pytest.raises(OutputError, match="the disk is full"):
            write(out)
    assert listing(out) == WHOLE
    assert (out / "a.txt").read_text() == "old"
    assert list(tmp_path.iterdir()) == [out]


@pytest.fixture(params=product((1, 2), ("before", "after"), (KeyboardInterrupt, OSError)), ids=str)
def cut_swap(request, monkeypatch):
    """Something that happens before or after the first or second renaming of the swap."""
    which, moment, error = request.param
    calls = []
    rename = Path.rename

    def cut(self, target):
        calls.append(self)
        if (len(calls), moment) == (which, "before"):
            raise error
        result = rename(self, target)
        if (len(calls), moment) == (which, "after"):
            raise error
        return result

    def start():
        monkeypatch.setattr(Path, "rename", cut)

    return start


def test_whenever_the_swap_is_cut_one_whole_folder_is_there(out, tmp_path, cut_swap):
    write(out, "old")
    cut_swap()
    with contextlib.suppress(KeyboardInterrupt, OutputError):
        write(out, "new")
    assert listing(out) == WHOLE
    assert (out / "a.txt").read_text() == (out / "deep" / "b.txt").read_text()
    assert list(tmp_path.iterdir()) == [out]


@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit])
def test_once_the_new_folder_is_in_place_it_is_too_late_to_stop(out, tmp_path, monkeypatch, error):
    write(out, "old")
    real, left = shutil.rmtree, [error]

    def cut(*args, **options):
        if left:
            raise left.pop()
        real(*args, **options)

    monkeypatch.setattr(shutil, "rmtree", cut)
    write(out, "new")
    assert (out / "a.txt").read_text() == "new"
    assert list(tmp_path.iterdir()) == [out]


def test_no_permission_is_told(out, monkeypatch):
    monkeypatch.setattr(Path, "mkdir", no_permission)
    with pytest.raises(OutputError, match="no permission to write"):
        write(out)


def test_no_permission_is_told_before_long_work(out, monkeypatch):
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(OutputError, match="no permission to write in"):
        check_out(out)


def test_a_folder_that_may_not_be_looked_into_is_told(out, monkeypatch):
    monkeypatch.setattr(Path, "exists", no_permission)
    with pytest.raises(OutputError, match="no permission"):
        check_out(out)


@pytest.mark.parametrize(
    "mark", [None, b"", b"[1]", b'{"made_by": "someone", "files": []}', b"\xff", b"[" * 100_000]
)
def test_a_folder_that_kmosaic_did_not_make_is_refused(out, mark):
    out.mkdir()
    (out / "precious.txt").write_text("mine")
    if mark is not None:
        (out / ".kmosaic").write_bytes(mark)
    with pytest.raises(InputError, match="was not made by kmosaic"):
        write(out)
    assert (out / "precious.txt").read_text() == "mine"


def test_an_empty_folder_that_kmosaic_did_not_make_is_refused(out):
    out.mkdir()
    with pytest.raises(InputError, match="was not made by kmosaic"):
        write(out)


def test_files_that_were_added_since_are_not_deleted(out):
    write(out)
    (out / "deep" / "notes.txt").write_text("mine")
    with pytest.raises(InputError, match=r"1 file\(s\) that kmosaic did not put.*'deep/notes.txt'"):
        write(out)
    assert (out / "deep" / "notes.txt").read_text() == "mine"


def test_what_a_file_viewer_leaves_behind_is_no_obstacle(out):
    write(out)
    (out / "deep" / ".DS_Store").write_text("")
    write(out)
    assert listing(out) == WHOLE


def test_a_folder_that_comes_up_meanwhile_is_not_replaced(out, tmp_path):
    with pytest.raises(InputError, match="was not made by kmosaic"):
        write_then(out, out.mkdir)
    assert list(tmp_path.iterdir()) == [out]
    assert listing(out) == []


def test_a_file_in_the_place_of_the_folder_is_refused(out):
    out.write_text("mine")
    with pytest.raises(InputError, match="is a file: choose"):
        write(out)
    with pytest.raises(InputError, match=r"out/deeper cannot be made: .*out is a file"):
        write(out / "deeper")
    assert out.read_text() == "mine"


@pytest.mark.parametrize(
    ("out", "message"),
    [
        ("photos", "is or holds the source"),
        ("photos/out", "lies inside the source"),
        ("photos/a/../out", "lies inside the source"),
        ("link/out", "lies inside the source"),
        (".", "is or holds the source"),
        ("photos.zip", "is a file"),
    ],
)
def test_the_source_is_never_touched(tmp_path, monkeypatch, out, message):
    (tmp_path / "photos" / "a").mkdir(parents=True)
    (tmp_path / "photos" / "cat.png").write_text("mine")
    (tmp_path / "photos.zip").write_text("mine")
    (tmp_path / "link").symlink_to("photos")
    monkeypatch.chdir(tmp_path)
    source = "photos.zip" if out == "photos.zip" else "photos"
    with pytest.raises(InputError, match=message):
        write(out, source=source)
    assert (tmp_path / "photos" / "cat.png").read_text() == "mine"


def test_a_source_inside_a_folder_of_ours_is_not_deleted_with_it(out):
    write(out)
    for source in (out / "deep", out / "a.txt"):
        with pytest.raises(InputError, match="holds the source"):
            write(out, source=source)
    assert listing(out) == WHOLE


def test_whatever_else_is_read_is_not_deleted_with_a_folder_of_ours(out):
    write(out)
    with pytest.raises(InputError, match="is or holds the model"):
        check_out(out, model=out / "deep")
    with pytest.raises(InputError, match="lies inside the model"):
        check_out(out / "deep" / "new", model=out / "deep")
    check_out(out, model=None, labels=["a", "b"])


@pytest.mark.parametrize("home_is_in", ["source", "out"])
def test_the_home_folder_is_known_by_its_short_name(tmp_path, monkeypatch, home_is_in):
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "photos").mkdir()
    short, full = "~/photos", str(tmp_path / "photos")
    source, out = (short, full) if home_is_in == "source" else (full, short)
    with pytest.raises(InputError, match="lies inside the source"):
        write(f"{out}/groups", source=source)
    write("~/groups", source=source)
    assert listing(tmp_path / "groups") == WHOLE


def test_a_source_that_is_no_path_does_not_matter(out):
    for source in ([1, 2], None, "the bundled digits"):
        write(out, source=source)
        shutil.rmtree(out)


def test_the_folder_one_is_in_is_not_replaced(out, monkeypatch):
    write(out)
    monkeypatch.chdir(out / "deep")
    with pytest.raises(InputError, match="the folder you are in"):
        write(out)


def test_one_folder_can_be_made_within_another(out):
    with whole_folder(out) as folder:
        write(folder / "model")
    assert listing(out / "model") == WHOLE
    write(out / "model")
    write(out)
    assert listing(out) == WHOLE


def test_the_mark_remembers_what_the_folder_was_made_of(out, tmp_path):
    (tmp_path / "t.csv").write_text("x")
    with whole_folder(out, source=tmp_path / "t.csv", command="segment"):
        pass
    assert origin_of(out) == Origin("segment", "t.csv")
    out.rename(tmp_path / "moved")
    assert origin_of(tmp_path / "moved") == Origin.of("segment", tmp_path / "t.csv", out)
    with whole_folder(out, source="an array", command="segment"):
        pass
    assert origin_of(out) is None
    assert origin_of(tmp_path) is None


def test_the_mark_lists_every_file_and_link(out):
    with whole_folder(out) as folder:
        (folder / "caf\udce9").write_text("")
        (folder / "link").symlink_to("elsewhere")
        (folder / "away").symlink_to(folder.parent)
    mark = json.loads((out / ".kmosaic").read_text())
    assert mark == {"made_by": "kmosaic", "files": ["away", "caf\udce9", "link"]}
    write(out)
