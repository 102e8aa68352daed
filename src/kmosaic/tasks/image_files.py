"""Which image files are meant by names, folders and patterns."""

from __future__ import annotations

import glob
import os
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from kmosaic._arguments import argument
from kmosaic._errors import InputError
from kmosaic._paths import expanded
from kmosaic.data.names import is_hidden, is_image_name, natural_key
from kmosaic.tasks.names_apart import names_apart


class ImageFile(NamedTuple):
    """A file to compress."""

    path: Path
    name: str  # of the result, without its ending; parted by /
    is_named: bool  # by itself, so that it is an error if it cannot be read


def image_files(given: Sequence[str | Path], also: str | None = None) -> list[ImageFile]:
    """Files as named, all images of folders (any depth), and what patterns like *.jpg find.

    Results are named as the files are below the folder that all lie in, no two the same. also: the
    ending of a file that is written beside each. Raises InputError.

    >>> image_files(["missing.png"])
    Traceback (most recent call last):
    kmosaic._errors.InputError: There is no file or folder 'missing.png'.
    """
    if not given:
        raise InputError(f"{argument('images')} names none: give files, folders or patterns.")
    found: dict[str, tuple[Path, bool]] = {}  # the same file may be named in two ways
    for one in given:
        if not isinstance(one, str | Path):
            raise InputError(
                f"{argument('images')} has a {type(one).__name__}: give files, folders or "
                "patterns, and what is in memory to `kmosaic.quantize`."
            )
        for path, is_named in _meant_by(Path(expanded(one))):
            place = os.path.abspath(path)  # noqa: PTH100
            first, was_named = found.get(place, (path, False))
            found[place] = first, was_named or is_named
    folder = _common([path.parent for path, _ in found.values()])
    files = [os.path.relpath(place, folder).replace(os.sep, "/") for place in found]
    names = names_apart(files, also)
    return [
        ImageFile(path, name, is_named)
        for (path, is_named), name in zip(found.values(), names, strict=True)
    ]


def _meant_by(path: Path) -> list[tuple[Path, bool]]:
    if path.is_dir():
        inside = [one for one in path.rglob("*") if _is_image(one, path)]
        if not inside:
            raise InputError(f"There are no images in the folder {path}.")
        return [(one, False) for one in sorted(inside, key=lambda one: natural_key(str(one)))]
    if path.exists():
        return [(path, True)]
    if glob.has_magic(str(path)):
        inside = [Path(one) for one in glob.glob(str(path), recursive=True)]  # noqa: PTH207
        inside = [one for one in inside if one.is_file() and is_image_name(one.name)]
        if not inside:
            raise InputError(f"The pattern '{path}' finds no images.")
        return [(one, False) for one in sorted(inside, key=lambda one: natural_key(str(one)))]
    raise InputError(f"There is no file or folder '{path}'.")


def _is_image(path: Path, root: Path) -> bool:
    name = path.relative_to(root).as_posix()
    return is_image_name(name) and not is_hidden(name) and path.is_file()


def _common(folders: list[Path]) -> str:
    return os.path.commonpath([os.path.abspath(folder) for folder in folders])  # noqa: PTH100
