"""IDX, the format of MNIST: `train-images-idx3-ubyte`, gzip or not, labels beside it.

http://yann.lecun.com/exdb/mnist: two zero bytes, a byte for the type, a byte for the number of
axes, each axis as a big-endian 32-bit number, then the values, big-endian.
"""

from __future__ import annotations

import gzip
import os
import struct
import zlib
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from kmosaic._errors import InputError
from kmosaic.data.growth import most_unpacked

_TYPES = {0x08: ">u1", 0x09: ">i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}
_MOST_AXES = 4
_READ_TOGETHER = 16 << 20  # bytes


class Bytes(Protocol):
    """What a file and a gzip file have in common."""

    def read(self, size: int, /) -> bytes:
        """The next bytes, no more than size."""


@dataclass(frozen=True)
class Header:
    """What an IDX file says of itself."""

    dtype: np.dtype[Any]
    shape: tuple[int, ...]
    size: int  # bytes of the header itself

    @property
    def nbytes(self) -> int:
        """The bytes of values that must follow."""
        return prod(self.shape) * self.dtype.itemsize


def looks_like_idx(path: Path) -> bool:
    """Tell by its first bytes whether a file is IDX, also inside gzip."""
    try:
        with gzip.open(path) if _is_packed(path) else path.open("rb") as file:
            magic = file.read(4)
    except (OSError, EOFError, zlib.error):
        return False
    return len(magic) == 4 and magic[:2] == b"\0\0" and magic[2] in _TYPES and 1 <= magic[3] <= 4


def load_idx(path: Path) -> npt.NDArray[Any]:
    """The array in an IDX file, memory mapped if it is not compressed.

    Raises InputError where the header and the values that follow do not fit, or there are none.

    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp()) / "labels-idx1-ubyte"
    >>> file.write_bytes(bytes([0, 0, 8, 1, 0, 0, 0, 3, 7, 2, 1]))
    11
    >>> load_idx(file).tolist()
    [7, 2, 1]
    """
    return _load_packed(path) if _is_packed(path) else _load_plain(path)


def _is_packed(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(2) == b"\x1f\x8b"


def _load_plain(path: Path) -> npt.NDArray[Any]:
    with path.open("rb") as file:
        header = _header(file, path)
        _check_size(header, os.fstat(file.fileno()).st_size - header.size, path)
    return np.memmap(path, header.dtype, "r", header.size, header.shape)


def _load_packed(path: Path) -> npt.NDArray[Any]:
    try:
        with gzip.open(path) as file:
            header = _header(file, path)
            _check_growth(header, path)
            values = _read(file, header.nbytes + 1)  # one more, to notice that there is more
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise InputError(f"{path} is damaged: {error}.") from None
    _check_size(header, len(values), path)
    return np.frombuffer(values, header.dtype).reshape(header.shape)


def _header(file: Bytes, path: Path) -> Header:
    magic = file.read(4)
    known = len(magic) == 4 and magic[:2] == b"\0\0" and magic[2] in _TYPES
    if not known or not 1 <= magic[3] <= _MOST_AXES:
        raise InputError(f"{path} is no IDX file: it begins with {magic.hex(' ') or 'nothing'}.")
    axes = file.read(4 * magic[3])
    if len(axes) < 4 * magic[3]:
        raise InputError(f"{path} is no whole IDX file: it ends within its header.")
    shape = struct.unpack(f">{magic[3]}I", axes)
    return Header(np.dtype(_TYPES[magic[2]]), shape, 4 + len(axes))


def _read(file: Bytes, limit: int) -> bytearray:
    """Up to limit bytes; memory grows with what is there, not with what a header claims."""
    values = bytearray()
    while len(values) < limit and (part := file.read(min(_READ_TOGETHER, limit - len(values)))):
        values += part
    return values


def _check_growth(header: Header, path: Path) -> None:
    if header.nbytes > (most := most_unpacked(path)):
        raise InputError(
            f"{path} is damaged, or made to fill the memory: its header says {_claimed(header)} "
            f"values ({header.nbytes:,} bytes), and of a file of this size no more than {most:,} "
            "bytes are unpacked. If yours is right, unpack it first (gunzip)."
        )


def _check_size(header: Header, found: int, path: Path) -> None:
    if found != header.nbytes:
        there = "more" if found > header.nbytes else f"{found:,} bytes"
        raise InputError(
            f"{path} is damaged: its header says {_claimed(header)} values "
            f"({header.nbytes:,} bytes), but {there} follow. Fetch it again."
        )
    if header.nbytes == 0:  # of which a header may claim as many as it likes
        raise InputError(f"{path} holds nothing: its header says {_claimed(header)} values.")


def _claimed(header: Header) -> str:
    return " x ".join(f"{axis:,}" for axis in header.shape)
