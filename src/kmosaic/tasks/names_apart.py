"""Names of results in one folder, of which no two write the same file."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from kmosaic._store.answers import ANSWER
from kmosaic._store.mark import MARK
from kmosaic.palette.encoding import FORMATS
from kmosaic.report.compressed import PAGE

_OWN = (ANSWER, PAGE, MARK)


def names_apart(files: Sequence[str], also: str | None = None) -> list[str]:
    """A name without ending for the result of each file: its own, or its whole name if that is not
    enough, or with a number.

    files: as they lie below a folder, parted by /. also: the ending of a file beside each. A result
    ends as its format does or, if it is kept, as the file; none is what the folder itself writes,
    one of its folders, or the same where upper and lower case are.

    >>> names_apart(["a.png", "b.png", "b.bmp"]), names_apart(["answer.png"], ".json")
    (['a', 'b.png', 'b.bmp'], ['answer.png'])
    """
    taken = {_folded(name) for name in (*_OWN, *_folders(files))}
    steps = [0] * len(files)
    while True:
        names = [_name(file, step) for file, step in zip(files, steps, strict=True)]
        clashing = [
            number
            for number, (file, name) in enumerate(zip(files, names, strict=True))
            if any(_folded(name + ending) in taken for ending in _endings(file, also))
        ]
        clashing += _repeated(names, steps)
        if not clashing:
            return names
        for number in set(clashing):
            steps[number] += 1


def _repeated(names: list[str], steps: list[int]) -> list[int]:
    """Those of the same name that must have another one."""
    places = defaultdict(list)
    for number, name in enumerate(names):
        places[_folded(name)].append(number)
    found = []
    for same in places.values():
        if len(same) > 1:
            short = [number for number in same if not steps[number]]
            found += short or same[1:]
    return found


def _name(file: str, step: int) -> str:
    if not step:
        folder, parted, name = file.rpartition("/")
        return folder + parted + (name.rpartition(".")[0] or name)
    return file if step == 1 else f"{file}-{step}"


def _endings(file: str, also: str | None) -> list[str]:
    """How what is written of a file may end."""
    all_there_may_be = (*(f".{format}" for format in FORMATS), Path(file).suffix, also)
    return [ending for ending in all_there_may_be if ending]


def _folders(files: Sequence[str]) -> set[str]:
    found = set()
    for file in files:
        folder = file.rpartition("/")[0]
        while folder:
            found.add(folder)
            folder = folder.rpartition("/")[0]
    return found


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()
