"""One door for every source of images."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

from kmosaic._errors import InputError
from kmosaic._events import Listener, Progress, silent
from kmosaic._paths import expanded
from kmosaic.data.decode import MAX_PIXELS
from kmosaic.data.folder import is_folder, read_folder
from kmosaic.data.idx_sets import is_idx_file, is_idx_folder, read_idx_file, read_idx_folder
from kmosaic.data.items import Items
from kmosaic.data.known_labels import as_labels
from kmosaic.data.label_csv import labeled_by_csv
from kmosaic.data.names import is_image_name
from kmosaic.data.numpy_files import is_npy, is_npz, load_arrays
from kmosaic.data.plain import as_items, items_of
from kmosaic.data.reader import Reader, Reading
from kmosaic.data.tars import is_tar, read_tar
from kmosaic.data.zips import is_zip, read_zip


def _read_numpy(reading: Reading) -> Items:
    loaded = load_arrays(reading.path, reading.source)
    return items_of(loaded.rows, loaded.labels, reading.source)


# The first that matches reads. A new kind of source is a file and a line here.
READERS: dict[str, Reader] = {
    "a folder of IDX files": Reader(is_idx_folder, read_idx_folder),
    "a folder of images": Reader(is_folder, read_folder),
    "a .zip archive": Reader(is_zip, read_zip),
    "a .tar archive (.tar.gz, .tar.bz2, .tar.xz)": Reader(is_tar, read_tar),
    "a .npy array": Reader(is_npy, _read_numpy),
    "an .npz file": Reader(is_npz, _read_numpy),
    "an IDX file": Reader(is_idx_file, read_idx_file),
}


def open_images(
    source: Any,
    *,
    labels: Any = "auto",
    max_pixels: int = MAX_PIXELS,
    on_progress: Listener = silent,
) -> Items:
    """Images from a folder, an archive, a file of arrays, or memory, as items that decode lazily.

    source: a folder tree (PNG, JPEG, WebP, GIF, BMP, TIFF at any depth), a .zip or .tar of such,
    an IDX file or a folder of them, a .npy or .npz, or what `as_items` takes. labels: "auto" takes
    the names of parent folders, an IDX labels file or the labels in an .npz, where there are any;
    "none" takes none; a path is a CSV of `path,label`; a list has one label for each item.
    max_pixels: files with more are skipped. Raises InputError for a source that is not there,
    cannot be read or holds no image.

    >>> import numpy as np
    >>> len(open_images(np.zeros((5, 8, 8), np.uint8)))
    5
    """
    if isinstance(max_pixels, bool) or not isinstance(max_pixels, int) or max_pixels < 1:
        raise InputError(f"max_pixels must be a whole number of pixels from 1, not {max_pixels!r}.")
    source, labels = expanded(source), expanded(labels)
    if isinstance(source, str | os.PathLike):
        items = _read_path(Path(source), str(source), max_pixels, on_progress)
    else:
        items = as_items(source)
    on_progress(Progress("images", len(items), len(items), "images"))
    return _labeled(items, labels, source)


def _read_path(path: Path, source: str, max_pixels: int, on_progress: Listener) -> Items:
    reading = Reading(path, source, max_pixels, on_progress)
    try:
        if not path.exists():
            raise InputError(f"There is no file or folder {source!r}.")
        if path.is_file():
            path.open("rb").close()  # no permission is told before any reader guesses
        for reader in READERS.values():
            if reader.matches(path):
                return reader.read(reading)
    except OSError as error:
        raise InputError(f"{source} cannot be read: {error.strerror or error}.") from error
    if is_image_name(path.name):
        raise InputError(
            f"{source} is a single image, and there is nothing to group in it. "
            f"Give the folder that holds it: {path.parent}"
        )
    raise InputError(
        f"{source} is none of what can be read: {', '.join(READERS)}. "
        "Tables (CSV, Parquet) are for kmosaic choose-k and kmosaic anomalies."
    )


def _labeled(items: Items, labels: Any, source: Any) -> Items:
    if isinstance(labels, str) and labels == "auto":
        return items
    if labels is None or (isinstance(labels, str) and labels == "none"):
        return items.with_labels(None)
    if not isinstance(labels, str | os.PathLike):
        return items.with_labels(as_labels(labels, len(items)))
    root = Path(source) if isinstance(source, str | os.PathLike) else None
    known, note = labeled_by_csv(items, Path(labels), root)
    labeled = cast(Any, items.with_labels(known))  # every Items here is a dataclass
    return cast(Items, replace(labeled, notes=(*items.notes, note)))
