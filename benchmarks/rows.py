"""Rows and starting centers in a folder, through which every process gets its own copy."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy.sparse


def write(folder: Path, rows: Any, start: npt.NDArray[Any]) -> None:
    """Write rows, dense or CSR, and starting centers."""
    if isinstance(rows, np.ndarray):
        np.save(folder / "rows.npy", rows)
    else:
        scipy.sparse.save_npz(folder / "rows.npz", rows, compressed=False)
    np.save(folder / "start.npy", start)


def read(folder: Path) -> tuple[Any, npt.NDArray[Any]]:
    """Read what `write` wrote."""
    start = np.load(folder / "start.npy")
    if (folder / "rows.npy").exists():
        return np.load(folder / "rows.npy"), start
    return scipy.sparse.load_npz(folder / "rows.npz"), start


def size(rows: Any) -> int:
    """The numbers that one pass over the rows multiplies: n times d, for CSR those stored."""
    return int(rows.size if isinstance(rows, np.ndarray) else rows.nnz)
