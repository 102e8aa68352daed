from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kmosaic._errors import InputError
from kmosaic.data import growth
from kmosaic.data.idx import load_idx, looks_like_idx


def idx_bytes(values: np.ndarray, code: int = 8) -> bytes:
    axes = b"".join(axis.to_bytes(4, "big") for axis in values.shape)
    return bytes([0, 0, code, values.ndim]) + axes + values.tobytes()


@pytest.fixture(params=[False, True], ids=["plain", "gzip"])
def write(request: pytest.FixtureRequest, tmp_path: Path) -> object:
    def write_it(data: bytes) -> Path:
        file = tmp_path / "images-idx3-ubyte"
        file.write_bytes(gzip.compress(data) if request.param else data)
        return file

    return write_it


@pytest.mark.parametrize(
    ("code", "dtype"), [(8, ">u1"), (9, ">i1"), (11, ">i2"), (12, ">i4"), (13, ">f4"), (14, ">f8")]
)
def test_every_type_comes_back_as_it_was_written(write, code: int, dtype: str) -> None:  # type: ignore[no-untyped-def]
    values = np.arange(24).reshape(2, 3, 4).astype(dtype)
    file = write(idx_bytes(values, code))
    assert looks_like_idx(file)
    np.testing.assert_array_equal(load_idx(file), values)


def test_a_plain_file_is_mapped_and_not_read(tmp_path: Path) -> None:
    file = tmp_path / "images-idx3-ubyte"
    file.write_bytes(idx_bytes(np.zeros((2, 3, 4), np.uint8)))
    assert isinstance(load_idx(file), np.memmap)


@pytest.mark.parametrize("change", [-5, 5])
def test_a_header_that_lies_about_the_size_is_an_error(write, change: int) -> None:  # type: ignore[no-untyped-def]
    data = idx_bytes(np.zeros((2, 3, 4), np.uint8))
    file = write(data[:change] if change < 0 else data + bytes(change))
    with pytest.raises(InputError, match=r"2 x 3 x 4 values \(24 bytes\), but .* follow"):
        load_idx(file)


@pytest.mark.parametrize("axes", [(0, 28, 28), (2**32 - 1, 2**32 - 1, 0), (2**32 - 1, 0, 28)])
def test_a_file_of_no_values_holds_nothing_however_many_its_header_claims(write, axes) -> None:  # type: ignore[no-untyped-def]
    file = write(bytes([0, 0, 8, 3]) + b"".join(axis.to_bytes(4, "big") for axis in axes))
    with pytest.raises(InputError, match="holds nothing: its header says"):
        load_idx(file)


def test_a_header_that_claims_the_world_takes_no_memory(write) -> None:  # type: ignore[no-untyped-def]
    file = write(bytes([0, 0, 8, 3]) + b"\xff" * 12 + b"few")
    with pytest.raises(InputError, match="its header says"):
        load_idx(file)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "begins with nothing"),
        (b"\0\0\x08", "no IDX file"),
        (b"\0\0\x07\x01" + bytes(4), "begins with 00 00 07 01"),
        (b"\0\0\x08\x00", "no IDX file"),
        (b"\0\0\x08\x03" + bytes(5), "ends within its header"),
    ],
)
def test_what_is_no_idx_says_so(write, data: bytes, reason: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(InputError, match=reason):
        load_idx(write(data))


def test_a_truncated_gzip_is_damaged(tmp_path: Path) -> None:
    file = tmp_path / "images-idx3-ubyte.gz"
    whole = gzip.compress(idx_bytes(np.random.default_rng(0).integers(0, 255, (9, 9, 9), np.uint8)))
    file.write_bytes(whole[:-20])
    with pytest.raises(InputError, match="damaged"):
        load_idx(file)


@given(data=st.binary(max_size=60))
def test_any_bytes_give_an_array_or_an_input_error(
    data: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    file = tmp_path_factory.getbasetemp() / "any-idx"
    for packed in (data, gzip.compress(data), b"\x1f\x8b" + data, bytes([0, 0, 8, 1]) + data):
        file.write_bytes(packed)
        looks_like_idx(file)
        try:
            load_idx(file)
        except InputError:
            continue


def test_a_small_file_that_would_fill_the_memory_is_refused_before_it_is_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(growth, "ALWAYS_ALLOWED", 1 << 20)
    file = tmp_path / "images-idx2-ubyte.gz"
    file.write_bytes(gzip.compress(idx_bytes(np.zeros((4096, 1024), np.uint8))))
    with pytest.raises(InputError, match=r"\(4,194,304 bytes\), .* unpack it first"):
        load_idx(file)
    monkeypatch.setattr(growth, "ALWAYS_ALLOWED", 1 << 22)
    assert load_idx(file).shape == (4096, 1024)
