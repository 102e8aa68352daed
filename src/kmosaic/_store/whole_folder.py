"""A folder of results that replaces the one before only when it is complete."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from kmosaic._errors import InputError, OutputError
from kmosaic._paths import expanded
from kmosaic._store.files import beside, settle, told_plainly
from kmosaic._store.leftovers import sweep
from kmosaic._store.mark import Origin, contents, listed, mark, remove


@contextmanager
def whole_folder(
    out: str | Path, *, source: Any = None, command: str | None = None, model: Any = None
) -> Iterator[Path]:
    """Give a new folder to write into; it becomes `out` when the block ends without error.

    Until then, and for good if the block fails or is interrupted, `out` stays as it was. An `out`
    that exists is replaced if kmosaic made it and nothing was added since. source: what is read,
    which `out` must not touch (of several, a tuple of Path, the caller sees to that).
    command: what makes it; model: which saved model it applies; the folder remembers all three.
    Raises InputError if `out` cannot be used, OutputError if writing fails.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as place:
    ...     with whole_folder(Path(place, "groups")) as folder:
    ...         _ = Path(folder, "table.csv").write_text("1")
    ...     sorted(path.name for path in Path(place, "groups").iterdir())
    ['.kmosaic', 'table.csv']
    """
    check_out(out, source)
    goal = _real(out)
    part = beside(goal, ".part")
    origin = Origin.of(command, source, goal, model)
    with told_plainly(out, hidden=part):
        made = _make_parents(goal.parent)
        sweep(goal)
        try:
            part.mkdir()
            mark(part)  # so that a later run knows it as ours if this one is killed
            yield part
            mark(part, origin)
            check_out(out, source)  # work may take an hour: somebody may have come in between
            _swap(part, goal)
        except BaseException as error:
            shutil.rmtree(part, ignore_errors=True)
            _remove_empty(made)
            if isinstance(error, OutputError) and str(part) in str(error):
                # The user knows the folder by its own name, not by the one it had meanwhile.
                raise OutputError(str(error).replace(str(part), str(out))) from error
            raise


def check_out(out: str | Path, source: Any = None, **also_read: Any) -> None:
    """Raise an error if `out` cannot take results; ask before long work.

    InputError: it is a file, a folder that kmosaic did not make, one with other files added, the
    folder one works in, or it touches `source` or anything else that is read, such as
    model="groups/model" (paths; what is none is not looked at). OutputError: no permission to
    write beside it.
    """
    with told_plainly(out):
        goal = _real(out)
        for what, path in {"source": source, **also_read}.items():
            _check_apart(out, goal, what, path)
        if _within(Path.cwd(), goal):
            raise InputError(f"{out} is or holds the folder you are in: choose a new name in it.")
        if goal.is_dir():
            _check_ours(out, goal)
        elif goal.exists():
            raise InputError(f"{out} is a file: choose the name of a folder for the results.")
        _check_above(out, next(folder for folder in goal.parents if folder.exists()))


def _real(path: str | os.PathLike[str]) -> Path:
    """The place itself, behind links and ~; so a link to a folder stays a link."""
    return Path(os.path.realpath(expanded(path)))


def _check_above(out: str | Path, above: Path) -> None:
    if not above.is_dir():
        raise InputError(f"{out} cannot be made: {above} is a file. Choose another place.")
    if not os.access(above, os.W_OK | os.X_OK):
        raise OutputError(
            f"{out} cannot be written: there is no permission to write in {above}. Choose another "
            "place or change its rights."
        )


def _check_apart(out: str | Path, goal: Path, what: str, path: Any) -> None:
    if not isinstance(path, str | os.PathLike) or not os.path.exists(expanded(path)):  # noqa: PTH110
        return
    origin = _real(path)
    if _within(origin, goal) and goal.is_dir():
        raise InputError(f"{out} is or holds the {what} {path}: choose a folder beside it.")
    if _within(goal, origin) and origin.is_dir():
        raise InputError(
            f"{out} lies inside the {what} {path}, where the next run would read the results of "
            "this one: choose a folder beside it."
        )


def _within(path: Path, folder: Path) -> bool:
    return path == folder or folder in path.parents


def _check_ours(out: str | Path, goal: Path) -> None:
    known = listed(goal)
    if known is None:
        raise InputError(
            f"{out} exists and was not made by kmosaic, which replaces only its own folders: "
            "choose another name, or remove it."
        )
    added = [name for name in contents(goal) if name not in known]
    if added:
        raise InputError(
            f"{out} holds {len(added)} file(s) that kmosaic did not put there, the first is "
            f"{added[0]!r}: move them away, or choose another name."
        )


def _swap(part: Path, goal: Path) -> None:
    """Put the new folder in place of the old one; whatever happens, one of the two is there."""
    old, new = beside(goal, ".old"), part.stat()
    try:
        if goal.exists():
            goal.rename(old)
        part.rename(goal)
    except BaseException:
        # By what is there, not by how far we came: Ctrl-C may fall between any two steps.
        if old.exists() and not goal.exists():
            old.rename(goal)
        if not goal.exists() or not os.path.samestat(goal.stat(), new):
            raise
        # The new folder is in place, so it is too late to stop: this run is done.
    with contextlib.suppress(OSError):
        try:
            remove(old)
        except (KeyboardInterrupt, SystemExit):  # too late as well; the second time it is heeded
            remove(old)
    settle(goal.parent)


def _make_parents(folder: Path) -> list[Path]:
    """Make a folder and those above it; return the new ones, deepest first."""
    missing = [folder, *folder.parents]
    missing = missing[: next(i for i, above in enumerate(missing) if above.exists())]
    folder.mkdir(parents=True, exist_ok=True)
    return missing


def _remove_empty(folders: list[Path]) -> None:
    for folder in folders:
        try:
            folder.rmdir()
        except OSError:  # not empty: somebody else uses it by now
            return
