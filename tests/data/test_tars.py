from __future__ import annotations

import contextlib
import errno
import io
import os
import tarfile
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from kmosaic._errors import InputError
from kmosaic.data import Skipped, growth, open_images, tars

MakeImages = Callable[..., Path]


def test_links_inside_an_archive_are_refused(make_images: MakeImages, tmp_path: Path) -> None:
    source = make_images(["1.png"])
    (source / "2.png").symlink_to("/etc/passwd")
    (source / "3.png").hardlink_to(source / "1.png")
    with tarfile.open(tmp_path / "a.tar", "w") as archive:
        for name in ("1.png", "2.png", "3.png"):
            archive.add(source / name, name)
    items = open_images(tmp_path / "a.tar")
    assert items.ids == ["1.png"]
    assert items.refused == (
        Skipped("2.png", "it is a link inside the archive"),
        Skipped("3.png", "it is a link inside the archive"),
    )


def test_a_plain_tar_is_read_in_place(
    make_images: MakeImages, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = make_images(["1.png"])
    with tarfile.open(tmp_path / "a.tar", "w") as archive:
        archive.add(source, "images")
    monkeypatch.setattr(tempfile, "TemporaryFile", None)
    assert open_images(tmp_path / "a.tar").ids == ["images/1.png"]


def test_a_compressed_tar_that_is_named_tar_is_read(
    make_images: MakeImages, tmp_path: Path
) -> None:
    source = make_images(["1.png"])
    with tarfile.open(tmp_path / "a.tar", "w:gz") as archive:
        archive.add(source, "images")
    assert len(open_images(tmp_path / "a.tar").read([0])) == 1


def test_no_room_for_the_temporary_file_names_the_cure(
    make_images: MakeImages, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Full(io.BytesIO):
        def write(self, data: object, /) -> int:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with tarfile.open(tmp_path / "a.tgz", "w:gz") as archive:
        archive.add(make_images(["1.png"]), "images")
    monkeypatch.setattr(tars.tempfile, "TemporaryFile", Full)
    with pytest.raises(InputError, match=r"No room in .* set TMPDIR"):
        open_images(tmp_path / "a.tgz")


def test_an_archive_cut_short_after_it_was_opened_skips_what_is_gone(
    make_images: MakeImages, tmp_path: Path
) -> None:
    file = tmp_path / "a.tar"
    with tarfile.open(file, "w") as archive:
        archive.add(make_images(["1.png"]), "images")
    items = open_images(file)
    os.truncate(file, 600)
    skipped: list[Skipped] = []
    assert not list(items.batches(on_skip=skipped.append))
    assert skipped == [Skipped("images/1.png", "the archive ends in the middle of it")]


@pytest.mark.parametrize("kind", ["", "gz", "bz2", "xz"])
def test_damage_in_the_middle_is_told_and_drops_no_image_in_silence(
    make_images: MakeImages, tmp_path: Path, kind: str
) -> None:
    file = tmp_path / f"a.tar.{kind}".rstrip(".")
    with tarfile.open(file, f"w:{kind}") as archive:  # type: ignore[call-overload]
        for name in ("1.png", "2.png", "3.png"):
            archive.add(make_images([name], size=(90, 90)) / name, name)
    data = bytearray(file.read_bytes())
    header = data.find(b"2.png") if kind == "" else len(data) // 2
    data[header : header + 300] = b"x" * 300
    file.write_bytes(data)
    with pytest.raises(InputError, match=r"damaged|Invalid data stream"):
        open_images(file)


def test_a_tar_without_an_end_mark_is_read(make_images: MakeImages, tmp_path: Path) -> None:
    file = tmp_path / "a.tar"
    with tarfile.open(file, "w") as archive:
        archive.add(make_images(["1.png"]) / "1.png", "1.png")
        end = archive.offset
    os.truncate(file, end)
    assert open_images(file).ids == ["1.png"]


@pytest.mark.parametrize("field", [slice(124, 136), slice(136, 148)])  # size, time
def test_a_header_with_an_impossible_number_gives_one_clear_error(
    make_images: MakeImages, tmp_path: Path, field: slice
) -> None:
    file = tmp_path / "a.tar"
    with tarfile.open(file, "w") as archive:
        archive.add(make_images(["1.png"]) / "1.png", "1.png")
    whole, random = file.read_bytes(), np.random.default_rng(0)
    for first in [0x80, 0xFF] * 20:  # the mark of a binary number
        header = bytearray(whole[:512])
        header[field] = bytes([first]) + random.bytes(11)
        header[148:156] = b" " * 8
        header[148:156] = b"%06o\0 " % sum(header)
        file.write_bytes(bytes(header) + whole[512:])
        with contextlib.suppress(InputError):
            list(open_images(file).batches())


def test_a_small_archive_that_would_fill_the_disk_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(growth, "ALWAYS_ALLOWED", 1 << 20)
    with tarfile.open(tmp_path / "a.tgz", "w:gz") as archive:
        for number in range(10):
            member = tarfile.TarInfo(f"{number}.png")
            member.size = 1 << 20
            archive.addfile(member, io.BytesIO(bytes(1 << 20)))
    with pytest.raises(InputError, match=r"more than 1,\d{3},\d{3} bytes .* give the folder"):
        open_images(tmp_path / "a.tgz")
