"""Names of image files: which are images, which are hidden, and their natural order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from pathlib import PurePosixPath, PureWindowsPath
from typing import Any

from natsort import natsort_keygen, ns

_JPEG = (".jpg", ".jpeg", ".jpe", ".jfif")
IMAGE_SUFFIXES = frozenset([".png", *_JPEG, ".webp", ".gif", ".bmp", ".dib", ".tif", ".tiff"])

_natural = natsort_keygen(alg=ns.IGNORECASE)
_natural_folder = lru_cache(maxsize=65536)(_natural)


def is_image_name(name: str) -> bool:
    """Tell by its suffix whether a file should be an image.

    >>> is_image_name("IMG_1.JPG"), is_image_name("notes.txt")
    (True, False)
    """
    return PurePosixPath(name).suffix.lower() in IMAGE_SUFFIXES


def is_hidden(name: str) -> bool:
    """Tell whether any part of a path is hidden, or put there by an operating system.

    >>> is_hidden("cats/.thumbs/a.png"), is_hidden("./cats/a.png")
    (True, False)
    """
    parts = PurePosixPath(name).parts
    return any(part == "__MACOSX" or (part[0] == "." and part != "..") for part in parts)


def natural_key(path: str) -> tuple[Any, ...]:
    """The key that sorts paths as people count: folder by folder, 2 before 10, case ignored.

    >>> sorted(["b/10.png", "b/2.png", "A/3.png"], key=natural_key)
    ['A/3.png', 'b/2.png', 'b/10.png']
    """
    *folders, name = path.split("/")
    return (*map(_natural_folder, folders), _natural(name)), path  # the path decides between a, A


def clean_id(name: str) -> str:
    r"""An id that can be written as UTF-8, whatever bytes the file's name is made of.

    >>> clean_id("caf\udce9.png")
    'caf\\xe9.png'
    """
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    return name


def why_unsafe(name: str) -> str | None:
    """Why a name inside an archive is refused, or None if it stays inside.

    >>> why_unsafe("../../etc/a.png")
    "its name leads out of the archive ('..')"
    """
    windows = PureWindowsPath(name)
    if name.startswith("/") or windows.drive or windows.root:
        return "its name is an absolute path"
    if ".." in windows.parts:
        return "its name leads out of the archive ('..')"
    return None


def ignored_note(names: Iterable[str]) -> tuple[str, ...]:
    """The sentence on files that are no images, if there are any.

    >>> ignored_note(["a.txt", "b.TXT", "README"])
    ('3 other files were ignored (2 .txt, 1 without suffix).',)
    """
    kinds = Counter(PurePosixPath(name).suffix.lower() or "without suffix" for name in names)
    if not kinds:
        return ()
    most = ", ".join(f"{count} {kind}" for kind, count in kinds.most_common(5))
    total = sum(kinds.values())
    files = "other file was" if total == 1 else "other files were"
    return (f"{total:,} {files} ignored ({most}{', …' if len(kinds) > 5 else ''}).",)
