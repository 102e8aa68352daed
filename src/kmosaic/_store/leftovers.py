"""What a run that was killed left beside its results."""

from __future__ import annotations

import contextlib
import re
import time
from pathlib import Path

from kmosaic._store.files import SHOWN_OF_NAME
from kmosaic._store.mark import MARK, contents, listed, remove

_ABANDONED = 24 * 3600.0  # seconds after which a folder half written belongs to no running process


def sweep(goal: Path) -> None:
    """Remove what earlier runs left half written or half removed beside `goal`.

    Where a run was killed just between putting the old results aside and the new ones in place,
    the old ones come back. Only folders that bear kmosaic's mark and hold nothing else are touched.
    """
    if len(goal.name) > SHOWN_OF_NAME:  # cut short, it could be the name of another's leftovers
        return
    ours = re.compile(rf"\.{re.escape(goal.name)}-[0-9a-f]{{8}}\.(old|part)")
    with contextlib.suppress(OSError):  # to clean up is a courtesy, nothing depends on it
        for folder in goal.parent.iterdir():
            found = ours.fullmatch(folder.name)
            if found and folder.is_dir() and not folder.is_symlink():
                (_settle_old if found[1] == "old" else _settle_part)(folder, goal)


def _settle_old(old: Path, goal: Path) -> None:
    known = listed(old)
    there = set(contents(old))
    if known is None or there - known:
        return
    if there == known and not goal.exists():
        old.rename(goal)
    else:
        remove(old)


def _settle_part(part: Path, goal: Path) -> None:
    if listed(part) is None:
        return
    if time.time() - max(part.stat().st_mtime, (part / MARK).stat().st_mtime) > _ABANDONED:
        remove(part)
