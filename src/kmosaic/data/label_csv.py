"""Known labels from a CSV of `path,label`."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

from kmosaic._cells import from_cell
from kmosaic._errors import InputError
from kmosaic.data.items import Items
from kmosaic.data.known_labels import Labels, objects

_PATH_HEADERS = ("path", "file", "filename", "file_name", "image", "image_id", "id", "name")
_LABEL_HEADERS = ("label", "labels", "class", "category", "target", "y")


def labeled_by_csv(items: Items, file: Path, root: Path | None = None) -> tuple[Labels, str]:
    """Labels of the items by a CSV of `path,label`, and a sentence on how well the two fit.

    A first line that names the columns is optional; with it, other columns may stand between.
    Paths are the items' ids; those that begin with the source folder itself are taken too. Raises
    InputError if the file is no such table, names no image, or gives one image two labels.
    """
    known = {one: position for position, one in enumerate(items.ids)}
    labels: list[str | None] = [None] * len(items)
    line_of: dict[int, int] = {}
    strangers: list[str] = []
    for line, path, label in _rows(file, known, root):
        position = _find(path, known, root)
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


def _rows(file: Path, known: dict[str, int], root: Path | None) -> Iterable[tuple[int, str, str]]:
    try:
        with file.open(encoding="utf-8-sig", newline="") as text:
            reader = csv.reader(text)
            table = [(reader.line_num, row) for row in reader if any(row)]
    except FileNotFoundError:
        raise InputError(f"There is no labels file {file}.") from None
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(
            f"The labels file {file} cannot be read as a UTF-8 CSV: {error}."
        ) from None
    path_at, label_at, skip = _columns(table[0][1], known, root) if table else (0, 1, 0)
    for line, row in table[skip:]:
        if len(row) <= max(path_at, label_at):
            raise InputError(
                f"{file}, line {line}: expected 'path,label', found {','.join(row)!r}."
            )
        yield line, row[path_at].strip(), from_cell(row[label_at].strip())


def _columns(first: list[str], known: dict[str, int], root: Path | None) -> tuple[int, int, int]:
    """Where path and label stand, and how many lines the header takes."""
    titles = [title.strip().lower() for title in first]
    path_at = next((titles.index(one) for one in _PATH_HEADERS if one in titles), None)
    label_at = next((titles.index(one) for one in _LABEL_HEADERS if one in titles), None)
    if (
        path_at is None
        or label_at is None
        or _find(first[path_at].strip(), known, root) is not None
    ):
        return 0, 1, 0
    return path_at, label_at, 1


def _find(path: str, known: dict[str, int], root: Path | None) -> int | None:
    for one in (from_cell(path), path):
        if one in known:
            return known[one]
    path = path.replace("\\", "/").removeprefix("./")
    if root is not None:
        for start in (f"{root.as_posix()}/", f"{root.absolute().as_posix()}/", f"{root.name}/"):
            if path.startswith(start) and path[len(start) :] in known:
                return known[path[len(start) :]]
    return known.get(path)
