"""Arrays in .npy and .npz files; nothing in such a file is ever run (no pickle)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from kmosaic._errors import InputError
from kmosaic.data.growth import most_unpacked

_LABEL_NAMES = ("y", "labels", "label", "target", "targets")


@dataclass(frozen=True)
class Loaded:
    """What a file of arrays holds."""

    rows: npt.NDArray[Any]
    labels: npt.NDArray[Any] | None


def is_npy(path: Path) -> bool:
    """Tell whether a file holds one array."""
    return path.suffix.lower() == ".npy"


def is_npz(path: Path) -> bool:
    """Tell whether a file holds named arrays."""
    return path.suffix.lower() == ".npz"


def load_arrays(path: Path, source: str) -> Loaded:
    """The rows (memory mapped from a .npy), and the labels if an .npz has them beside the rows."""
    if not (is_npy(path) or is_npz(path)):
        raise InputError(f"{source} is no array: give a .npy or .npz file.")
    try:
        return _mapped(path) if is_npy(path) else _read_npz(path, source)
    except InputError:
        raise
    except FileNotFoundError:
        raise InputError(f"There is no file {source}.") from None
    except Exception as error:  # what damaged bytes make NumPy raise has no end
        raise InputError(
            f"{source} cannot be read as numbers ({error or type(error).__name__}). Files with "
            "Python objects in them are refused, since reading those can run code."
        ) from None


def _mapped(path: Path) -> Loaded:
    # Not np.load(), which goes by the content and opens a .npz of this name as well.
    return Loaded(np.lib.format.open_memmap(path, mode="r"), None)


def _read_npz(path: Path, source: str) -> Loaded:
    with path.open("rb") as file:  # NumPy itself leaves a damaged one open
        archive = np.load(file, allow_pickle=False)
        if not isinstance(archive, np.lib.npyio.NpzFile):
            raise InputError(f"{source} holds one array without a name: call it .npy.")
        with archive:
            _check_growth(archive, path, source)
            return _from_named(archive, source)


def _check_growth(archive: Any, path: Path, source: str) -> None:
    size = sum(member.file_size for member in archive.zip.infolist())  # no more is ever unpacked
    if size > (most := most_unpacked(path)):
        raise InputError(
            f"{source} says that it unpacks to {size:,} bytes, and more than {most:,} are not to "
            "be expected of a file of this size. If yours is right, save it with numpy.savez, "
            "which does not compress."
        )


def _from_named(archive: Any, source: str) -> Loaded:
    labels_at = next((name for name in _LABEL_NAMES if name in archive.files), None)
    tables = {name: archive[name] for name in archive.files if name != labels_at}
    tables = {name: table for name, table in tables.items() if table.ndim >= 2}
    if len(tables) != 1:
        found = ", ".join(f"{name} {table.shape}" for name, table in tables.items()) or "none"
        raise InputError(
            f"{source} must hold one array of images or rows (and at most y or labels beside it); "
            f"found {found}."
        )
    (rows,) = tables.values()
    return Loaded(rows, None if labels_at is None else archive[labels_at])
