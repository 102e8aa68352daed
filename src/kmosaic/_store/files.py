"""Files that are either whole or not there, and errors of writing in plain words."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from kmosaic._errors import KMosaicError, OutputError

_PLAIN_WORDS = {
    errno.ENOSPC: "the disk is full. Free some space or choose another disk.",
    errno.EDQUOT: "your share of the disk is used up. Free some space or choose another disk.",
    errno.EACCES: "there is no permission to write. Choose another place or change its rights.",
    errno.EPERM: "there is no permission to write. Choose another place or change its rights.",
    errno.EROFS: "the disk is read-only. Choose another place.",
    errno.ENAMETOOLONG: "a name is too long for this disk. Choose a shorter place.",
}
SHOWN_OF_NAME = 40  # characters of a name that the hidden name beside it repeats


@contextmanager
def told_plainly(target: str | Path, *, hidden: Path | None = None) -> Iterator[None]:
    """Turn what the system says when writing fails into an OutputError that names the target.

    hidden: what the target is called until it is complete; never told.
    """
    try:
        yield
    except KMosaicError:
        raise
    except OSError as error:
        place = str(error.filename or "").replace(str(hidden or target), str(target))
        where = f" ({place})" if place not in ("", str(target)) else ""
        reason = _PLAIN_WORDS.get(error.errno or 0, f"{error.strerror or error}{where}.")
        if Path(target).is_dir() and error.errno == errno.EISDIR:
            reason = "it is a folder. Give the name of a file."
        elif not Path(target).parent.is_dir():
            reason = "its folder is not there. Create it first, or choose another place."
        message = f"{target} cannot be written: {reason} What stood there before is untouched."
        raise OutputError(message) from error


def beside(path: Path, ending: str) -> Path:
    """A fresh hidden name in the same folder, so that a rename stays on one disk."""
    return path.parent / f".{path.name[:SHOWN_OF_NAME]}-{secrets.token_hex(4)}{ending}"


@contextmanager
def whole_file(path: str | Path, *, text: bool = False) -> Iterator[IO[Any]]:
    """Open a file for writing that appears under its name only when it is complete.

    Text is UTF-8 without translation of line ends; what UTF-8 cannot hold (bytes of a file name
    in another encoding) is written as an escape such as \\udce9. Raises OutputError.
    """
    path = Path(path)
    part = beside(path, ".part")
    how: dict[str, Any] = {"mode": "xb"}
    if text:
        how = {"mode": "x", "encoding": "utf-8", "errors": "backslashreplace", "newline": ""}
    with told_plainly(path, hidden=part):
        try:
            with part.open(**how) as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            part.replace(path)
        except BaseException:
            part.unlink(missing_ok=True)
            raise


def write_page(page: str, path: str | Path) -> Path:
    """Write a page whole; what is no text, as in some file names, becomes question marks."""
    with whole_file(path) as file:
        file.write(page.encode("utf-8", errors="replace"))
    return Path(path)


def settle(folder: Path) -> None:
    """Ask the disk to keep what was renamed in a folder, where the system can be asked."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
