"""Files that are whole or not there."""

from __future__ import annotations

import errno
import os

import pytest

from kmosaic._errors import InputError, OutputError
from kmosaic._store.files import beside, settle, told_plainly, whole_file


def test_a_file_appears_when_it_is_complete(tmp_path):
    path = tmp_path / "a.txt"
    with whole_file(path, text=True) as file:
        file.write("one\ntwo\r\n")
        assert not path.exists()
    assert path.read_bytes() == b"one\ntwo\r\n"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, OSError])
def test_a_failure_leaves_the_old_file_and_no_rest(tmp_path, error):
    path = tmp_path / "a.bin"
    path.write_bytes(b"old")

    def fail():
        with whole_file(path) as file:
            file.write(b"new")
            raise error

    with pytest.raises(OutputError if error is OSError else error):
        fail()
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "the disk is full"),
        (errno.EACCES, "no permission"),
        (errno.EROFS, "read-only"),
        (errno.EIO, "Input/output error"),
    ],
)
def test_what_the_system_says_is_told_plainly(number, words):
    with (
        pytest.raises(OutputError, match=f"^out cannot be written: .*{words}"),
        told_plainly("out"),
    ):
        raise OSError(number, os.strerror(number))


def test_our_own_errors_pass_unchanged():
    with pytest.raises(InputError, match=r"^mine$"), told_plainly("out"):
        raise InputError("mine")
    with pytest.raises(OutputError, match=r"^mine$"), told_plainly("out"):
        raise OutputError("mine")


def test_names_beside_are_in_the_same_folder_short_and_different(tmp_path):
    path = tmp_path / ("x" * 250)
    names = {beside(path, ".part") for _ in range(100)}
    assert len(names) == 100
    assert all(name.parent == tmp_path and len(name.name) < 60 for name in names)


def test_settling_a_folder_that_is_gone_does_no_harm(tmp_path):
    settle(tmp_path / "none")


def test_a_hidden_name_is_never_told(tmp_path):
    hidden = tmp_path / ".out-1234.part"
    with pytest.raises(OutputError) as told, told_plainly(tmp_path / "out", hidden=hidden):
        raise OSError(errno.EIO, "Trouble", str(hidden / "a.png"))
    assert f"Trouble ({tmp_path / 'out' / 'a.png'})." in str(told.value)
    with (
        pytest.raises(OutputError, match=r"written: Trouble\.") as told,
        told_plainly(tmp_path / "out", hidden=hidden),
    ):
        raise OSError(errno.EIO, "Trouble", str(hidden))
    assert ".part" not in str(told.value)
