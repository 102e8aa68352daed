from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pytest

from kmosaic._errors import InputError
from kmosaic.data import Items, open_images


def write_idx(file: Path, values: np.ndarray) -> Path:
    axes = b"".join(axis.to_bytes(4, "big") for axis in values.shape)
    data = bytes([0, 0, 8, values.ndim]) + axes + values.astype(np.uint8).tobytes()
    file.write_bytes(gzip.compress(data) if file.suffix == ".gz" else data)
    return file


@pytest.fixture
def mnist_like(tmp_path: Path) -> Path:
    """The four files of MNIST in small: train holds 1 to 5, test holds 6 to 8."""
    for part, numbers in (("train", range(1, 6)), ("t10k", range(6, 9))):
        values = np.array(numbers)
        images = np.broadcast_to(values[:, None, None] * 10, (len(values), 6, 7))
        write_idx(tmp_path / f"{part}-images-idx3-ubyte.gz", images)
        write_idx(tmp_path / f"{part}-labels-idx1-ubyte.gz", values)
    return tmp_path


def first_pixels(items: Items) -> list[int]:
    return [int(image[0, 0]) for image in items.read(range(len(items)))]


def test_the_four_files_give_train_then_test(mnist_like: Path) -> None:
    items = open_images(mnist_like)
    assert items.ids == [str(row) for row in range(8)]
    assert first_pixels(items) == [10, 20, 30, 40, 50, 60, 70, 80]
    assert items.labels is not None
    assert items.labels.tolist() == list("12345678")


def test_one_file_finds_its_labels_by_name(mnist_like: Path) -> None:
    items = open_images(mnist_like / "t10k-images-idx3-ubyte.gz")
    assert items.labels is not None
    assert items.labels.tolist() == list("678")


def test_labels_may_be_packed_otherwise_than_the_images(tmp_path: Path) -> None:
    write_idx(tmp_path / "a-images.idx3-ubyte", np.ones((2, 4, 4)))
    write_idx(tmp_path / "a-labels.idx1-ubyte.gz", np.array([3, 4]))
    items = open_images(tmp_path / "a-images.idx3-ubyte")
    assert items.labels is not None
    assert items.labels.tolist() == ["3", "4"]


def test_images_without_labels_have_none(mnist_like: Path) -> None:
    (mnist_like / "t10k-labels-idx1-ubyte.gz").unlink()
    labels = open_images(mnist_like).labels
    assert labels is not None
    assert labels.tolist() == [*"12345", None, None, None]
    (mnist_like / "train-labels-idx1-ubyte.gz").unlink()
    assert open_images(mnist_like).labels is None


def test_a_packed_and_an_unpacked_copy_count_once(mnist_like: Path) -> None:
    write_idx(mnist_like / "train-images-idx3-ubyte", np.full((5, 6, 7), 9))
    assert first_pixels(open_images(mnist_like))[:5] == [9] * 5


def test_any_name_will_do_for_one_file(tmp_path: Path) -> None:
    file = write_idx(tmp_path / "pictures.bin", np.full((2, 4, 4), 7))
    assert len(open_images(file)) == 2


def test_labels_given_instead_of_images_are_named(mnist_like: Path) -> None:
    with pytest.raises(InputError, match="holds labels, not images"):
        open_images(mnist_like / "train-labels-idx1-ubyte.gz")


def test_labels_of_another_number_are_an_error(mnist_like: Path) -> None:
    write_idx(mnist_like / "train-labels-idx1-ubyte.gz", np.arange(4))
    with pytest.raises(InputError, match=r"has 4 labels .* has 5 images"):
        open_images(mnist_like)


def test_two_sets_in_one_folder_are_not_mixed(mnist_like: Path) -> None:
    write_idx(mnist_like / "emnist-train-images-idx3-ubyte", np.ones((2, 6, 7)))
    with pytest.raises(InputError, match=r"more than one set .* Give one of the files"):
        open_images(mnist_like)


def test_parts_of_different_sizes_are_an_error(mnist_like: Path) -> None:
    write_idx(mnist_like / "t10k-images-idx3-ubyte.gz", np.ones((3, 9, 9)))
    with pytest.raises(InputError, match="different sizes"):
        open_images(mnist_like)


def test_a_file_of_no_images_says_so(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="holds nothing"):
        open_images(write_idx(tmp_path / "images-idx3-ubyte", np.ones((0, 4, 4))))


def test_the_shared_mnist_is_in_the_order_of_openml(shared_data: Path) -> None:
    items = open_images(shared_data / "mnist")
    assert len(items) == 70_000
    assert items.labels is not None
    assert items.labels[:5].tolist() == list("50419")
    assert items.labels[60_000:60_005].tolist() == list("72104")
    assert items.read([69_999])[0].shape == (28, 28)
    assert sum(len(batch.images) for batch in items.batches()) == 70_000
