"""What a killed run left is cleared away by the next one, and nothing else is."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

import pytest

from kmosaic._errors import OutputError
from kmosaic._store.mark import MARK, remove
from kmosaic._store.whole_folder import whole_folder

NAME = ".out-0123abcd"


def write(folder: Path, content: str) -> None:
    with whole_folder(folder) as part:
        (part / "a.txt").write_text(content)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


def left(out: Path, ending: str) -> Path:
    """A folder of ours under a name that a killed run leaves."""
    write(out, "old")
    return out.rename(out.parent / f"{NAME}{ending}")


def fail_within(out: Path) -> None:
    with whole_folder(out):
        raise OutputError("no luck")


def test_old_results_left_behind_are_removed_by_the_next_run(out: Path) -> None:
    left(out, ".old")
    write(out, "newer")
    assert list(out.parent.iterdir()) == [out]
    assert (out / "a.txt").read_text() == "newer"


def test_what_was_half_removed_is_removed_and_not_taken_for_results(out: Path) -> None:
    old = left(out, ".old")
    (old / "a.txt").unlink()
    with pytest.raises(OutputError, match="no luck"):
        fail_within(out)
    assert list(out.parent.iterdir()) == []


def test_results_put_aside_by_a_killed_run_come_back(out: Path) -> None:
    left(out, ".old")
    with pytest.raises(OutputError, match="no luck"):
        fail_within(out)
    assert list(out.parent.iterdir()) == [out]
    assert (out / "a.txt").read_text() == "old"


def test_a_folder_half_written_is_removed_when_it_is_a_day_old(out: Path) -> None:
    part = left(out, ".part")
    write(out, "new")
    assert part.exists()  # another run may be writing it
    yesterday = time.time() - 25 * 3600
    for path in (part / MARK, part):
        os.utime(path, (yesterday, yesterday))
    write(out, "new")
    assert list(out.parent.iterdir()) == [out]


def test_a_folder_is_known_as_ours_from_its_first_moment(out: Path) -> None:
    with whole_folder(out) as part:
        assert (part / MARK).is_file()


@pytest.mark.parametrize("ending", [".old", ".part"])
def test_a_folder_without_our_mark_stays(out: Path, ending: str) -> None:
    other = out.parent / f"{NAME}{ending}"
    other.mkdir()
    (other / "precious.txt").write_text("mine")
    os.utime(other, (0, 0))
    write(out, "new")
    assert (other / "precious.txt").read_text() == "mine"


def test_old_results_to_which_something_was_added_stay(out: Path) -> None:
    old = left(out, ".old")
    (old / "precious.txt").write_text("mine")
    write(out, "new")
    assert (old / "precious.txt").read_text() == "mine"


def test_leftovers_of_another_name_stay(out: Path) -> None:
    old = left(out, ".old")
    write(out.parent / "out-0123abcd", "new")
    assert old.exists()


def test_the_mark_goes_last_so_that_a_removal_cut_short_can_be_ended(
    out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(out, "old")

    def cut(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(shutil, "rmtree", cut)
    with pytest.raises(KeyboardInterrupt):
        remove(out)
    assert [path.name for path in out.iterdir()] == [MARK]
