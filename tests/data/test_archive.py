"""Properties that zip and tar readers share; what is special to one is in its own file."""

from __future__ import annotations

import contextlib
import io
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from kmosaic._errors import InputError
from kmosaic.data import Skipped, open_images

MakeImages = Callable[..., Path]
Pack = Callable[[Path, dict[str, bytes]], Path]

KINDS = ["zip", "tar", "tar.gz", "tar.bz2", "tar.xz", "tgz"]


@pytest.fixture(params=KINDS)
def pack(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[dict[str, bytes]], Path]:
    """A function that packs names and bytes into an archive of each kind."""
    target = tmp_path / f"pack.{request.param}"

    def pack_it(members: dict[str, bytes]) -> Path:
        if request.param == "zip":
            with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
                for name, data in members.items():
                    archive.writestr(name, data)
            return target
        compression = target.suffix[1:].replace("tgz", "gz").replace("tar", "")
        with tarfile.open(target, f"w:{compression}") as tar:  # type: ignore[call-overload]
            for name, data in members.items():
                member = tarfile.TarInfo(name)
                member.size = len(data)
                tar.addfile(member, io.BytesIO(data))
        return target

    return pack_it


PackIt = Callable[[dict[str, bytes]], Path]


@pytest.fixture
def members(make_images: MakeImages) -> dict[str, bytes]:
    """Four images by name, in no good order."""
    folder = make_images(["b/10.png", "b/2.png", "a/1.jpg", "a/sub/3.gif"])
    files = [one for one in folder.rglob("*") if one.is_file()]
    return {one.relative_to(folder).as_posix(): one.read_bytes() for one in files}


def test_an_archive_gives_what_its_folder_gives(
    pack: PackIt, members: dict[str, bytes], tmp_path: Path
) -> None:
    packed, folder = open_images(pack(members)), open_images(tmp_path / "images")
    assert packed.ids == folder.ids == ["a/1.jpg", "a/sub/3.gif", "b/2.png", "b/10.png"]
    assert packed.labels is not None
    assert packed.labels.tolist() == ["a", "sub", "b", "b"]
    assert packed.content_hash() == folder.content_hash()
    for ours, theirs in zip(packed.read(range(4)), folder.read(range(4)), strict=True):
        np.testing.assert_array_equal(ours, theirs)


def test_nothing_is_extracted(pack: PackIt, members: dict[str, bytes], tmp_path: Path) -> None:
    source = pack(members)
    before = sorted(tmp_path.rglob("*"))
    items = open_images(source)
    list(items.batches())
    assert sorted(tmp_path.rglob("*")) == before
    assert items.path(0) is None


def test_names_that_lead_outside_are_refused_and_reported(
    pack: PackIt, members: dict[str, bytes]
) -> None:
    image = members["b/2.png"]
    source = pack({"good.png": image, "../evil.png": image, "/etc/evil.png": image})
    items = open_images(source)
    skipped: list[Skipped] = []
    list(items.batches(on_skip=skipped.append))
    assert items.ids == ["good.png"]
    assert skipped == list(items.refused)
    assert {one.id: one.reason for one in skipped} == {
        "../evil.png": "its name leads out of the archive ('..')",
        "/etc/evil.png": "its name is an absolute path",
    }
    assert items.take([0]).refused == ()


def test_hidden_members_are_passed_over_and_others_counted(
    pack: PackIt, members: dict[str, bytes]
) -> None:
    image = members["b/2.png"]
    source = pack({"./1.png": image, "__MACOSX/._1.png": b"x", "a/.b/2.png": image, "3.txt": b""})
    items = open_images(source)
    assert items.ids == ["1.png"]
    assert items.notes == ("1 other file was ignored (1 .txt).",)


def test_of_two_members_that_would_be_one_file_the_earlier_is_reported(
    pack: PackIt, members: dict[str, bytes]
) -> None:
    items = open_images(pack({"1.png": b"no image", "./1.png": members["b/2.png"]}))
    assert items.ids == ["1.png"]
    assert len(items.read([0])) == 1
    assert items.refused == (Skipped("1.png (the earlier)", "a later member has this name too"),)


def test_a_damaged_member_is_skipped_with_its_reason(
    pack: PackIt, members: dict[str, bytes]
) -> None:
    skipped: list[Skipped] = []
    items = open_images(pack({"1.png": members["b/2.png"], "2.png": b"no image", "3.png": b""}))
    (batch,) = items.batches(on_skip=skipped.append)
    assert batch.index.tolist() == [0]
    assert [one.id for one in skipped] == ["2.png", "3.png"]


def test_an_archive_without_images_says_so(pack: PackIt) -> None:
    with pytest.raises(InputError, match=r"no image .* 1 other file was ignored"):
        open_images(pack({"a.txt": b"text"}))
    with pytest.raises(InputError, match=r"'\.\./a\.png' was refused"):
        open_images(pack({"../a.png": b"text"}))


def test_a_damaged_archive_says_so(pack: PackIt, members: dict[str, bytes]) -> None:
    source = pack(members | {"noise.png": np.random.default_rng(0).bytes(50_000)})
    whole = source.read_bytes()
    for part in (whole[: len(whole) // 2], b"", b"no archive at all" * 100):
        source.write_bytes(part)
        with pytest.raises(InputError, match=r"damaged|no image|cannot be read"):
            open_images(source)


def test_bytes_changed_anywhere_give_images_or_one_clear_error(
    pack: PackIt, members: dict[str, bytes]
) -> None:
    source = pack(members)
    whole = source.read_bytes().rstrip(b"\0") + bytes(1024)
    random = np.random.default_rng(0)
    for _ in range(100):
        damaged = np.frombuffer(whole, np.uint8).copy()
        places = random.integers(0, len(whole), random.integers(1, 6))
        damaged[places] = random.integers(0, 256, len(places))
        source.write_bytes(damaged.tobytes())
        with contextlib.suppress(InputError):
            list(open_images(source).batches())


def test_a_huge_member_is_refused_before_it_is_unpacked(pack: PackIt) -> None:
    source = pack({"bomb.png": bytes((16 << 20) + 9000), "1.txt": b""})
    with pytest.raises(InputError, match="more than an image can need"):
        open_images(source, max_pixels=1000)


def test_writing_keeps_the_bytes_of_a_member(
    pack: PackIt, members: dict[str, bytes], tmp_path: Path
) -> None:
    items = open_images(pack(members))
    assert items.write(0, tmp_path, "copy").read_bytes() == members["a/1.jpg"]
    assert items.suffix(0) == ".jpg"
