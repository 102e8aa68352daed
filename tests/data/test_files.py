from __future__ import annotations

import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import cast

import numpy as np
import PIL.Image
import pytest

from kmosaic.data import Skipped, files, open_images
from kmosaic.data.ahead import ReadAhead

MakeImages = Callable[..., Path]


def test_files_that_cannot_be_read_are_skipped_and_the_rest_comes(make_images: MakeImages) -> None:
    source = make_images([f"{i}.png" for i in range(6)], size=(60, 60))
    whole = (source / "1.png").read_bytes()
    (source / "1.png").write_bytes(whole[: len(whole) // 2])
    (source / "3.png").write_bytes(b"")
    (source / "4.png").write_bytes(b"no image")
    skipped: list[Skipped] = []
    batches = list(open_images(source).batches(2, on_skip=skipped.append))
    assert [batch.index.tolist() for batch in batches] == [[0], [2], [5]]
    assert [one.id for one in skipped] == ["1.png", "3.png", "4.png"]
    assert "cut off" in skipped[0].reason
    assert "empty" in skipped[1].reason
    assert "not a PNG" in skipped[2].reason


def test_mixed_sizes_and_modes_are_all_read(make_images: MakeImages) -> None:
    for number, mode in enumerate(["RGB", "L", "RGBA", "P", "1"]):
        source = make_images([f"{number}.png"], size=(5 + number, 9), mode=mode)
    images = open_images(source).read(range(5))
    assert [image.shape for image in images] == [
        (9, 5, 3),
        (9, 6),
        (9, 7, 3),
        (9, 8, 3),
        (9, 9),
    ]


def test_the_pixel_limit_can_be_set(make_images: MakeImages) -> None:
    source = make_images(["1.png"], size=(10, 10))
    skipped: list[Skipped] = []
    assert not list(open_images(source, max_pixels=99).batches(on_skip=skipped.append))
    assert "over the limit" in skipped[0].reason
    assert len(open_images(source, max_pixels=100).read([0])) == 1


def test_batches_are_bounded_by_bytes(
    make_images: MakeImages, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        files, "ReadAhead", lambda *given, **kept: ReadAhead(*given, **kept, batch_bytes=2500)
    )
    source = make_images([f"{i}.png" for i in range(5)], size=(20, 20))  # 1200 bytes each
    sizes = [len(batch.images) for batch in open_images(source).batches()]
    assert sizes == [3, 2]


def test_equal_bytes_have_equal_hashes_whatever_their_names(make_images: MakeImages) -> None:
    one = open_images(make_images(["a/1.png", "b/2.png"], "one"))
    other = open_images(make_images(["x.png", "y.png"], "other"))
    assert one.content_hash() == other.content_hash()
    assert one.content_hash() == open_images(one.source).content_hash()


def test_other_bytes_order_or_limits_have_other_hashes(make_images: MakeImages) -> None:
    items = open_images(make_images([f"{i}.png" for i in range(3)]))
    hashes = [items.content_hash(), items.take([0, 1]).content_hash()]
    hashes += [items.take([1, 0, 2]).content_hash()]
    hashes += [open_images(items.source, max_pixels=1000).content_hash()]
    file = items.path(2)
    assert file is not None
    file.write_bytes(file.read_bytes() + b"\0")
    hashes += [items.content_hash()]
    file.unlink()
    hashes += [items.content_hash()]
    assert len(set(hashes)) == 6


def test_writing_keeps_bytes_and_suffix_and_overwrites_nothing(
    make_images: MakeImages, tmp_path: Path
) -> None:
    items = open_images(make_images(["1.JPEG"]))
    written = items.write(0, tmp_path, "copy")
    assert written == tmp_path / "copy.JPEG"
    assert written.read_bytes() == (tmp_path / "images" / "1.JPEG").read_bytes()
    with pytest.raises(FileExistsError):
        items.write(0, tmp_path, "copy")


_MEASURE = """
import resource, sys
from functools import partial
from kmosaic.data import files, open_images
if len(sys.argv) > 2:
    bounds = dict(batch_bytes=int(sys.argv[2]), ahead_bytes=int(sys.argv[3]))
    files.ReadAhead = partial(files.ReadAhead, **bounds)
items = open_images(sys.argv[1])
items.read([0])
start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
n = sum(len(batch.images) for batch in items.batches())
items.content_hash()
print(n, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - start)
"""


def peak_growth(source: Path, *bounds: int) -> tuple[int, int]:
    """How many images were read, and the bytes that reading added to the peak of memory."""
    done = subprocess.run(
        [sys.executable, "-c", _MEASURE, str(source), *map(str, bounds)],
        capture_output=True,
        text=True,
        check=True,
    )
    count, growth = map(int, done.stdout.split())
    return count, growth * (1024 if sys.platform == "linux" else 1)


def _png(folder: Path) -> Path:
    PIL.Image.fromarray(np.eye(28, dtype=np.uint8) * 255).save(folder / "0.png")
    return folder / "0.png"


def test_many_small_files_take_little_memory(tmp_path: Path) -> None:
    first = _png(tmp_path)
    for number in range(1, 4000):
        (tmp_path / f"{number}.png").hardlink_to(first)
    # 70,000 may take 1 GiB, so 4,000 may take 58 MiB on top of the start.
    count, growth = peak_growth(tmp_path)
    assert count == 4000
    assert growth < 58 << 20


def test_large_files_are_not_held_all_at_once(tmp_path: Path) -> None:
    PIL.Image.new("RGB", (1500, 1500)).save(tmp_path / "0.png", compress_level=1)
    for number in range(1, 40):
        (tmp_path / f"{number}.png").hardlink_to(tmp_path / "0.png")
    count, growth = peak_growth(tmp_path, 14 << 20, 40 << 20)
    assert count == 40
    assert growth < 120 << 20  # all 40 would be 270 MB


def test_a_zip_bomb_is_not_unpacked(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "0.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(_png(tmp_path), "0.png")
        for number in (1, 2):
            archive.writestr(f"{number}.png", bytes(200 << 20), compresslevel=1)
    count, growth = peak_growth(tmp_path / "0.zip")
    assert count == 1
    assert growth < 20 << 20


def test_memory_is_asked_for_before_a_file_is_read(make_images: MakeImages) -> None:
    items = open_images(make_images(["1.png"]))
    file = items.path(0)
    assert file is not None

    class NoMemoryError(Exception):
        """Nothing is allowed."""

    def refuse(size: int) -> None:
        asked.append(size)
        raise NoMemoryError

    asked: list[int] = []
    with pytest.raises(NoMemoryError):
        cast(files.FileItems, items)._decode(0, None, refuse)
    assert asked == [file.stat().st_size]
