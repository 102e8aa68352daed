"""Sets of IDX files: images with their labels, train and test together."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from kmosaic._errors import InputError
from kmosaic.data.idx import load_idx, looks_like_idx
from kmosaic.data.items import Items
from kmosaic.data.known_labels import Labels, as_labels
from kmosaic.data.names import natural_key
from kmosaic.data.plain import items_of
from kmosaic.data.reader import Reading

_IMAGES = re.compile(r"images?([-._])idx[34]", re.IGNORECASE)


def is_idx_folder(path: Path) -> bool:
    """Tell whether a folder holds IDX files of images."""
    return path.is_dir() and bool(_image_files(path))


def read_idx_folder(reading: Reading) -> Items:
    """All image files of an IDX folder as one set, train before test.

    The four files of MNIST give 60,000 + 10,000 images in this order, which is also OpenML's.
    """
    return _read(_in_order(_image_files(reading.path), reading), reading)


def read_idx_file(reading: Reading) -> Items:
    """One IDX file of images, with the labels file beside it if there is one."""
    return _read([reading.path], reading)


def is_idx_file(path: Path) -> bool:
    """Tell whether this reader is the one for the path."""
    return path.is_file() and looks_like_idx(path)


def _image_files(folder: Path) -> list[Path]:
    try:
        files = [one for one in folder.iterdir() if _IMAGES.search(one.name) and one.is_file()]
    except OSError:
        return []
    by_name = {one.name.removesuffix(".gz"): one for one in files if one.suffix == ".gz"}
    by_name.update({one.name: one for one in files if one.suffix != ".gz"})  # needs no unpacking
    return sorted(by_name.values(), key=lambda one: natural_key(one.name))


def _in_order(files: list[Path], reading: Reading) -> list[Path]:
    train = [one for one in files if "train" in one.name.lower()]
    test = [one for one in files if one not in train]
    if len(train) > 1 or len(test) > 1:
        names = ", ".join(one.name for one in files)
        raise InputError(
            f"The folder {reading.source} holds more than one set of IDX files ({names}). "
            "Give one of the files."
        )
    return train + test


def _read(files: Sequence[Path], reading: Reading) -> Items:
    arrays = [_images(file) for file in files]
    shapes = {array.shape[1:] for array in arrays}
    if len(shapes) > 1:
        raise InputError(
            f"The IDX files in {reading.source} hold images of different sizes {sorted(shapes)}. "
            "Give one of the files."
        )
    labels = [_labels(file, len(array)) for file, array in zip(files, arrays, strict=True)]
    images = arrays[0] if len(arrays) == 1 else np.concatenate(arrays)
    known = np.concatenate(labels) if any(one.any() for one in labels) else None
    return items_of(images, known, reading.source)


def _images(file: Path) -> Any:
    array = load_idx(file)
    if array.ndim < 3:
        what = "labels" if array.ndim == 1 else "rows of numbers"
        raise InputError(f"{file} holds {what}, not images. Give the file of images beside it.")
    return array


def _labels(images: Path, n: int) -> Labels:
    file = _labels_file(images)
    if file is None:
        return np.full(n, None, dtype=object)
    labels = load_idx(file)
    if labels.shape != (n,):
        raise InputError(
            f"{file.name} has {len(labels):,} labels (shape {labels.shape}), but {images.name} has "
            f"{n:,} images. Fetch both again, or move the labels away."
        )
    return as_labels(labels, n)


def _labels_file(images: Path) -> Path | None:
    """`train-images-idx3-ubyte.gz` → `train-labels-idx1-ubyte.gz`, or without `.gz`."""
    found = _IMAGES.search(images.name)
    if found is None:
        return None
    start, end = images.name[: found.start()], images.name[found.end() :].removesuffix(".gz")
    plain = images.with_name(f"{start}labels{found.group(1)}idx1{end}")
    packed = plain.with_name(f"{plain.name}.gz")
    return next((one for one in (plain, packed) if one.is_file()), None)
