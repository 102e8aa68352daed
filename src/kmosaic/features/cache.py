"""Arrays kept between runs, in a folder of bounded size."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from platformdirs import user_cache_path
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

Arrays = Mapping[str, npt.NDArray[Any]]

MOST_BYTES = 4 << 30
_ABANDONED = 24 * 3600.0  # seconds after which a file half written belongs to nobody


def cache_folder() -> Path:
    """Where results are kept: KMOSAIC_CACHE, else the user's cache folder of this system."""
    given = os.environ.get("KMOSAIC_CACHE")
    return Path(given).expanduser() if given else user_cache_path("kmosaic", appauthor=False)


class Cache:
    """A folder of results, each under the hash of everything that decided it.

    folder: None is `cache_folder()`. most_bytes: what all entries together may take; those that
    were not used for longest are removed. A folder that cannot be written keeps nothing, and an
    entry that cannot be read is as good as none.

    >>> with tempfile.TemporaryDirectory() as folder:
    ...     cache = Cache(folder)
    ...     key = cache.key("rows", 7)
    ...     cache.put(key, {"n": 2}, {"X": np.ones(2)})
    ...     cache.get(key)
    ({'n': 2}, {'X': array([1., 1.])})
    """

    def __init__(
        self, folder: str | os.PathLike[str] | None = None, most_bytes: int = MOST_BYTES
    ) -> None:
        self.folder = cache_folder() if folder is None else Path(folder)
        self.most_bytes = most_bytes

    @staticmethod
    def key(*parts: Any) -> str:
        """A name made of JSON-able parts; equal parts give equal names."""
        return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()

    def get(self, key: str) -> tuple[dict[str, Any], dict[str, npt.NDArray[Any]]] | None:
        """The facts and arrays under a key, or None."""
        path = self._path(key)
        try:
            with safe_open(path, "np") as file:
                header = file.metadata() or {}
                arrays = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
            facts: dict[str, Any] = json.loads(header["facts"])
            if header["digest"] != _digest(arrays):
                return None
        except (OSError, SafetensorError, KeyError, ValueError, TypeError):
            return None
        with contextlib.suppress(OSError):
            os.utime(path)  # it was used: the last to be removed
        return facts, arrays

    def put(self, key: str, facts: Mapping[str, Any], arrays: Arrays) -> None:
        """Keep facts (JSON-able) and arrays, if the folder can be written and has the room."""
        size = sum(array.nbytes for array in arrays.values())
        if size > self.most_bytes:
            return
        with contextlib.suppress(OSError, SafetensorError):
            self.folder.mkdir(parents=True, exist_ok=True)
            self._write(key, facts, arrays)
            self._make_room()

    def _write(self, key: str, facts: Mapping[str, Any], arrays: Arrays) -> None:
        whole = {name: np.ascontiguousarray(array) for name, array in arrays.items()}
        header = {"facts": json.dumps(facts), "digest": _digest(whole)}
        handle, beside = tempfile.mkstemp(prefix=".", suffix=".part", dir=self.folder)
        os.close(handle)
        try:
            save_file(whole, beside, metadata=header)
            os.replace(beside, self._path(key))  # noqa: PTH105  (a str in, whole or not at all)
        finally:
            Path(beside).unlink(missing_ok=True)

    def _make_room(self) -> None:
        """Remove what was not used for longest until the rest fits, and what was never finished."""
        for part in self.folder.glob(".*.part"):
            with contextlib.suppress(OSError):
                if time.time() - part.stat().st_mtime > _ABANDONED:
                    part.unlink()
        entries = []
        for path in self.folder.glob("*.safetensors"):
            with contextlib.suppress(OSError):  # another run may remove it now
                found = path.stat()
                entries.append((found.st_mtime_ns, path.name, found.st_size, path))
        total = sum(size for _, _, size, _ in entries)
        for _, _, size, path in sorted(entries):
            if total <= self.most_bytes:
                return
            with contextlib.suppress(OSError):
                path.unlink()
            total -= size

    def _path(self, key: str) -> Path:
        return self.folder / f"{key}.safetensors"


def _digest(arrays: Arrays) -> str:
    total = hashlib.blake2b(digest_size=16)
    for name in sorted(arrays):
        array = np.ascontiguousarray(arrays[name])
        total.update(f"{name} {array.dtype.str} {array.shape}".encode())
        total.update(array.reshape(-1).view(np.uint8).data if array.size else b"")
    return total.hexdigest()
