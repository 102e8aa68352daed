"""The file in a folder that says that kmosaic made it, and lists what it put there."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kmosaic._paths import expanded
from kmosaic._store.files import settle, whole_file

MARK = ".kmosaic"
_LEFT_BY_VIEWERS = {".DS_Store", "Thumbs.db", "desktop.ini"}
_LONGEST_MARK = 256 * 2**20  # bytes


@dataclass(frozen=True)
class Origin:
    """What a folder of results was made of."""

    command: str | None
    source: str | None  # from beside the folder, so that both can move together
    model: str | None = None  # that was applied, told in the same way

    @classmethod
    def of(cls, command: str | None, source: Any, goal: Path, model: Any = None) -> Origin:
        """That of a folder that will be `goal`; a source that is no file or folder is None.

        Several sources are a tuple of Path, patterns among them; their order does not matter.
        """
        if isinstance(source, tuple) and all(isinstance(one, Path) for one in source):
            return cls(command, ", ".join(sorted({_from(goal, one) for one in source})))
        return cls(command, _if_there(goal, source), _if_there(goal, model))


def _if_there(goal: Path, source: Any) -> str | None:
    if not isinstance(source, str | os.PathLike) or not Path(expanded(source)).exists():
        return None
    return _from(goal, source)


def _from(goal: Path, source: str | os.PathLike[str]) -> str:
    """A source, from beside the folder."""
    real = str(os.path.realpath(expanded(source)))
    try:
        return os.path.relpath(real, os.path.realpath(goal.parent))
    except ValueError:  # on another drive
        return real


def mark(folder: Path, origin: Origin | None = None) -> None:
    """Mark a folder as ours, with all that it holds now."""
    content: dict[str, Any] = {"made_by": "kmosaic"}
    if origin is not None and origin.command is not None:
        content |= {"command": origin.command, "source": origin.source}
        content |= {} if origin.model is None else {"model": origin.model}
    content["files"] = sorted(contents(folder))
    with whole_file(folder / MARK) as file:
        file.write(json.dumps(content, indent=0).encode())  # ASCII: any file name can be held
    settle(folder)


def listed(folder: Path) -> set[str] | None:
    """What the mark says kmosaic put into the folder, or None if there is no mark of ours."""
    read = _read(folder)
    return None if read is None else set(read["files"])


def origin_of(folder: Path) -> Origin | None:
    """What the mark says the folder was made of; None without a mark that says so."""
    read = _read(folder) or {}
    command, source, model = (read.get(name) for name in ("command", "source", "model"))
    if not (isinstance(command, str) and isinstance(source, str)):
        return None
    return Origin(command, source, model if isinstance(model, str) else None)


def _read(folder: Path) -> dict[str, Any] | None:
    path = folder / MARK
    try:
        if not path.is_file() or path.stat().st_size > _LONGEST_MARK:
            return None
        read: dict[str, Any] = json.loads(path.read_bytes())
        set(read["files"])  # raises where these are no names
        return read if read["made_by"] == "kmosaic" else None
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
