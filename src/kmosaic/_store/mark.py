"""The file in a folder that says that kmosaic made it, and lists what it put there."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from kmosaic._store.files import settle, whole_file

MARK = ".kmosaic"
_LEFT_BY_VIEWERS = {".DS_Store", "Thumbs.db", "desktop.ini"}
_LONGEST_MARK = 256 * 2**20  # bytes


def mark(folder: Path) -> None:
    """Mark a folder as ours, with all that it holds now."""
    content = {"made_by": "kmosaic", "files": sorted(contents(folder))}
    with whole_file(folder / MARK) as file:
        file.write(json.dumps(content, indent=0).encode())  # ASCII: any file name can be held
    settle(folder)


def listed(folder: Path) -> set[str] | None:
    """What the mark says kmosaic put into the folder, or None if there is no mark of ours."""
    path = folder / MARK
    try:
        if not path.is_file() or path.stat().st_size > _LONGEST_MARK:
            return None
        read = json.loads(path.read_bytes())
        if read["made_by"] != "kmosaic":
            return None
        return set(read["files"])
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return None


def contents(folder: Path) -> Iterator[str]:
    """Every file and link below the folder, as a path relative to it with "/" between."""
    for place, folders, files in os.walk(folder):
        links = [name for name in folders if Path(place, name).is_symlink()]
        for name in sorted(files + links):
            relative = Path(place, name).relative_to(folder).as_posix()
            if relative != MARK and name not in _LEFT_BY_VIEWERS:
                yield relative


def remove(folder: Path) -> None:
    """Remove a folder of ours, the mark last: what is left when cut short is known to be ours."""
    if not folder.is_dir():
        return
    for child in folder.iterdir():
        if child.is_dir() and not child.is_symlink():
            shutil.rmtree(child, ignore_errors=True)
        elif child.name != MARK:
            child.unlink(missing_ok=True)
    shutil.rmtree(folder, ignore_errors=True)
