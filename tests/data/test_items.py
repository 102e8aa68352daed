"""What all kinds of items promise, looped over every reader."""

from __future__ import annotations

import gzip
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import PIL.Image
import pytest

from kmosaic._errors import InputError
from kmosaic.data import READERS, Items, Skipped, as_items, ensure_readable, open_images
from kmosaic.data.reader import Reading

N = 6
IMAGES = np.random.default_rng(0).integers(0, 256, (N, 9, 11), dtype=np.uint8)
IDX = bytes([0, 0, 8, 3]) + b"".join(axis.to_bytes(4, "big") for axis in IMAGES.shape)


def fill(folder: Path) -> Path:
    for number, image in enumerate(IMAGES):
        file = folder / ("even" if number < 3 else "odd") / f"{number}.png"
        file.parent.mkdir(parents=True, exist_ok=True)
        PIL.Image.fromarray(image).save(file)
    return folder


def zipped(tmp_path: Path) -> Path:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for file in fill(tmp_path / "a").rglob("*.png"):
            archive.write(file, file.relative_to(tmp_path))
    return tmp_path / "a.zip"


def tarred(tmp_path: Path) -> Path:
    with tarfile.open(tmp_path / "a.tgz", "w:gz") as archive:
        archive.add(fill(tmp_path / "a"), "a")
    return tmp_path / "a.tgz"


def idx_folder(tmp_path: Path) -> Path:
    (tmp_path / "train-images-idx3-ubyte.gz").write_bytes(gzip.compress(IDX + IMAGES.tobytes()))
    return tmp_path


def idx_file(tmp_path: Path) -> Path:
    (tmp_path / "pictures").write_bytes(IDX + IMAGES.tobytes())
    return tmp_path / "pictures"


def npy(tmp_path: Path) -> Path:
    np.save(tmp_path / "a.npy", IMAGES)
    return tmp_path / "a.npy"


def npz(tmp_path: Path) -> Path:
    np.savez(tmp_path / "a.npz", X=IMAGES)
    return tmp_path / "a.npz"


# One example of every line of READERS: a new reader is tested by being listed here.
EXAMPLES: dict[str, Callable[[Path], Path]] = {
    "a folder of IDX files": idx_folder,
    "a folder of images": lambda tmp_path: fill(tmp_path / "a"),
    "a .zip archive": zipped,
    "a .tar archive (.tar.gz, .tar.bz2, .tar.xz)": tarred,
    "a .npy array": npy,
    "an .npz file": npz,
    "an IDX file": idx_file,
}


def test_every_reader_has_an_example() -> None:
    assert EXAMPLES.keys() == READERS.keys()


@pytest.fixture(params=READERS)
def items(request: pytest.FixtureRequest, tmp_path: Path) -> Items:
    """The same six pictures, from every kind of source."""
    path = EXAMPLES[request.param](tmp_path)
    reading = Reading(path, str(path))
    (chosen,) = [name for name, one in READERS.items() if one.matches(path)][:1]
    assert chosen == request.param
    return READERS[chosen].read(reading)


def test_the_same_pictures_come_from_every_source(items: Items) -> None:
    np.testing.assert_array_equal(items.read(range(N)), IMAGES)


def test_ids_are_unique_and_as_many_as_items(items: Items) -> None:
    assert len(items) == len(items.ids) == len(set(items.ids)) == N


@pytest.mark.parametrize("size", [None, 1, 4, 100])
def test_batches_hold_every_item_once_and_in_order(items: Items, size: int | None) -> None:
    batches = list(items.batches(size))
    assert np.concatenate([batch.index for batch in batches]).tolist() == list(range(N))
    assert all(len(batch.images) == len(batch.index) <= (size or N) for batch in batches)


def test_pictures_are_bytes_of_two_or_three_axes(items: Items) -> None:
    assert all(image.dtype == np.uint8 and image.shape == (9, 11) for image in items.read([0, 1]))


def test_pictures_cannot_be_written_to(items: Items) -> None:
    with pytest.raises(ValueError, match="read-only"):
        items.read([0])[0][0, 0] = 1


def test_batches_can_be_asked_for_again_and_left_early(items: Items) -> None:
    first = next(iter(items.batches(2)))
    again = next(iter(items.batches(2)))
    np.testing.assert_array_equal(first.images, again.images)


def test_taking_keeps_order_ids_and_labels_together(items: Items) -> None:
    labeled = items.with_labels(np.array(list("abcdef"), dtype=object))
    taken = labeled.take([4, 0, -1])
    assert taken.labels is not None
    assert taken.labels.tolist() == ["e", "a", "f"]
    assert taken.ids == [items.ids[4], items.ids[0], items.ids[5]]
    np.testing.assert_array_equal(taken.read(range(3)), IMAGES[[4, 0, 5]])
    assert len(items.take([])) == 0
    assert list(items.take([]).batches()) == []
    assert items.take(np.arange(N) % 2 == 0).ids == list(items.ids[::2])


@pytest.mark.parametrize("index", [[N], [-N - 1], [0.5], [[0]], ["a"]])
def test_positions_that_are_none_are_an_error(items: Items, index: list[object]) -> None:
    with pytest.raises(InputError, match="index"):
        items.take(index)  # type: ignore[arg-type]


def test_labels_of_another_number_are_an_error(items: Items) -> None:
    with pytest.raises(InputError, match="6 items"):
        items.with_labels(np.array(["a"], dtype=object))
    assert items.with_labels(None).labels is None


def test_the_hash_is_that_of_content_and_order(items: Items) -> None:
    assert items.content_hash() == items.take(range(N)).content_hash()
    assert items.content_hash() != items.take([1, 0, 2, 3, 4, 5]).content_hash()
    assert items.content_hash() != items.take([0, 1, 2, 3, 4]).content_hash()
    assert items.content_hash() == items.with_labels(None).content_hash()


def test_every_item_can_be_written_as_an_image_file(items: Items, tmp_path: Path) -> None:
    written = items.write(2, tmp_path, "written")
    assert written.name == f"written{items.suffix(2)}"
    with PIL.Image.open(written) as picture:
        np.testing.assert_array_equal(np.asarray(picture), IMAGES[2])


def test_an_item_is_a_file_on_disk_or_has_no_path(items: Items) -> None:
    path = items.path(1)
    assert path is None or path.is_file()


def test_reading_what_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    folder = fill(tmp_path / "a")
    (folder / "even" / "1.png").write_bytes(b"")
    with pytest.raises(InputError, match=r"'even/1\.png' cannot be read: the file is empty"):
        open_images(folder).read([0, 1])


def test_none_readable_is_an_error_and_some_are_not(tmp_path: Path) -> None:
    for name in ("1.png", "2.png"):
        (tmp_path / name).write_bytes(b"")
    items = open_images(tmp_path)
    skipped: list[Skipped] = []
    assert list(items.batches(on_skip=skipped.append)) == []
    with pytest.raises(InputError, match=r"None of the 2 images in .*'1\.png': the file is empty"):
        ensure_readable(items, skipped)
    ensure_readable(items, skipped[:1])
    ensure_readable(as_items(IMAGES), [])
