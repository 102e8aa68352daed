from __future__ import annotations

import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from kmosaic._errors import InputError
from kmosaic.data import Skipped, open_images

MakeImages = Callable[..., Path]


def test_of_two_members_of_one_name_the_later_counts(
    make_images: MakeImages, tmp_path: Path
) -> None:
    image = (make_images(["1.png"]) / "1.png").read_bytes()
    with warnings.catch_warnings(), zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        warnings.simplefilter("ignore")
        archive.writestr("1.png", b"old")
        archive.writestr("1.png", image)
    items = open_images(tmp_path / "a.zip")
    assert items.ids == ["1.png"]
    assert [one.id for one in items.refused] == ["1.png (the earlier)"]
    assert len(items.read([0])) == 1


def test_windows_names_are_taken(make_images: MakeImages, tmp_path: Path) -> None:
    image = (make_images(["1.png"]) / "1.png").read_bytes()
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("cats\\1.png", image)
        archive.writestr("C:\\cats\\2.png", image)
    items = open_images(tmp_path / "a.zip")
    assert items.ids == ["cats/1.png"]
    assert [one.reason for one in items.refused] == ["its name is an absolute path"]
    assert len(items.read([0])) == 1


def test_an_encrypted_member_is_refused(make_images: MakeImages, tmp_path: Path) -> None:
    image = (make_images(["1.png"]) / "1.png").read_bytes()
    file = tmp_path / "a.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("1.png", image)
    data = bytearray(file.read_bytes())
    data[data.index(b"PK\x01\x02") + 8] |= 1  # the flag in the central directory
    file.write_bytes(data)
    with pytest.raises(InputError, match="it is encrypted"):
        open_images(file)


def test_a_member_with_a_wrong_checksum_is_skipped(make_images: MakeImages, tmp_path: Path) -> None:
    image = (make_images(["1.png"]) / "1.png").read_bytes()
    file = tmp_path / "a.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("1.png", image)
    data = bytearray(file.read_bytes())
    data[data.index(image) + len(image) // 2] ^= 0xFF
    file.write_bytes(data)
    skipped: list[Skipped] = []
    assert not list(open_images(file).batches(on_skip=skipped.append))
    assert "Bad CRC-32" in skipped[0].reason


@pytest.mark.parametrize("cause", ["version", "name"])
def test_a_zip_whose_directory_is_damaged_says_so(
    make_images: MakeImages, tmp_path: Path, cause: str
) -> None:
    file = tmp_path / "a.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.write(make_images(["1.png"]) / "1.png", "ü.png")
    data = bytearray(file.read_bytes())
    entry = data.index(b"PK\x01\x02")
    data[entry + (6 if cause == "version" else 46)] = 0xFF
    file.write_bytes(data)
    with pytest.raises(InputError, match="is no zip archive, or damaged"):
        open_images(file)


def test_a_member_whose_own_header_is_damaged_is_skipped(
    make_images: MakeImages, tmp_path: Path
) -> None:
    file = tmp_path / "a.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.write(make_images(["1.png"]) / "1.png", "ü.png")
    data = bytearray(file.read_bytes())
    data[30] = 0xFF  # the first byte of the name, UTF-8
    file.write_bytes(data)
    skipped: list[Skipped] = []
    assert not list(open_images(file).batches(on_skip=skipped.append))
    assert "damaged in the archive" in skipped[0].reason
