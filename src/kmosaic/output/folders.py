"""Images sorted into a folder for each name."""

from __future__ import annotations

import errno
import os
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Literal

from kmosaic._errors import InputError
from kmosaic._events import Listener, counted, silent
from kmosaic._store.whole_folder import check_out, whole_folder
from kmosaic.data.decode import UnreadableError
from kmosaic.data.items import Items
from kmosaic.labels import Assignment, Names
from kmosaic.output.file_names import FreeNames, folder_names, safe_name

How = Literal["copy", "hardlink", "symlink"]

# Other disk, links not allowed or not known there, too many links: a copy does in all cases.
_NO_LINK = {
    errno.EXDEV,
    errno.EPERM,
    errno.EACCES,
    errno.EMLINK,
    errno.ENOTSUP,
    errno.EOPNOTSUPP,
    errno.ENOSYS,
}


@dataclass(frozen=True)
class Sorted:
    """Where each image was put, or would be after a dry run."""

    folder: Path
    files: tuple[Path, ...]  # (n,) one an item, relative to the folder
    how: How
    copied: int  # items that were asked to be linked and could only be copied
    dry_run: bool

    @property
    def counts(self) -> dict[str, int]:
        """The number of images in each folder."""
        return dict(Counter(file.parent.name for file in self.files))


def sort_into_folders(
    items: Items,
    assignment: Assignment,
    names: Names,
    folder: str | Path,
    how: How = "copy",
    *,
    dry_run: bool = False,
    on_progress: Listener = silent,
) -> Sorted:
    """Put every image into `folder/<name of its cluster>/`, the shape that ImageFolder reads.

    Originals are never moved. how: "copy"; "hardlink" (the same file under a second name: no
    space, but a change to one is a change to both); "symlink" (relative). What cannot be linked
    is copied and counted: other disks, and items that are no files, such as members of an archive
    and arrays, which become PNG. Names are made safe for every system; equal ones get -2, -3 ….
    dry_run: only say what would be done. Raises InputError if the items are not those of the
    assignment or `folder` cannot be used (see `whole_folder`), OutputError if writing fails.
    """
    if how not in ("copy", "hardlink", "symlink"):
        raise InputError(f"how must be copy, hardlink or symlink, not {how!r}.")
    files = plan_files(items, assignment, names)
    plan = Sorted(Path(folder), files, how, copied=0, dry_run=dry_run)
    if dry_run:
        check_out(folder, items.source)
        return plan
    copied = 0
    with whole_folder(folder, source=items.source) as part:
        for name in plan.counts:
            (part / name).mkdir()
        targets = counted(files, on_progress, "sorting", len(files), "images")
        for position, file in enumerate(targets):
            copied += not _place(items, position, part / file, how)
    return replace(plan, copied=copied if how != "copy" else 0)


def plan_files(items: Items, assignment: Assignment, names: Names) -> tuple[Path, ...]:
    """The path of each item relative to the sorted folder: its cluster's name, its own name."""
    if list(items.ids) != list(assignment.ids):
        raise InputError(
            "The items are not those of the assignment: give the readable items, in its order."
        )
    if len(names) != assignment.n_clusters:
        raise InputError(f"There are {len(names)} names for {assignment.n_clusters} clusters.")
    folders = folder_names(names.names)
    free = {name: FreeNames() for name in folders}
    files = []
    for position, cluster in enumerate(assignment.labels.tolist()):
        name, suffix = names[cluster], items.suffix(position)
        own = PurePosixPath(items.ids[position]).name
        stem = safe_name(own[: -len(suffix)] if suffix and own.endswith(suffix) else own)
        files.append(Path(folders[name], free[name].take(stem, suffix)))
    return tuple(files)


def _place(items: Items, position: int, target: Path, how: How) -> bool:
    """Put one item at the target; tell whether it was linked."""
    original = items.path(position)
    if how != "copy" and original is not None:
        try:
            _link(Path(os.path.realpath(original)), target, how)
            return True
        except OSError as error:
            if error.errno not in _NO_LINK:
                raise
    try:
        stem = target.name.removesuffix(items.suffix(position))
        items.write(position, target.parent, stem)
    except UnreadableError as error:
        raise InputError(f"{items.ids[position]!r} can no longer be read: {error}.") from None
    return False


def _link(original: Path, target: Path, how: How) -> None:
    if not original.is_file():  # a link would be made all the same, and lead nowhere
        raise FileNotFoundError(errno.ENOENT, "an original is gone", str(original))
    if how == "hardlink":
        os.link(original, target)
        return
    # The folder is renamed beside itself when complete, so a way that is right now stays right.
    here = os.path.realpath(target.parent)
    try:
        way = os.path.relpath(original, here)
    except ValueError:  # Windows: another drive
        way = str(original)
    target.symlink_to(way)
