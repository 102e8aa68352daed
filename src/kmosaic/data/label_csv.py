"""Known labels from a CSV of `path,label`."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path
from unicodedata import normalize

from kmosaic._cells import from_cell
from kmosaic._errors import InputError
from kmosaic.data.items import Items
from kmosaic.data.known_labels import Labels, objects
from kmosaic.data.tables import table_reader

_PATH_HEADERS = ("path", "file", "filename", "file_name", "image", "image_id", "id", "name")
_LABEL_HEADERS = ("label", "labels", "class", "category", "target", "y")


class _Finder:
    """Positions of items by their paths, as a person or another program may write them."""

    def __init__(self, ids: Sequence[str], root: Path | None) -> None:
        self._exact = {one: position for position, one in enumerate(ids)}
        # é is one character or two (macOS), and both look the same: taken if only one item is meant
        composed = [normalize("NFC", one) for one in ids]
        count = Counter(composed)
        self._composed = {one: at for at, one in enumerate(composed) if count[one] == 1}
        roots = () if root is None else (root.as_posix(), root.absolute().as_posix(), root.name)
        self._starts = ("", *(f"{one}/" for one in roots))

    def find(self, path: str) -> int | None:
        """The position of the item that a path means, or None."""
        slashed = path.replace("\\", "/").removeprefix("./")
        spellings = [from_cell(path), path]
        spellings += [slashed[len(one) :] for one in self._starts if slashed.startswith(one)]
        for known, form in ((self._exact, str), (self._composed, partial(normalize, "NFC"))):
            for one in map(form, spellings):
                if one in known:
                    return known[one]
        return None


def labeled_by_csv(items: Items, file: Path, root: Path | None = None) -> tuple[Labels, str]:
    """Labels of the items by a CSV of `path,label`, and a sentence on how well the two fit.

    A first line that names the columns is optional; with it, other columns may stand between.
    Semicolons or tabs may stand for the commas. Paths are the items' ids; those that begin with
    the source folder itself are taken too. Raises InputError if the file is no such table, names
    no image, or gives one image two labels.
    """
    finder = _Finder(items.ids, root)
    labels: list[str | None] = [None] * len(items)
    line_of: dict[int, int] = {}
    strangers: list[str] = []
    for line, path, label in _rows(file, finder):
        position = finder.find(path)
        if position is None:
            strangers.append(path)
            continue
        if line_of.setdefault(position, line) != line and labels[position] != (label or None):
            raise InputError(
                f"{file}, line {line}: {path!r} gets the label {label!r}, but line "
                f"{line_of[position]} gave it {labels[position]!r}. Remove one of the two."
            )
        labels[position] = label or None
    if not line_of:
        raise InputError(
            f"{file} names no image of {items.source}: it has {strangers[0]!r}, the images have "
            f"names like {items.ids[0]!r}. Write one 'path,label' a line."
            if strangers
            else f"{file} holds no labels. Write one 'path,label' a line."
        )
    return objects(labels), _fit(file, labels, strangers)


def _fit(file: Path, labels: Sequence[str | None], strangers: Sequence[str]) -> str:
    n_known = sum(label is not None for label in labels)
    sentence = f"{file.name} labels {n_known:,} of {len(labels):,} images"
    if strangers:
        sentence += f"; {len(strangers):,} of its paths are no image here, such as {strangers[0]!r}"
    return f"{sentence}."


def _rows(file: Path, finder: _Finder) -> Iterable[tuple[int, str, str]]:
    try:
        with file.open(encoding="utf-8-sig", newline="") as text:
            reader = table_reader(text)
            table = [(reader.line_num, row) for row in reader if any(row)]
    except FileNotFoundError:
        raise InputError(f"There is no labels file {file}.") from None
    except UnicodeDecodeError:
        raise InputError(
            f"The labels file {file} is not UTF-8 text. Save it as CSV in UTF-8."
        ) from None
    except (OSError, csv.Error) as error:
        raise InputError(f"The labels file {file} cannot be read as a CSV: {error}.") from None
    path_at, label_at, skip = _columns(table[0][1], finder) if table else (0, 1, 0)
    for line, row in table[skip:]:
        if len(row) <= max(path_at, label_at):
            raise InputError(
                f"{file}, line {line}: expected 'path,label', found {','.join(row)!r}. "
                "Part path and label by a comma, a semicolon or a tab."
            )
        yield line, row[path_at].strip(), from_cell(row[label_at].strip())


def _columns(first: list[str], finder: _Finder) -> tuple[int, int, int]:
    """Where path and label stand, and how many lines the header takes."""
    titles = [title.strip().lower() for title in first]
    path_at = next((titles.index(one) for one in _PATH_HEADERS if one in titles), None)
    label_at = next((titles.index(one) for one in _LABEL_HEADERS if one in titles), None)
    if path_at is None or label_at is None or finder.find(first[path_at].strip()) is not None:
        return 0, 1, 0
    return path_at, label_at, 1
