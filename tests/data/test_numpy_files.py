from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kmosaic._errors import InputError
from kmosaic.data import growth, open_images, open_vectors
from kmosaic.data.arrays import ArrayItems
from kmosaic.data.numpy_files import load_arrays

IMAGES = np.arange(2 * 5 * 6, dtype=np.uint8).reshape(2, 5, 6)


def test_a_npy_is_mapped_and_gives_its_images(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", IMAGES)
    items = open_images(tmp_path / "a.npy")
    assert isinstance(items, ArrayItems)
    assert isinstance(items.rows, np.memmap)
    np.testing.assert_array_equal(items.read([0, 1]), IMAGES)


@pytest.mark.parametrize("name", ["y", "labels", "target"])
def test_an_npz_may_hold_labels_beside_its_images(tmp_path: Path, name: str) -> None:
    labels: dict[str, Any] = {name: np.array(["cat", "dog"])}
    np.savez_compressed(tmp_path / "a.npz", X=IMAGES, **labels)
    items = open_images(tmp_path / "a.npz")
    assert items.labels is not None
    assert items.labels.tolist() == ["cat", "dog"]
    np.testing.assert_array_equal(items.read([1]), IMAGES[1:])


def test_an_npz_without_labels_has_none(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", IMAGES)
    assert open_images(tmp_path / "a.npz").labels is None


def test_an_npz_of_several_tables_is_not_guessed_at(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", train=IMAGES, test=IMAGES)
    with pytest.raises(InputError, match=r"found train \(2, 5, 6\), test \(2, 5, 6\)"):
        open_images(tmp_path / "a.npz")
    np.savez(tmp_path / "a.npz", y=np.zeros(2))
    with pytest.raises(InputError, match="found none"):
        open_images(tmp_path / "a.npz")


class Evil:
    """What a pickled array would run when it is loaded."""

    def __reduce__(self) -> tuple[Any, ...]:
        return (Path("/tmp/kmosaic-was-run").touch, ())


@pytest.mark.parametrize("kind", ["npy", "npz"])
@pytest.mark.parametrize("read", [open_images, open_vectors])
def test_python_objects_in_a_file_are_refused_unread(tmp_path: Path, kind: str, read: Any) -> None:
    file = tmp_path / f"a.{kind}"
    evil = np.array([[Evil()]], dtype=object)
    np.save(file, evil) if kind == "npy" else np.savez(file, X=evil)
    with pytest.raises(InputError, match="reading those can run code"):
        read(file)
    assert not Path("/tmp/kmosaic-was-run").exists()


@pytest.mark.parametrize("kind", ["npy", "npz"])
@pytest.mark.parametrize("data", [b"", b"nonsense", b"\x93NUMPY\x01\x00v\x00{'descr': "])
def test_a_damaged_file_says_so(tmp_path: Path, kind: str, data: bytes) -> None:
    file = tmp_path / f"a.{kind}"
    file.write_bytes(data)
    with pytest.raises(InputError, match="cannot be read"):
        open_images(file)


@pytest.mark.parametrize("read", [open_images, open_vectors])
def test_a_header_that_is_no_python_says_so(tmp_path: Path, read: Any) -> None:
    np.save(tmp_path / "a.npy", IMAGES)
    data = (tmp_path / "a.npy").read_bytes()
    (tmp_path / "a.npy").write_bytes(data.replace(b"(2, 5, 6)", b"(2, 5, 6}"))
    with pytest.raises(InputError, match="cannot be read"):
        read(tmp_path / "a.npy")


def test_a_header_that_claims_the_world_says_so(tmp_path: Path) -> None:
    file = io.BytesIO()
    np.save(file, IMAGES)
    claim = file.getvalue().replace(b"(2, 5, 6), }        ", b"(22222, 55555, 6666), }")
    assert b"55555" in claim
    (tmp_path / "a.npy").write_bytes(claim)
    with zipfile.ZipFile(tmp_path / "a.npz", "w") as archive:
        archive.writestr("X.npy", claim)
    for name in ("a.npy", "a.npz"):
        with pytest.raises(InputError, match="cannot be read"):
            open_images(tmp_path / name)


def test_one_kind_of_file_under_the_name_of_the_other_says_so(tmp_path: Path) -> None:
    np.save(tmp_path / "one.npy", IMAGES)
    np.savez(tmp_path / "named.npz", X=IMAGES)
    (tmp_path / "one.npy").rename(tmp_path / "one.npz")
    (tmp_path / "named.npz").rename(tmp_path / "named.npy")
    with pytest.raises(InputError, match=r"one array without a name: call it \.npy"):
        open_images(tmp_path / "one.npz")
    with pytest.raises(InputError, match="cannot be read"):
        open_images(tmp_path / "named.npy")


def test_a_file_cut_short_says_so(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", IMAGES)
    data = (tmp_path / "a.npy").read_bytes()
    (tmp_path / "a.npy").write_bytes(data[:-7])
    with pytest.raises(InputError, match="cannot be read"):
        open_images(tmp_path / "a.npy")


def test_a_small_file_that_would_fill_the_memory_is_refused_before_it_is_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(growth, "ALWAYS_ALLOWED", 1 << 20)
    file = tmp_path / "a.npz"
    np.savez_compressed(file, X=np.zeros((4096, 1024), np.uint8))
    with pytest.raises(InputError, match=r"unpacks to 4,194,\d{3} bytes, .* numpy\.savez"):
        load_arrays(file, "a.npz")
    np.savez(file, X=np.zeros((4096, 1024), np.uint8))
    assert load_arrays(file, "a.npz").rows.shape == (4096, 1024)
