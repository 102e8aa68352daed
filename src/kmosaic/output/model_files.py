"""The three files of a saved model: data only, each checked before it is believed.

model.json      facts, the version of this layout, and size and SHA-256 of each file, its own too
centers.safetensors      centers (P, d), owners (P,)
features.safetensors     whatever the feature extractor learned
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from safetensors import SafetensorError
from safetensors.numpy import load as from_safetensors
from safetensors.numpy import save as to_safetensors

from kmosaic._errors import InputError, ModelError
from kmosaic.output.files import whole_file
from kmosaic.output.whole_folder import whole_folder

FORMAT = "kmosaic model"
VERSION = 1
CURE = "Get the model again from where it came, or make it again."

_JSON, _CENTERS, _FEATURES = "model.json", "centers.safetensors", "features.safetensors"
_FACTS = {"n_clusters": int, "names": dict, "extractor": dict, "settings": dict}
_KEYS = {"format", "version", "files", "checksum", *_FACTS}
# Bytes: generous for any honest model, and little enough that a false one cannot fill the memory.
_LONGEST_JSON = 64 * 2**20
_LARGEST_FILE = 4 * 2**30


@dataclass(frozen=True, eq=False)
class Parts:
    """What a model consists of, as plain values and arrays."""

    facts: dict[str, Any]  # the keys of _FACTS
    centers: dict[str, npt.NDArray[Any]]
    features: dict[str, npt.NDArray[Any]]


def write_parts(parts: Parts, folder: Path) -> None:
    """Write a model's files, all or none."""
    contents = {_CENTERS: _packed(parts.centers), _FEATURES: _packed(parts.features)}
    card = {
        "format": FORMAT,
        "version": VERSION,
        **_plain(parts.facts),
        "files": {name: _seal(content) for name, content in contents.items()},
    }
    card["checksum"] = _checksum(card)
    # Readable letters, but an escape for what UTF-8 cannot hold (file names in other encodings).
    text = json.dumps(card, indent=1, ensure_ascii=False) + "\n"
    contents[_JSON] = text.encode("utf-8", "backslashreplace")
    if len(contents[_JSON]) > _LONGEST_JSON:
        raise InputError(f"The model's settings are too large to save: over {_LONGEST_JSON} bytes.")
    with whole_folder(folder) as part:
        for name, content in contents.items():
            with whole_file(part / name) as file:
                file.write(content)


def read_parts(folder: Path) -> Parts:
    """Read a model's files, or raise ModelError."""
    if not folder.is_dir():
        raise ModelError(f"There is no model folder {folder}. Give the folder that holds {_JSON}.")
    card = _read_card(folder / _JSON)
    arrays = {name: _read_arrays(folder / name, seal) for name, seal in card["files"].items()}
    return Parts({key: card[key] for key in _FACTS}, arrays[_CENTERS], arrays[_FEATURES])


def _read_card(path: Path) -> dict[str, Any]:
    text = _read(path, _LONGEST_JSON)
    try:
        card = json.loads(text, object_pairs_hook=_no_key_twice, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise ModelError(f"{path} is not what kmosaic wrote: {error}. {CURE}") from None
    if not isinstance(card, dict) or card.get("format") != FORMAT:
        raise ModelError(f"{path} does not describe a kmosaic model. {CURE}")
    version = card.get("version")
    if type(version) is not int or version != VERSION:
        newer = type(version) is int and version > VERSION
        cure = "Update kmosaic: pip install --upgrade kmosaic" if newer else CURE
        raise ModelError(
            f"{path} is of version {version!r}, and this kmosaic reads version {VERSION}. {cure}"
        )
    _check_keys(card, path)
    if card["checksum"] != _checksum(card):
        raise ModelError(f"{path} was changed after it was written. {CURE}")
    return card


def _check_keys(card: dict[str, Any], path: Path) -> None:
    unlike = sorted(set(card) ^ _KEYS)
    if unlike:
        which = "unknown" if unlike[0] in card else "missing"
        raise ModelError(f"{path}: {unlike[0]!r} is {which}. {CURE}")
    for key, kind in _FACTS.items():
        if type(card[key]) is not kind:
            raise ModelError(f"{path}: {key!r} is not of the kind {kind.__name__}. {CURE}")
    # The names of the files are ours alone, so a model cannot make us read anything else.
    files = card["files"]
    if not isinstance(files, dict) or set(files) != {_CENTERS, _FEATURES}:
        raise ModelError(f"{path}: 'files' must list {_CENTERS} and {_FEATURES}. {CURE}")


def _read_arrays(path: Path, seal: Any) -> dict[str, npt.NDArray[Any]]:
    content = _read(path, _LARGEST_FILE)
    if seal != _seal(content):
        raise ModelError(f"{path} is damaged or was changed: its checksum differs. {CURE}")
    try:
        # Copies, since what is read in place is not writable and not aligned.
        return {name: np.array(array) for name, array in from_safetensors(content).items()}
    except (SafetensorError, ValueError, TypeError, KeyError) as error:
        raise ModelError(f"{path} is no safetensors file: {error}. {CURE}") from None


def _missing(path: Path) -> str:
    inside = path.parent / "model"
    if path.name == _JSON and (inside / _JSON).is_file():  # the folder of results was meant
        return f"{path.parent} is no saved model, but holds one: use {inside}"
    return f"{path} is missing: the model is not whole. {CURE}"


def _read(path: Path, limit: int) -> bytes:
    try:
        if not path.is_file():
            raise ModelError(_missing(path))
        size = path.stat().st_size
        if size > limit:
            raise ModelError(f"{path} has {size} bytes, over the limit of {limit}. {CURE}")
        return path.read_bytes()
    except ModelError:
        raise
    except OSError as error:
        raise ModelError(f"{path} cannot be read: {error.strerror}.") from None


def _packed(arrays: dict[str, npt.NDArray[Any]]) -> bytes:
    # safetensors writes the memory as it lies, so it must lie in order.
    content: bytes = to_safetensors({k: np.ascontiguousarray(v) for k, v in arrays.items()})
    return content


def _seal(content: bytes) -> dict[str, Any]:
    return {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def _checksum(card: dict[str, Any]) -> str:
    """Of everything in the card but the checksum itself, however the JSON is laid out."""
    rest = {key: value for key, value in card.items() if key != "checksum"}
    return hashlib.sha256(json.dumps(rest, sort_keys=True).encode()).hexdigest()


def _plain(facts: dict[str, Any]) -> dict[str, Any]:
    """The facts as JSON holds them; InputError if it cannot."""
    try:
        plain: dict[str, Any] = json.loads(json.dumps(facts, default=_as_plain, allow_nan=False))
    except (TypeError, ValueError) as error:
        raise InputError(f"A model holds plain values only: {error}.") from None
    return plain


def _as_plain(value: Any) -> Any:
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, Path):
        return str(value)
    raise TypeError(f"{value!r} is not plain")


def _no_key_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({key for key, _ in pairs}) != len(pairs):
        raise ValueError("a key stands twice")
    return dict(pairs)


def _no_constant(text: str) -> Any:
    raise ValueError(f"{text} is no number")
