"""Files beside a model that its features come from: read only if they are what they were.

A saved model may come from a stranger, and could name any file of this machine. So a file is sealed
by its size and SHA-256 when features are fitted, and what a saved model names is used only if it is
a regular file with that seal.
"""

from __future__ import annotations

import hashlib
import os
import stat
from pathlib import Path
from typing import Any

from kmosaic._errors import InputError, ModelError


def check_regular(path: Any, what: str) -> int:
    """The size in bytes; raises InputError if there is no file, or a device or pipe without end."""
    try:
        found = _expanded(path).stat()
    except (OSError, ValueError, TypeError, RuntimeError) as error:
        reason = getattr(error, "strerror", None) or error
        raise InputError(f"{what} {path} cannot be read: {reason}.") from error
    if not stat.S_ISREG(found.st_mode):
        raise InputError(f"{what} {path} is not a file.")
    return found.st_size


def seal(path: Any, what: str) -> tuple[int, str]:
    """Size in bytes and SHA-256 of a file; raises InputError if it cannot be read."""
    size = check_regular(path, what)
    try:
        with _expanded(path).open("rb") as file:
            return size, hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise InputError(f"{what} {path} cannot be read: {error.strerror}.") from error


def check_seal(path: Any, what: str, n_bytes: Any, sha256: Any) -> None:
    """Raise ModelError unless the file has this size and SHA-256; of another size it stays shut."""
    if check_regular(path, what) != n_bytes or seal(path, what)[1] != sha256:
        raise ModelError(
            f"{path} is not the file that these features were made with "
            f"(SHA-256 {str(sha256)[:12]}...). Put the same file there, or make the model again."
        )


def read_file(path: Any, what: str, most_bytes: int) -> bytes:
    """All bytes of a regular file that is not too large; raises InputError."""
    size = check_regular(path, what)
    if size > most_bytes:
        raise InputError(f"{what} {path} has {size:,} bytes; at most {most_bytes:,} can be used.")
    try:
        return _expanded(path).read_bytes()
    except OSError as error:
        raise InputError(f"{what} {path} cannot be read: {error.strerror}.") from error


def _expanded(path: str | os.PathLike[str]) -> Path:
    return Path(path).expanduser()
