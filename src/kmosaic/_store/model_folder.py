"""A saved model: model.json and files of arrays in a folder, each checked before it is believed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load as from_safetensors
from safetensors.numpy import save as to_safetensors

from kmosaic._errors import InputError, MissingExtraError, ModelError
from kmosaic._paths import expanded
from kmosaic._store.card import card_text, read_card
from kmosaic._store.files import whole_file
from kmosaic._store.layout import CARD, CURE, Arrays, Layout, Parts
from kmosaic._store.whole_folder import check_out, whole_folder

# Bytes: generous for any honest model, and little enough that a false one cannot fill the memory.
_LONGEST_JSON = 64 * 2**20
_LARGEST_FILE = 4 * 2**30


def write_parts(parts: Parts, folder: Path) -> None:
    """Write a model's files, all or none; only a folder that holds a model is replaced.

    Raises InputError where the folder holds anything else, or there is too much to write.
    """
    contents = {name: _packed(parts.arrays[name]) for name in parts.layout.files}
    seals = {name: _seal(content) for name, content in contents.items()}
    contents[CARD] = card_text(parts.layout, parts.facts, seals)
    for name, content in contents.items():
        if len(content) > (limit := _limit(name)):
            raise InputError(f"The model is too large to save: {name} would be over {limit} bytes.")
    _check_place(folder)
    with whole_folder(folder) as part:
        for name, content in contents.items():
            with whole_file(part / name) as file:
                file.write(content)


def read_parts(folder: Path, *layouts: Layout) -> Parts:
    """Read the files of a model that has one of these layouts, or raise ModelError."""
    folder = Path(expanded(folder))
    if not folder.is_dir():
        raise ModelError(f"There is no model folder {folder}. Give the folder that holds {CARD}.")
    layout, card = read_card(_read(folder / CARD), folder / CARD, layouts)
    arrays = {name: _read_arrays(folder / name, card["files"][name]) for name in layout.files}
    return Parts(layout, {key: card[key] for key in layout.facts}, arrays)


@contextmanager
def holding_together(folder: Path) -> Iterator[None]:
    """Turn what goes wrong while an object is made of parts that were read into a ModelError."""
    try:
        yield
    except (MissingExtraError, ModelError):
        raise
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError) as error:
        raise ModelError(f"The model in {folder} does not hold together: {error} {CURE}") from error


def _check_place(folder: Path) -> None:
    """Raise InputError if the folder holds anything but a model, such as a run's results."""
    check_out(folder)
    place = Path(expanded(folder))
    if place.is_dir() and not (place / CARD).is_file():
        raise InputError(
            f"{folder} was made by kmosaic, but holds no model to replace: choose another name, or "
            "remove it."
        )


def _read_arrays(path: Path, seal: Any) -> Arrays:
    content = _read(path)
    if seal != _seal(content):
        raise ModelError(f"{path} is damaged or was changed: its checksum differs. {CURE}")
    try:
        # Copies, since what is read in place is not writable and not aligned.
        return {name: np.array(array) for name, array in from_safetensors(content).items()}
    except (SafetensorError, ValueError, TypeError, KeyError) as error:
        raise ModelError(f"{path} is no safetensors file: {error}. {CURE}") from None


def _read(path: Path) -> bytes:
    try:
        if not path.is_file():
            raise ModelError(_missing(path))
        size, limit = path.stat().st_size, _limit(path.name)
        if size > limit:
            raise ModelError(f"{path} has {size} bytes, over the limit of {limit}. {CURE}")
        return path.read_bytes()
    except ModelError:
        raise
    except OSError as error:
        raise ModelError(f"{path} cannot be read: {error.strerror}.") from None


def _missing(path: Path) -> str:
    inside = path.parent / "model"
    if path.name == CARD and (inside / CARD).is_file():  # the folder of results was meant
        return f"{path.parent} is no saved model, but holds one: use {inside}"
    return f"{path} is missing: the model is not whole. {CURE}"


def _limit(name: str) -> int:
    return _LONGEST_JSON if name == CARD else _LARGEST_FILE


def _packed(arrays: Arrays) -> bytes:
    # safetensors writes the memory as it lies, so it must lie in order.
    content: bytes = to_safetensors({k: np.require(v, requirements="C") for k, v in arrays.items()})
    return content


def _seal(content: bytes) -> dict[str, Any]:
    return {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
