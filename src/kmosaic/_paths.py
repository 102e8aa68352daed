"""Paths as people write them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any


def expanded(given: Any) -> Any:
    """A path with a leading ~ as the home folder, of the type it had; all else as it is.

    >>> expanded("photos"), expanded([1, 2])
    ('photos', [1, 2])
    """
    if not isinstance(given, str | os.PathLike):
        return given
    # Not Path.expanduser, which fails where ~name is no user but may well be a file.
    path = os.path.expanduser(given)  # noqa: PTH111
    return path if isinstance(given, str) else Path(path)
